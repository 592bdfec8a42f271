import { describe, expect, test } from 'vitest';
import { guestTenant, onlySession, openStage, type Stage, type StageOptions } from './stage.ts';

const textOf = (content: string) => ({ conversationId: 'c-1', body: { contentType: 'text/plain', content } });
const CLOSED = { kind: 'threw', error: { code: 'CONVERSATION_CLOSED' } };
/** The event says that the session is over, and no error follows. */
const EXPIRED = {
  kind: 'reply',
  text: JSON.stringify({ type: 'response', class: 'SessionExpiredEvent', code: 200, body: {} }),
};
const START_NEW: StageOptions = { tenant: guestTenant({ onClosed: 'start-new' }) };

/** How a session ends, by the control of the sandbox. */
const ENDINGS = [
  ['that became read-only', 'read-only'],
  ['that the channel no longer knows', 'end'],
  ['that has expired', 'expire'],
  ['that an agent has cleared', 'clear'],
  ['whose user has logged out', 'log-out'],
] as const;

async function endedSession(
  ending: string,
  options?: StageOptions,
): Promise<{ stage: Stage; token: string }> {
  const stage = await openStage(options);
  await stage.job(textOf('before')).run();
  const { token } = await onlySession(stage);
  await stage.control(`/sessions/${ending}`, { token });
  return { stage, token };
}

describe('a message to a session', () => {
  test.each(ENDINGS)('%s is refused by default, and so are the ones behind it', async (_name, ending) => {
    const { stage, token } = await endedSession(ending);
    expect(await stage.job(textOf('after')).run()).toMatchObject(CLOSED);
    expect(await stage.job(textOf('later')).run({ worker: stage.openWorker() })).toMatchObject(CLOSED);
    expect(await stage.texts(token)).toEqual(['before']);
  });

  test.each(ENDINGS)(
    '%s begins a new conversation with another token, if the tenant wants that',
    async (_name, ending) => {
      const { stage, token } = await endedSession(ending, START_NEW);
      expect(await stage.job(textOf('after')).run()).toMatchObject({ kind: 'done' });
      expect(await stage.job(textOf('later')).run({ worker: stage.openWorker() })).toMatchObject({
        kind: 'done',
      });
      const [, renewed, ...more] = await stage.sessions();
      expect(more).toEqual([]);
      expect(renewed?.token).not.toBe(token);
      expect(await stage.texts(token)).toEqual(['before']);
      expect(await stage.texts(renewed?.token ?? '')).toEqual(['after', 'later']);
    },
  );

  test.each(['new', 'refuse'])(
    'that expired without a connection is refused (a configure is answered with: %s)',
    async (afterExpiry) => {
      const stage = await openStage({ environment: { GUEST_IDLE: '0s' } });
      await stage.set({ session: { afterExpiry } });
      await stage.job(textOf('before')).run();
      await stage.control('/clock', { advanceMs: 260_000_000 });
      expect(await stage.job(textOf('after')).run()).toMatchObject(CLOSED);
      expect(await stage.job(textOf('later')).run()).toMatchObject(CLOSED);
      expect((await stage.sessions()).flatMap(({ counters }) => counters['messagesStored'])).toEqual([1]);
    },
  );

  test('whose configure is answered by the event of its end is refused', async () => {
    const stage = await openStage({ environment: { GUEST_IDLE: '0s' } });
    await stage.job(textOf('before')).run();
    await stage.fault({ on: 'configureSession', times: 2, effect: EXPIRED });
    expect(await stage.job(textOf('after')).run()).toMatchObject(CLOSED);
    expect(await stage.job(textOf('later')).run()).toMatchObject(CLOSED);
    expect((await onlySession(stage)).counters).toMatchObject({ messagesStored: 1 });
  });

  test('is not sent to a new session when that one is closed as well', async () => {
    const { stage } = await endedSession('read-only', START_NEW);
    await stage.fault({ times: 2, effect: { kind: 'error', code: 409 } });
    expect(await stage.job(textOf('after')).run()).toMatchObject(CLOSED);
  });

  test('whose connection has lost it is sent over another connection', async () => {
    const stage = await openStage();
    await stage.job(textOf('before')).run();
    await stage.fault({ effect: { kind: 'error', code: 4007 } });
    expect(await stage.job(textOf('after')).run()).toMatchObject({ kind: 'done' });
    const session = await onlySession(stage);
    expect(session.counters).toMatchObject({ configures: 2, messagesStored: 2 });
  });

  test('whose disconnect lets the guest go on is sent', async () => {
    const { stage } = await endedSession('disconnect');
    expect(await stage.job(textOf('after')).run()).toMatchObject({ kind: 'done' });
  });

  test('whose token cannot be read after a change of the client secret is refused', async () => {
    const stage = await openStage();
    await stage.job(textOf('before')).run();
    const { client, keys } = stage.system;
    const [key = ''] = await client.keys(`${keys.own('acme')}guest-session:*`);
    expect(await client.hget(key, 'token')).not.toContain((await onlySession(stage)).token);
    await client.hset(key, 'token', 'c29tZXRoaW5nIGVsc2UgdGhhdCBpcyBsb25nIGVub3VnaA==');
    expect(await stage.job(textOf('after')).run({ worker: stage.openWorker() })).toMatchObject(CLOSED);
  });
});

describe('a session in Redis', () => {
  test('is kept as long as the channel keeps it, and a while longer', async () => {
    const stage = await openStage({ environment: { LEDGER_TTL: '1h' } });
    await stage.set({ session: { durationSeconds: 259_200 } });
    await stage.job(textOf('before')).run();
    const { client, keys } = stage.system;
    const [key = ''] = await client.keys(`${keys.own('acme')}guest-session:*`);
    const leftMs = await client.pttl(key);
    expect(leftMs).toBeGreaterThan(259_200_000 + 3_500_000);
    expect(leftMs).toBeLessThanOrEqual(259_200_000 + 3_600_000);
    expect(key).not.toContain('c-1');
  });
});
