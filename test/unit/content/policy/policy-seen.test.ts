import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createContentPolicy } from '../../../../src/content/policy/policy.ts';
import { cardDelivery } from '../../../../src/jobs/card-delivery.ts';
import { parseJob } from '../../../../src/jobs/define.ts';
import { html, issuesOf, messageOf, plain } from '../../jobs/messages.ts';

const policy = createContentPolicy();
const lookalikes = createContentPolicy(['coupon-[0-9]'], { matchLookalikes: true });

/** Every place where a reader sees a text, with the issues of the policy. */
const PLACES: readonly (readonly [string, (text: string) => string[]])[] = [
  ['plain text', (text) => issuesOf(messageOf({ body: plain(text) }))],
  ['HTML', (text) => issuesOf(messageOf({ body: html(`<p>${text}</p>`) }))],
  ['the title of a card', (text) => cardIssuesOf({ title: text })],
  ['a field of a card', (text) => cardIssuesOf({ note: [{ deeper: text }] })],
];

describe.for(PLACES)('in %s a word is found', ([, issuesIn]) => {
  test.for([
    ['with a soft hyphen in it', 'mal\u00adware.exe'],
    ['with a variation selector in it', 'blocked\ufe0f_keyword'],
    ['with a joiner of graphemes in it', 'blocked\u034f_keyword'],
    ['with a space of no width in it', 'blocked_\u200bkeyword'],
    ['with a word joiner in it', 'blocked_\u2060keyword'],
    ['with a mark of direction in it', 'blocked_\u200ekey\u202eword'],
    ['with a filler of Hangul in it', 'blocked_\u3164key\uffa0word'],
    ['with a tag character in it', 'blocked_\u{e0061}keyword'],
    ['with a selector beyond the first plane', 'blocked_\u{e0100}keyword'],
    ['in full-width letters', 'ｂｌｏｃｋｅｄ＿ｋｅｙｗｏｒｄ'],
    ['in mathematical letters', '𝐛𝐥𝐨𝐜𝐤𝐞𝐝_𝓀𝑒𝓎𝓌𝑜𝓇𝒹'],
    ['in circled letters', 'ⓑⓛⓞⓒⓚⓔⓓ_keyword'],
    ['with a dot that is another one', 'malware․exe'],
    ['with a reference in it', 'malware&#46;exe'],
    ['with a reference without a semicolon in it', 'blocked&#95keyword'],
    ['with an invisible reference in it', 'blocked&shy;_keyword'],
  ])('%s', ([, text = '']) => {
    expect(issuesIn(text).join()).toMatch(/blocked by the pattern/);
  });
});

test('a word is found across tags, on one line or two', () => {
  for (const text of ['mal<b>ware</b>.exe', 'mal<b></b>ware.exe', '<p>mal</p>ware.exe']) {
    expect(policy.violation('text/html', text)).toMatch(/malware/);
    expect(policy.violation('text/plain', text)).toMatch(/malware/);
  }
  const lines = createContentPolicy(['free\\s+money']);
  expect(lines.violation('text/html', 'free<br>money')).toMatch(/free/);
  expect(lines.violation('text/html', '<p>free</p><p>money</p>')).toMatch(/free/);
});

test('the written text is matched as well as the visible text', () => {
  const own = createContentPolicy(['&nbsp;', '\u00ad', 'https?://bad\\.test']);
  expect(own.violation('text/plain', 'a&nbsp;b')).toContain('&nbsp;');
  expect(own.violation('text/plain', 'a\u00adb')).toBeDefined();
  expect(own.violation('text/html', '<a href="&#104;ttps://bad.test">x</a>')).toMatch(/bad/);
});

test('a word is found in any spelling, with invisible characters between its letters', () => {
  const letters = [...'malware.exe'].map((letter) =>
    fc.constantFrom(
      letter,
      letter.toUpperCase(),
      String.fromCharCode(letter.charCodeAt(0) + 0xfee0),
      `&#${letter.charCodeAt(0)};`,
    ),
  );
  const hidden = fc.constantFrom(
    '',
    '',
    '\u00ad',
    '\u200b',
    '\u200d',
    '\ufe0f',
    '\u034f',
    '\u2063',
    '&#8203;',
  );
  const word = fc.tuple(...letters.flatMap((letter) => [letter, hidden])).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(word, fc.constantFrom('text/plain', 'text/html'), (text, type) => {
      expect(policy.violation(type, `see ${text} now`)).toMatch(/malware/);
    }),
    { numRuns: 1000 },
  );
});

describe('lookalikes are matched if the tenant wants it', () => {
  test.for([
    ['Cyrillic', 'mаlwаrе.ехе'],
    ['Greek', 'blοcked_κeywοrd'],
    ['Cyrillic capitals', 'МАLWАRЕ.EХE'],
    ['with strokes and accents', 'm\u0336a\u0301lware.exe'],
    ['small capitals', 'ʙʟᴏᴄᴋᴇᴅ_keyword'],
    ['with strokes that are no marks', 'bløckeđ_keyword'],
    ['in black squares and circles', '🅱🅻🅾🅲🅺🅴🅳_🅚🅔🅨word'],
    ['of flags', '🇲🇦🇱ware.exe'],
    ['with another dash', 'cоupоn–7'],
  ])('%s', ([, text = '']) => {
    expect(lookalikes.violation('text/plain', text)).toMatch(/blocked by the pattern/);
    expect(lookalikes.violation('text/html', `<p>${text}</p>`)).toMatch(/blocked by the pattern/);
    expect(policy.violation('text/plain', text)).toBeUndefined();
  });

  test('ordinary texts in these scripts pass', () => {
    for (const text of ['Привет, как дела?', 'Καλημέρα σας', 'Բարեւ ձեզ', 'Übergrößenträger']) {
      expect(lookalikes.violation('text/plain', text)).toBeUndefined();
    }
  });
});

function cardIssuesOf(fields: Readonly<Record<string, unknown>>): string[] {
  const job = { tenantId: 'acme', conversationId: 'c', template: { id: 't' }, fields };
  const parsed = parseJob(cardDelivery, job, policy);
  return parsed.ok ? [] : parsed.issues.map(({ message }) => message);
}
