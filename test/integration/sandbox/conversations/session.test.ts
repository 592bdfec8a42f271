import { describe, expect, test } from 'vitest';
import { guideMessage } from '../../../support/guides/message.ts';
import { openStage, type Stage } from '../caller.ts';

const conversationId = guideMessage.to.id;
const sessionPath = `/api/v2/conversations/webchat/sessions/${conversationId}`;

async function readSession(stage: Stage) {
  const token = await stage.tokenOf('acme');
  return stage.call(sessionPath, { headers: { authorization: `Bearer ${token}` } });
}

async function endSession(stage: Stage, tenant = 'acme') {
  const body = JSON.stringify({ tenant, conversationId });
  return stage.call('/__sandbox/sessions/end', { method: 'POST', body });
}

describe('a guest session', () => {
  test('is active until its end, and disconnected after it', async () => {
    await using stage = await openStage();
    expect((await readSession(stage)).body).toEqual({ id: conversationId, status: 'active' });
    expect((await endSession(stage)).status).toBe(200);
    expect((await readSession(stage)).body).toEqual({ id: conversationId, status: 'disconnected' });
  });

  test('refuses messages with 403 after its end', async () => {
    await using stage = await openStage();
    await endSession(stage);
    const reply = await stage.send(await stage.tokenOf('acme'));
    expect(reply).toMatchObject({ status: 403, body: { code: 'not.authorized' } });
    expect(stage.sandbox.stats()).toMatchObject({ accepted: 0, rejected: 1 });
  });

  test('of another tenant stays active', async () => {
    await using stage = await openStage();
    await endSession(stage, 'globex');
    expect((await stage.send(await stage.tokenOf('acme'))).status).toBe(200);
  });

  test('can be read without a token of the rate limit, and does not count as a delivery', async () => {
    await using stage = await openStage();
    const reply = await readSession(stage);
    expect(reply.headers.get('x-ratelimit-remaining')).toBeNull();
    expect(stage.sandbox.stats()).toMatchObject({
      accepted: 0,
      byOperation: { 'session.read': { accepted: 1 } },
    });
  });

  test('is active again after a reset', async () => {
    await using stage = await openStage();
    await endSession(stage);
    await stage.call('/__sandbox/reset', { method: 'POST' });
    expect((await readSession(stage)).body).toMatchObject({ status: 'active' });
  });
});
