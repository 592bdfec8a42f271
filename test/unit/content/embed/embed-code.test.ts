import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createPayload,
  describeSize,
  type EmbedPayload,
  encodePayload,
  MAX_PAYLOAD_BYTES,
  measurePayload,
  missingFeatures,
  scriptTag,
} from '../../../../src/content/embed/embed-code.ts';
import { tokenize } from '../../../../src/content/html/rich-tokens.ts';
import { unreadableIn } from '../../../../src/content/text/characters.ts';
import { decodeConfig, HOSTILE_TEXTS } from '../../../support/embeds.ts';
import { embed, embedFields, GUIDE_WIDGET } from '../../../support/guides/embed.ts';

const OCCASION = {
  widgetId: GUIDE_WIDGET,
  environment: 'us-east-1',
  generatedAt: new Date('2026-03-01T09:30:00.789Z'),
};
const SRC = `https://api.mypurecloud.com/api/v2/messaging/webmessaging/widgets/${GUIDE_WIDGET}/script`;

describe('the payload', () => {
  test('has the documented fields in their order, and the time to the second', () => {
    const payload = createPayload(embed(), OCCASION);
    expect(Object.entries(payload)).toEqual([
      ['widgetId', GUIDE_WIDGET],
      ['environment', 'us-east-1'],
      ...Object.entries(embedFields),
      ['generatedAt', '2026-03-01T09:30:00Z'],
      ['version', '2.1'],
    ]);
  });

  test('has the flattened attributes, and the unchanged theme', () => {
    const content = embed({
      customAttributes: { customer: { tier: 'gold' } },
      theme: { launcher: { size: 48 } },
    });
    expect(createPayload(content, OCCASION)).toMatchObject({
      customAttributes: { 'customer.tier': 'gold' },
      theme: { launcher: { size: 48 } },
    });
  });
});

describe('the size of a payload', () => {
  test('counts the bytes of its JSON without white space', () => {
    const payload = createPayload(embed(), OCCASION);
    const written =
      `{"widgetId":"${GUIDE_WIDGET}","environment":"us-east-1",` +
      '"locales":{"en-US":"en","es-ES":"es","fr-FR":"fr"},' +
      '"customAttributes":{"source":"marketing_campaign","priority":"high"},' +
      '"theme":{"primaryColor":"#0056b3","fontFamily":"Inter, sans-serif"},' +
      '"generatedAt":"2026-03-01T09:30:00Z","version":"2.1"}';
    expect(Buffer.from(encodePayload(payload), 'base64').toString()).toBe(written);
    expect(measurePayload(payload).bytes).toBe(written.length);
  });

  test('counts a letter beyond ASCII as an escape: six bytes for each half of a pair', () => {
    const sizeOf = (text: string) =>
      measurePayload(createPayload(embed({ theme: { text } }), OCCASION)).bytes;
    const empty = sizeOf('');
    expect(['a', '"', '\n', 'é', '漢', '😀', '\u007f'].map((text) => sizeOf(text) - empty)).toEqual([
      1, 2, 2, 6, 6, 12, 6,
    ]);
  });

  test.for([
    { name: 'at the limit', bytes: MAX_PAYLOAD_BYTES },
    { name: 'below it', bytes: MAX_PAYLOAD_BYTES - 1 },
    { name: 'above it', bytes: MAX_PAYLOAD_BYTES + 1 },
  ])('is exact $name', ({ bytes }) => {
    const payload = payloadOf(bytes);
    expect(measurePayload(payload).bytes).toBe(bytes);
    expect(Buffer.from(encodePayload(payload), 'base64')).toHaveLength(bytes);
  });

  test('is reported with the bytes of each part, the largest first', () => {
    const size = measurePayload(payloadOf(40_000));
    expect(describeSize(size)).toBe(
      `40000: customAttributes ${size.parts[0]?.bytes}, theme 59, locales 40, the rest 170`,
    );
    expect((size.parts[0]?.bytes ?? 0) + 59 + 40 + 170).toBe(40_000);
  });
});

describe('an encoded payload', () => {
  test.for([...HOSTILE_TEXTS, '\ud800'])('decodes to the same value: %j', (text) => {
    const payload = createPayload(
      embed({ customAttributes: { [text]: text }, theme: { [text]: text } }),
      OCCASION,
    );
    const config = encodePayload(payload);
    expect(decodeConfig(config)).toEqual(payload);
    // A browser decodes bytes only.
    expect(JSON.parse(atob(config))).toEqual(payload);
  });

  test('decodes to the same value, with any content', () => {
    const text = fc.string({ unit: 'binary' });
    const theme = fc.dictionary(text, fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 }));
    const customAttributes = fc.dictionary(
      text,
      fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)),
    );
    fc.assert(
      fc.property(
        text,
        theme,
        customAttributes,
        fc.date({ noInvalidDate: true, min: new Date(0) }),
        (environment, ...parts) => {
          const [theme, customAttributes, generatedAt] = parts;
          const occasion = { widgetId: GUIDE_WIDGET, environment, generatedAt };
          const payload = createPayload({ ...embed(), theme, customAttributes }, occasion);
          // JSON has no -0 and no object without a prototype.
          expect(JSON.parse(atob(encodePayload(payload)))).toEqual(JSON.parse(JSON.stringify(payload)));
          expect(encodePayload(payload)).toMatch(/^[A-Za-z0-9+/]+=*$/);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('the tag', () => {
  test('has the documented form', () => {
    expect(scriptTag(SRC, 'e30=')).toBe(`<script src="${SRC}" data-config="e30=" async defer></script>`);
  });

  test('has exactly the attributes of the job, with any values', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }).filter((each) => unreadableIn(each) === undefined),
      fc.constantFrom(...HOSTILE_TEXTS),
    );
    fc.assert(
      fc.property(text, text, (src, config) => {
        const attributes = { src, 'data-config': config, async: '', defer: '' };
        expect(tagsIn(scriptTag(src, config))).toEqual([{ name: 'script', attributes }]);
      }),
      { numRuns: 1000 },
    );
  });

  test('is closed: the HTML after it is read as usual', () => {
    for (const text of HOSTILE_TEXTS) {
      const page = `${scriptTag(text, text)}<p>behind</p>`;
      expect(tagsIn(page).map(({ name }) => name)).toEqual(['script', 'p']);
    }
  });
});

describe('the features of a widget', () => {
  const ALL = ['webMessagingV2', 'localeFallback', 'customAttributeRouting'];

  test('are complete in any order, and beside others', () => {
    expect(missingFeatures(['coBrowse', ...ALL.toReversed()])).toEqual([]);
  });

  test.for(ALL)('are incomplete without %s', (missing) => {
    expect(missingFeatures(ALL.filter((name) => name !== missing))).toEqual([missing]);
  });

  test('are reported one by one if they are missing, and are case-sensitive', () => {
    expect(missingFeatures([])).toEqual(ALL);
    expect(missingFeatures(ALL.map((name) => name.toLowerCase()))).toEqual(ALL);
    expect(missingFeatures([null, 7, { webMessagingV2: true }])).toEqual(ALL);
  });
});

/** A payload with exactly this number of bytes. */
function payloadOf(bytes: number): EmbedPayload {
  const fill = (length: number) =>
    createPayload(embed({ customAttributes: { note: 'x'.repeat(length) } }), OCCASION);
  return fill(bytes - measurePayload(fill(0)).bytes);
}

/** Every tag of a page with its attributes, as an HTML parser reads them. */
function tagsIn(html: string) {
  return tokenize(html).tokens.flatMap((token) => {
    if (token.kind !== 'start') return [];
    const attributes = Object.fromEntries(token.attributes.map(({ name, value }) => [name, value]));
    return [{ name: token.name, attributes }];
  });
}
