import { describe, expect, test } from 'vitest';
import { platformOperations } from '../../../../src/sandbox/platform/operations.ts';
import { guideMessage } from '../../../support/guides/message.ts';
import { openStage, type Stage } from '../caller.ts';

function messageTo(conversationId: string) {
  return { ...guideMessage, to: { id: conversationId, type: 'conversation' } };
}

async function deliver(
  stage: Stage,
  tenant: string,
  conversationId: string,
  headers: Record<string, string>,
) {
  const reply = await stage.send(await stage.tokenOf(tenant), messageTo(conversationId), headers);
  expect(reply.status).toBe(200);
}

function job(requestId: string, sequence: string): Record<string, string> {
  return { 'x-genesys-request-id': requestId, 'x-conversation-sequence': sequence };
}

const operationNames = [
  'oauth.token',
  'message.send',
  'card.send',
  'session.read',
  'widget.read',
  'configuration.read',
  'configuration.write',
  'configuration.replicate',
  'replication.read',
  'audit.query',
  'deployment.list',
  'deployment.read',
  'deployment.create',
  'deployment.update',
  'platform.media.put',
  ...platformOperations.map(({ name }) => name),
  'platform.webmessaging.message',
];

describe('GET /__sandbox/stats', () => {
  test('has exactly the documented counters, and equals stats()', async () => {
    await using stage = await openStage();
    const { status, body } = await stage.call('/__sandbox/stats');
    expect(status).toBe(200);
    const counters = [
      'accepted',
      'duplicates',
      'outOfOrder',
      'rateLimited',
      'unauthorized',
      'conflicts',
      'rejected',
    ];
    expect(Object.keys(body)).toEqual([...counters, 'byOperation', 'byTenant']);
    expect(Object.keys(body.byOperation)).toEqual(operationNames);
    expect(Object.keys(body.byTenant)).toEqual(['acme', 'globex', 'initech', 'umbrella']);
    expect(Object.keys(body.byTenant.acme)).toEqual(counters);
    expect(stage.sandbox.stats()).toEqual(body);
  });

  test('counts a second accepted request of one job as a duplicate and as accepted', async () => {
    await using stage = await openStage();
    await deliver(stage, 'acme', 'conv-1', job('job-1', '1'));
    await deliver(stage, 'acme', 'conv-1', job('job-1', '1'));
    await deliver(stage, 'globex', 'conv-1', job('job-1', '1'));
    expect(stage.sandbox.stats()).toMatchObject({
      accepted: 3,
      duplicates: 1,
      outOfOrder: 0,
      byTenant: { acme: { accepted: 2, duplicates: 1 }, globex: { accepted: 1, duplicates: 0 } },
    });
  });

  test('counts a message as out of order after a later one of its conversation', async () => {
    await using stage = await openStage();
    await deliver(stage, 'acme', 'conv-1', job('job-2', '2'));
    await deliver(stage, 'acme', 'conv-1', job('job-1', '1'));
    await deliver(stage, 'acme', 'conv-2', job('job-3', '1'));
    expect(stage.sandbox.stats()).toMatchObject({
      accepted: 3,
      duplicates: 0,
      outOfOrder: 1,
      byOperation: { 'message.send': { outOfOrder: 1 } },
      byTenant: { acme: { outOfOrder: 1 } },
    });
  });

  test('ignores refused requests for duplicates and order', async () => {
    await using stage = await openStage();
    const token = await stage.tokenOf('acme');
    expect((await stage.send(undefined, messageTo('conv-1'), job('job-9', '9'))).status).toBe(401);
    expect((await stage.send(token, { to: { id: 'conv-1' } }, job('job-9', '9'))).status).toBe(400);
    await deliver(stage, 'acme', 'conv-1', job('job-1', '1'));
    await deliver(stage, 'acme', 'conv-1', job('job-9', '9'));
    expect(stage.sandbox.stats()).toMatchObject({ accepted: 2, duplicates: 0, outOfOrder: 0 });
  });

  test('counts requests without the headers, or with an invalid sequence, as neither', async () => {
    await using stage = await openStage();
    await deliver(stage, 'acme', 'conv-1', {});
    await deliver(stage, 'acme', 'conv-1', {});
    await deliver(stage, 'acme', 'conv-1', job('job-1', '5'));
    for (const [index, sequence] of ['0', '-1', '1.5', 'one'].entries()) {
      await deliver(stage, 'acme', 'conv-1', job(`job-x${index}`, sequence));
    }
    expect(stage.sandbox.stats()).toMatchObject({ accepted: 7, duplicates: 0, outOfOrder: 0 });
  });
});

describe('GET /__sandbox/requests', () => {
  test('shows a whole request except its token', async () => {
    await using stage = await openStage();
    await deliver(stage, 'acme', 'conv-1', job('job-1', '7'));
    expect(await stage.requests('?operation=message.send')).toEqual([
      {
        at: '2024-01-15T10:30:00.123Z',
        operation: 'message.send',
        tenant: 'acme',
        status: 200,
        requestId: 'job-1',
        sequence: 7,
        conversationId: 'conv-1',
        headers: expect.objectContaining({ 'x-genesys-request-id': 'job-1' }),
        body: messageTo('conv-1'),
      },
    ]);
    expect(JSON.stringify(await stage.requests())).not.toMatch(/bearer|sandbox-secret/i);
  });

  test('shows the newest first, with a filter and a limit', async () => {
    await using stage = await openStage();
    for (const [tenant, requestId] of [
      ['acme', 'a'],
      ['globex', 'b'],
      ['acme', 'c'],
    ] as const) {
      await deliver(stage, tenant, 'conv-1', job(requestId, '1'));
    }
    const ids = async (query: string) => (await stage.requests(query)).map(({ requestId }) => requestId);
    expect(await ids('')).toEqual(['c', null, 'b', null, 'a', null]);
    expect(await ids('?operation=message.send&tenant=acme')).toEqual(['c', 'a']);
    expect(await ids('?operation=message.send&limit=1')).toEqual(['c']);
    expect(await ids('?operation=oauth.token&tenant=globex')).toEqual([null]);
  });

  test('shows refused requests, also without a token and for an unknown path', async () => {
    await using stage = await openStage();
    await stage.send(undefined);
    await stage.call('/api/v2/nowhere');
    expect(await stage.requests()).toMatchObject([
      { operation: null, tenant: null, status: 404, conversationId: null, body: null },
      { operation: 'message.send', tenant: null, status: 401, conversationId: 'conv-def-456' },
    ]);
  });

  test.each([
    ['limit=0', 'limit: wanted a whole number from 1 to 10000, got "0"'],
    ['limit=10001', 'limit: wanted a whole number from 1 to 10000, got "10001"'],
    ['limit=many', 'limit: wanted a whole number from 1 to 10000, got "many"'],
    [
      'operation=mesage.send',
      `operation: wanted one of ${operationNames.map((name) => `"${name}"`).join(', ')}, got "mesage.send"`,
    ],
    ['tenant=acne', 'tenant: wanted one of "acme", "globex", "initech", "umbrella", got "acne"'],
    ['since=today', 'since: wanted nothing of this name, got "today"'],
  ])('refuses ?%s with the reason', async (query, sentence) => {
    await using stage = await openStage();
    const { status, body } = await stage.call(`/__sandbox/requests?${query}`);
    expect(status).toBe(400);
    expect(body.problems).toEqual([sentence]);
  });
});

describe('POST /__sandbox/reset', () => {
  test('clears counts, requests, faults, buckets and the memory of jobs', async () => {
    await using stage = await openStage();
    const before = stage.sandbox.stats();
    await deliver(stage, 'acme', 'conv-1', job('job-1', '5'));
    await stage.inject({
      operations: { '*': { dropRate: 1 } },
      foreignLoad: [{ tenant: 'acme', class: 'messages', perSecond: 500 }],
    });
    const { status, body } = await stage.call('/__sandbox/reset', { method: 'POST' });
    expect(status).toBe(200);
    expect(body).toEqual(before);
    expect(stage.sandbox.stats()).toEqual(before);
    expect(await stage.requests()).toEqual([]);
    expect((await stage.call('/__sandbox/faults')).body).toEqual({});

    stage.clock.advance(1);
    const token = await stage.tokenOf('acme');
    const again = await stage.send(token, messageTo('conv-1'), job('job-1', '4'));
    expect([again.status, again.headers.get('x-ratelimit-remaining')]).toEqual([200, '99']);
    expect(stage.sandbox.stats()).toMatchObject({ accepted: 1, duplicates: 0, outOfOrder: 0 });
  });

  test('keeps tokens valid', async () => {
    await using stage = await openStage();
    const token = await stage.tokenOf('acme');
    await stage.call('/__sandbox/reset', { method: 'POST' });
    expect((await stage.send(token)).status).toBe(200);
  });
});

describe('POST /__sandbox/tokens/revoke', () => {
  const revoke = (stage: Stage, body?: string) =>
    stage.call('/__sandbox/tokens/revoke', { method: 'POST', ...(body === undefined ? {} : { body }) });

  test('revokes the tokens of one tenant, which can get a new one', async () => {
    await using stage = await openStage();
    const [ofAcme, ofGlobex] = [await stage.tokenOf('acme'), await stage.tokenOf('globex')];
    expect((await revoke(stage, '{"tenant":"acme"}')).body).toEqual({ revoked: 1 });
    const refused = await stage.send(ofAcme);
    expect([refused.status, refused.body.code]).toEqual([401, 'bad.credentials']);
    expect(stage.sandbox.stats().byTenant['acme']?.unauthorized).toBe(1);
    expect((await stage.send(ofGlobex)).status).toBe(200);
    expect((await stage.send(await stage.tokenOf('acme'))).status).toBe(200);
  });

  test('revokes all tokens without a tenant', async () => {
    await using stage = await openStage();
    const tokens = [await stage.tokenOf('acme'), await stage.tokenOf('globex')];
    expect((await revoke(stage)).body).toEqual({ revoked: 2 });
    for (const token of tokens) expect((await stage.send(token)).status).toBe(401);
  });

  test('refuses an unknown tenant', async () => {
    await using stage = await openStage();
    const { status, body } = await revoke(stage, '{"tenant":"acne"}');
    expect(status).toBe(400);
    expect(body.message).toContain(
      'tenant: wanted one of "acme", "globex", "initech", "umbrella", got "acne"',
    );
  });
});
