import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JOB_KINDS } from '../../../../src/jobs/catalog.ts';
import { shownData, shownLane, shownResult } from '../../../../src/jobs/shown/job.ts';

const SECRET = 'jkqxzjkqxz';
const NUMBER = 424242424242;

describe('the shown data of a job', () => {
  test('has the ids of a message, and lengths in place of its text, its files and their addresses', () => {
    const payload = {
      tenantId: 'acme',
      guestId: 'guest-1',
      conversationId: 'conv-1',
      idempotencyKey: 'order-7',
      body: { contentType: 'text/plain', content: `Hello ${SECRET}` },
      attachments: [
        {
          contentType: 'application/pdf',
          url: `https://files.example/${SECRET}/a.pdf?sig=${SECRET}#${SECRET}`,
          fileName: `${SECRET}.pdf`,
          sizeBytes: 7,
        },
      ],
      callback: { url: `https://hooks.example:8443/${SECRET}?token=${SECRET}`, events: ['failed'] },
      readReceipt: true,
      split: false,
    };

    const shown = shownData('message-transmission', { tenantId: 'acme', payload });

    expect(shown).toEqual({
      tenantId: 'acme',
      payload: {
        ...payload,
        body: { contentType: 'text/plain', content: '(16 characters)' },
        attachments: [
          {
            contentType: 'application/pdf',
            url: 'https://files.example/…',
            fileName: '(14 characters)',
            sizeBytes: 7,
          },
        ],
        callback: { url: 'https://hooks.example:8443/…', events: ['failed'] },
      },
    });
  });

  test('has the fields that Redis does not keep, because they equal their defaults', () => {
    const stored = { tenantId: 'acme', payload: { guestId: 'guest-1', conversationId: 'conv-1' } };

    expect(shownData('message-transmission', stored)).toMatchObject({
      payload: {
        tenantId: 'acme',
        conversationId: 'conv-1',
        attachments: [],
        readReceipt: true,
        split: false,
      },
    });
  });

  test('has neither numbers of a card nor names of its fields', () => {
    const payload = {
      tenantId: 'acme',
      conversationId: 'c',
      template: { id: 't' },
      truncate: false,
      fields: { title: SECRET, [SECRET]: NUMBER, nested: [{ [SECRET]: true }] },
      components: [{ type: SECRET, [SECRET]: [NUMBER] }],
    };

    const shown = shownData('card-delivery', { tenantId: 'acme', payload });

    expect(shown).toEqual({
      tenantId: 'acme',
      payload: {
        tenantId: 'acme',
        conversationId: 'c',
        template: { id: 't' },
        truncate: false,
        fields: {
          'field 1': '(10 characters)',
          'field 2': '(number)',
          'field 3': [{ 'field 1': '(boolean)' }],
        },
        components: [{ 'field 1': '(10 characters)', 'field 2': ['(number)'] }],
      },
    });
  });

  test('has the paths of changes, and neither the old values nor the new ones', () => {
    const changes = [
      { path: ['greetings', 'messages'], from: [SECRET], to: [`${SECRET} new`] },
      { path: ['features', 'flags', SECRET], from: NUMBER },
    ];
    const report = { organizationId: 'org-1', status: 'updated', versionBefore: 3, changes };

    const shown = shownResult({ status: 'completed', organizations: [report], payload: { a: SECRET } });

    expect(shown).toMatchObject({
      status: 'completed',
      organizations: [
        {
          organizationId: 'org-1',
          versionBefore: 3,
          changes: [
            { path: ['greetings', 'messages'], from: ['(10 characters)'], to: ['(14 characters)'] },
            { path: ['features', 'flags', '(10 characters)'], from: '(number)' },
          ],
        },
      ],
    });
    expect(JSON.stringify(shown)).not.toContain(SECRET);
  });

  test('has the names of fields that operators must read, and no other names', () => {
    const shown = shownResult({
      ignored: ['configuration.fontSizePx', `configuration.featureFlags.${SECRET}`, 'launcher.position'],
      warnings: [
        'widget.theme.headerTextColor: expected a contrast of at least 4.5 to headerBackgroundColor, got 2.1',
        SECRET,
      ],
      replication: { status: 'completed', stripped: ['messenger.apps.knowledge', 'supportedContent'] },
      organizations: [
        {
          foreignFields: ['description', `messenger.${SECRET}`, 'cobrowse.channels'],
          discardedFields: ['supportCenter.feedback.enabled'],
        },
      ],
    });

    expect(shown).toEqual({
      ignored: [
        'configuration.fontSizePx',
        'configuration.featureFlags.(10 characters)',
        'launcher.position',
      ],
      warnings: [
        'widget.theme.headerTextColor: expected a contrast of at least 4.5 to headerBackgroundColor, got 2.1',
        '(10 characters)',
      ],
      replication: { status: 'completed', stripped: ['messenger.apps.knowledge', 'supportedContent'] },
      organizations: [
        {
          foreignFields: ['description', 'messenger.(10 characters)', 'cobrowse.channels'],
          discardedFields: ['supportCenter.feedback.enabled'],
        },
      ],
    });
  });

  test('has no saved values of an organization', () => {
    const saved = {
      begun: true,
      conflicts: 1,
      conflictFields: [`greetings.${SECRET}`],
      seen: { version: 1, configuration: { greetings: { messages: [SECRET] }, [SECRET]: NUMBER } },
    };
    const payload = { type: 'organization', settings: { greetings: [SECRET] }, restore: [{ to: SECRET }] };

    const shown = shownData('config-rollout', { tenantId: 'acme', payload, saved });

    expect(shown).toMatchObject({ saved: { begun: true, conflicts: 1 }, payload: { type: 'organization' } });
    expect(JSON.stringify(shown)).not.toContain(SECRET);
    expect(JSON.stringify(shown)).not.toContain(String(NUMBER));
  });

  test('masks every field that the contract lacks, for every kind', () => {
    const leaf = fc.constantFrom(SECRET, NUMBER, `https://h.example/?t=${SECRET}`, true, null);
    const key = fc.constantFrom(SECRET, `a ${SECRET}`, 'unheardOf', '__proto__x', 'content', 'toString');
    const tree = fc.letrec((tie) => ({
      tree: fc.oneof(leaf, fc.array(tie('tree'), { maxLength: 3 }), fc.dictionary(key, tie('tree'))),
    })).tree;
    fc.assert(
      fc.property(fc.constantFrom(...JOB_KINDS, 'no-kind'), fc.dictionary(key, tree), (kind, unknown) => {
        const shown = JSON.stringify([
          shownData(kind, { tenantId: 'acme', payload: unknown, saved: unknown, [SECRET]: unknown }),
          shownData(kind, { payload: { fields: unknown, configuration: unknown, event: { data: unknown } } }),
          shownResult(unknown),
          shownResult({ organizations: [unknown], replication: unknown, audit: unknown }),
        ]);
        expect(shown).not.toContain(SECRET);
        expect(shown).not.toContain(String(NUMBER));
      }),
    );
  });

  test('is short for any input, and does not change the input', () => {
    const deep = JSON.parse(`${'[{"a":'.repeat(500)}1${'}]'.repeat(500)}`);
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, n]));
    const data = { payload: { fields: { deep, wide } } };
    const before = JSON.stringify(data);

    expect(JSON.stringify(shownData('card-delivery', data)).length).toBeLessThan(1_000);
    expect(JSON.stringify(data)).toBe(before);
  });

  test.for([undefined, null, 'text', 7, [], [{ content: SECRET }]])(
    'is masked for input that is no job: %j',
    (data) => {
      expect(JSON.stringify(shownData('card-delivery', data))).not.toContain(SECRET);
      expect(JSON.stringify(shownResult(data))).not.toContain(SECRET);
    },
  );

  test('has the tag of an embed code, and not its attributes', () => {
    const payload = { widgetId: 'w-1', customAttributes: { vip: SECRET }, locales: { de: SECRET } };
    expect(JSON.stringify(shownData('embed-generation', { payload }))).not.toContain(SECRET);
    expect(shownResult({ widgetId: 'w-1', scriptTag: '<script src="https://x"></script>' })).toMatchObject({
      scriptTag: '<script src="https://x"></script>',
    });
  });

  test('has the lane, and not the name of a deployment', () => {
    expect(shownLane('conv-1')).toBe('conv-1');
    expect(shownLane(null)).toBeNull();
    expect(shownLane('deployment Support chat')).toBe('deployment (12 characters)');
    expect(shownLane('deployment 0f8fad5b-d9cb-469f-a165-70867728950e')).toMatch(/950e$/);
  });
});
