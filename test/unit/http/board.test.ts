import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withoutText } from '../../../src/http/board.ts';

describe("a job's data on the board", () => {
  test('has the length of the text in place of the text', () => {
    const data = {
      tenantId: 'acme',
      sequence: 7,
      payload: {
        guestId: 'guest-abc-123',
        body: { contentType: 'text/plain', content: 'Validated transmission payload' },
        attachments: [],
      },
    };
    expect(withoutText(data)).toEqual({
      tenantId: 'acme',
      sequence: 7,
      payload: {
        guestId: 'guest-abc-123',
        body: { contentType: 'text/plain', content: '(30 characters)' },
        attachments: [],
      },
    });
  });

  test('has the lengths of the texts of a card in place of them, whatever they are called', () => {
    const data = {
      tenantId: 'acme',
      payload: {
        conversationId: 'conv-1',
        fields: { title: 'Order', orderNumber: 4711, actions: [{ label: 'Yes' }] },
        components: [{ type: 'list', components: [{ text: 'Hello' }] }],
      },
    };
    expect(withoutText(data)).toEqual({
      tenantId: 'acme',
      payload: {
        conversationId: 'conv-1',
        fields: { title: '(5 characters)', orderNumber: 4711, actions: [{ label: '(3 characters)' }] },
        components: [{ type: '(4 characters)', components: [{ text: '(5 characters)' }] }],
      },
    });
  });

  test('has the lengths of greetings, titles and welcomes in place of them, and shows the rest of a rollout', () => {
    const colors = { primary: '#0052CC' };
    const payloads = [
      { organizationIds: ['org-01'], configuration: { brandColor: '#0052CC', greetings: ['Hello'] } },
      { organizationId: 'org-01', settings: { widget: { colors }, greetings: { messages: ['Hello'] } } },
      { restore: [{ path: ['greetings', 'messages'], from: ['Hello'] }], onConflict: 'merge' },
      { name: 'Chat', widget: { title: 'Tech Support', welcomeMessage: 'Hi there!', autoOpen: false } },
    ];
    expect(withoutText(payloads)).toEqual([
      {
        organizationIds: ['org-01'],
        configuration: { brandColor: '#0052CC', greetings: ['(5 characters)'] },
      },
      {
        organizationId: 'org-01',
        settings: { widget: { colors }, greetings: { messages: ['(5 characters)'] } },
      },
      {
        restore: [{ path: ['(9 characters)', '(8 characters)'], from: ['(5 characters)'] }],
        onConflict: 'merge',
      },
      {
        name: 'Chat',
        widget: { title: '(12 characters)', welcomeMessage: '(9 characters)', autoOpen: false },
      },
    ]);
  });

  test('never holds a text that stood as content, at whatever depth', () => {
    const canary = 'jkqxzjkqxz';
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'medium' },
        fc.record({ content: fc.constant(canary), other: fc.constant('seen') }),
        fc.record({ content: tie('tree'), body: tie('tree') }),
        fc.array(tie('tree'), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (data) => {
        expect(JSON.stringify(withoutText(data))).not.toContain(canary);
      }),
    );
  });

  test('is not changed itself', () => {
    const data = { body: { content: 'Hello' } };
    withoutText(data);
    expect(data).toEqual({ body: { content: 'Hello' } });
  });

  test('may be missing, or no object', () => {
    expect(withoutText(undefined)).toBeNull();
    expect(withoutText(null)).toBeNull();
    expect(withoutText('text')).toBe('text');
    expect(withoutText([{ content: 7 }])).toEqual([{ content: 7 }]);
  });
});
