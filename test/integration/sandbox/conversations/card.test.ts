import { describe, expect, test } from 'vitest';
import { guideCard } from '../../../support/guides/card.ts';
import { guideMessage } from '../../../support/guides/message.ts';
import { openStage, type Stage } from '../caller.ts';

const path = '/api/v2/guest/conversations/webchat/messages';

const ROOT = 'message.card';

function cardMessage(card: object = {}) {
  return { conversationId: 'conv-def-456', message: { type: 'webchat', card: { ...guideCard, ...card } } };
}

async function sendCard(stage: Stage, body: unknown, headers: Record<string, string> = {}) {
  const token = await stage.tokenOf('acme');
  return stage.call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** Components inside each other, `depth` levels deep. */
function nested(depth: number): object {
  return depth === 1 ? { type: 'body' } : { type: 'list', components: [nested(depth - 1)] };
}

describe('a valid card', () => {
  test('is accepted', async () => {
    await using stage = await openStage();
    const { status, body, headers } = await sendCard(stage, cardMessage());
    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.stringMatching(/^msg-.{8,}/),
      conversationId: 'conv-def-456',
      messageId: guideCard.messageId,
      sentTime: '2024-01-15T10:30:00.123Z',
      deliveryStatus: 'delivered',
    });
    expect(headers.get('x-ratelimit-remaining')).toBe('99');
    expect(stage.sandbox.stats().byOperation['card.send']).toMatchObject({ accepted: 1 });
  });

  test.each([
    ['without dynamic fields', { dynamicFields: undefined }],
    ['four deep', { components: [nested(4)] }],
    ['of twenty components', { components: Array.from({ length: 20 }, () => nested(1)) }],
    ['with a text of null, as Python writes None', { components: [{ type: 'body', text: null }] }],
    ['without components in its list', { components: [] }],
  ])('may be a card %s', async (_case, part) => {
    await using stage = await openStage();
    const { status, body } = await sendCard(stage, cardMessage(part));
    expect(status, JSON.stringify(body)).toBe(200);
  });
});

describe('a card that is not valid', () => {
  test.each([
    ['messageId is missing', { messageId: undefined }, `${ROOT}.messageId`, 'missing.value'],
    ['templateMatrix is missing', { templateMatrix: undefined }, `${ROOT}.templateMatrix`, 'missing.value'],
    ['components are missing', { components: undefined }, `${ROOT}.components`, 'missing.value'],
    ['components are no list', { components: {} }, `${ROOT}.components`, 'invalid.value'],
    ['the template has no id', { templateMatrix: {} }, `${ROOT}.templateMatrix.templateId`, 'missing.value'],
    ['a component is no object', { components: ['x'] }, `${ROOT}.components[0]`, 'invalid.value'],
    ['a component has no type', { components: [{}] }, `${ROOT}.components[0].type`, 'missing.value'],
    [
      'a text is no text',
      { components: [{ type: 'b', text: 7 }] },
      `${ROOT}.components[0].text`,
      'invalid.value',
    ],
    ['it is five deep', { components: [nested(5)] }, `${ROOT}${'.components[0]'.repeat(5)}`, 'invalid.value'],
    [
      'it has 21 components',
      { components: Array.from({ length: 21 }, () => nested(1)) },
      `${ROOT}.components`,
      'invalid.value',
    ],
    [
      'it has 21 components, most inside others',
      { components: [{ type: 'list', components: Array.from({ length: 20 }, () => nested(1)) }] },
      `${ROOT}.components`,
      'invalid.value',
    ],
  ])('is refused with 400 and the field when %s', async (_case, part, fieldName, errorCode) => {
    await using stage = await openStage();
    const { status, body } = await sendCard(stage, cardMessage(part));
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'bad.request', details: [{ errorCode, fieldName }] });
    expect(stage.sandbox.stats()).toMatchObject({ rejected: 1, accepted: 0 });
  });

  test('is refused with every missing field', async () => {
    await using stage = await openStage();
    const { body } = await sendCard(stage, '{"message":{"card":{}}}');
    expect(body.details.map(({ fieldName }: { fieldName: string }) => fieldName)).toEqual([
      'conversationId',
      'message.type',
      `${ROOT}.messageId`,
      `${ROOT}.templateMatrix`,
      `${ROOT}.components`,
    ]);
  });

  test.each([
    ['lists', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['objects', `${'{"a":'.repeat(70_000)}1${'}'.repeat(70_000)}`],
  ])(
    'is refused with 400 when its %s are nested too deep, and the log can still show it',
    async (_case, deep) => {
      await using stage = await openStage();
      const { status, body } = await sendCard(stage, `{"conversationId":"c","message":${deep}}`);
      expect(status).toBe(400);
      expect(body.message).toContain('nested too deep');
      expect((await stage.requests()).length).toBeGreaterThan(0);
    },
  );
});

describe('a card', () => {
  test('for an ended session is refused with 403', async () => {
    await using stage = await openStage();
    const body = JSON.stringify({ tenant: 'acme', conversationId: 'conv-def-456' });
    await stage.call('/__sandbox/sessions/end', { method: 'POST', body });
    expect(await sendCard(stage, cardMessage())).toMatchObject({
      status: 403,
      body: { code: 'not.authorized' },
    });
  });

  test('requires the scope webchat:guest:write', async () => {
    await using stage = await openStage();
    const token = await stage.tokenOf('acme', 'messaging:conversation:write');
    const reply = await sendCard(stage, cardMessage(), { authorization: `Bearer ${token}` });
    expect(reply).toMatchObject({
      status: 403,
      body: { code: 'missing.permissions', messageParams: { permissions: 'webchat:guest:write' } },
    });
  });

  test('has a rate limit of its own, 100 per minute', async () => {
    await using stage = await openStage();
    for (let n = 0; n < 100; n++) expect((await sendCard(stage, cardMessage())).status).toBe(200);
    const refused = await sendCard(stage, cardMessage());
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await stage.send(await stage.tokenOf('acme'))).status).toBe(200);
    stage.clock.advance(0.6);
    expect((await sendCard(stage, cardMessage())).status).toBe(200);
    expect((await sendCard(stage, cardMessage())).status).toBe(429);
  });

  test('shares the order of its conversation with messages', async () => {
    await using stage = await openStage();
    const headers = (id: string, sequence: string) => ({
      'x-genesys-request-id': id,
      'x-conversation-sequence': sequence,
    });
    await sendCard(stage, cardMessage(), headers('job-2', '2'));
    await stage.send(await stage.tokenOf('acme'), guideMessage, headers('job-1', '1'));
    await sendCard(stage, cardMessage(), headers('job-2', '2'));
    expect(stage.sandbox.stats()).toMatchObject({
      accepted: 3,
      duplicates: 1,
      outOfOrder: 1,
      byOperation: { 'message.send': { outOfOrder: 1 }, 'card.send': { duplicates: 1, outOfOrder: 0 } },
    });
  });
});
