import { describe, expect, test } from 'vitest';
import { type Ended, guestTenant, onlySession, onlyTexts, openStage, type Stage } from './stage.ts';

const textOf = (content: string) => ({ conversationId: 'c-1', body: { contentType: 'text/plain', content } });
const ECHO_LOST = {
  kind: 'snooze',
  reason: 'echo-lost',
  error: { code: 'GENESYS_UNREACHABLE', isUnknown: false },
};
/** A failed attempt: the history says that the message is not there. */
const ABSENT = { kind: 'threw', error: { code: 'GENESYS_UNREACHABLE', isUnknown: false } };
/** The history cannot tell. */
const UNCLEAR = { kind: 'threw', error: { code: 'GENESYS_UNREACHABLE', isUnknown: true } };

/** A short wait for the echo, so that a test of a lost one is quick. */
const QUICK = { environment: { GUEST_ECHO_TIMEOUT: '300ms' } };

/** A stage whose session has a message already, so that the history has something to stop at. */
async function stageWithMessage(options: Parameters<typeof openStage>[0] = {}): Promise<Stage> {
  const stage = await openStage(options);
  // On a loaded machine its echo may come after the short wait. Then a further run finds it.
  expect(await stage.job(textOf('before')).runToEnd()).toMatchObject({ kind: 'done' });
  return stage;
}

async function runTwice(
  stage: Stage,
  content = 'again?',
): Promise<readonly [Ended, Ended, () => Promise<Ended>]> {
  const job = stage.job(textOf(content));
  return [await job.run(), await job.run(), () => job.runToEnd()];
}

describe('a message whose connection breaks', () => {
  test('before the channel has stored it, is sent again, once the history has said so', async () => {
    const stage = await stageWithMessage({ environment: { GUEST_HISTORY_DELAY: '0s' } });
    await stage.fault({ effect: { kind: 'drop', point: 'before-store' } });
    const [first, second, toEnd] = await runTwice(stage);
    expect(first).toMatchObject(ECHO_LOST);
    expect(second).toMatchObject(ABSENT);
    expect(await toEnd()).toMatchObject({ kind: 'done' });
    expect(await onlyTexts(stage)).toEqual(['before', 'again?']);
  });

  test.each(['after-store', 'after-echo'])('%s is delivered once', async (point) => {
    const stage = await stageWithMessage();
    await stage.fault({ effect: { kind: 'drop', point } });
    const job = stage.job(textOf('again?'));
    expect(await job.runToEnd()).toMatchObject({
      kind: 'done',
      result: { messageId: expect.stringMatching(/./) },
    });
    expect(await onlyTexts(stage)).toEqual(['before', 'again?']);
  });

  test('is found by another worker', async () => {
    const stage = await stageWithMessage();
    await stage.fault({ effect: { kind: 'drop', point: 'after-store' } });
    const job = stage.job(textOf('again?'));
    await job.run();
    expect(await job.run({ worker: stage.openWorker() })).toMatchObject({ kind: 'done' });
    expect(await onlyTexts(stage)).toEqual(['before', 'again?']);
  });
});

describe('a message whose echo does not come', () => {
  test('is found in the history, and its id is that of the history', async () => {
    const stage = await stageWithMessage(QUICK);
    await stage.fault({ effect: { kind: 'lose-echo' } });
    const [first, second] = await runTwice(stage);
    expect(first).toMatchObject(ECHO_LOST);
    const { token } = await onlySession(stage);
    const query = new URLSearchParams({ token });
    const log = await stage.system.sandbox.platform('GET', `/webmessaging/sessions/messages?${query}`);
    const { id } = (log as { body: { id: string } }[])[1]?.body ?? {};
    expect(second).toMatchObject({ kind: 'done', result: { messageId: id, requestMs: null } });
  });

  test('is delivered once although the late echo comes during the next message', async () => {
    const stage = await stageWithMessage(QUICK);
    await stage.fault({ effect: { kind: 'delay-echo', ms: 600 } });
    const [, second] = await runTwice(stage, 'late');
    expect(second).toMatchObject({ kind: 'done' });
    expect(await stage.job(textOf('next')).run()).toMatchObject({ kind: 'done' });
    expect(await onlyTexts(stage)).toEqual(['before', 'late', 'next']);
  });

  test.each([408, 500, 503, 5000])('because of an error %i, is looked for as well', async (code) => {
    const stage = await stageWithMessage();
    await stage.fault({ effect: { kind: 'error', code, stored: true } });
    const [first, second] = await runTwice(stage);
    expect(first).toMatchObject({
      kind: 'snooze',
      reason: 'echo-lost',
      error: { code: 'GENESYS_UNAVAILABLE' },
    });
    expect(second).toMatchObject({ kind: 'done' });
    expect(await onlyTexts(stage)).toEqual(['before', 'again?']);
  });

  test('is found by its text where the history has no metadata', async () => {
    const stage = await stageWithMessage(QUICK);
    await stage.set({ history: { metadata: false } });
    await stage.fault({ effect: { kind: 'lose-echo' } });
    const [, second] = await runTwice(stage);
    expect(second).toMatchObject({ kind: 'done' });
    expect(await onlyTexts(stage)).toEqual(['before', 'again?']);
  });

  test('is not taken for the same text of the message before it', async () => {
    const stage = await openStage({ environment: { GUEST_HISTORY_DELAY: '0s' } });
    await stage.set({ history: { metadata: false } });
    await stage.job(textOf('yes')).run();
    await stage.fault({ effect: { kind: 'drop', point: 'before-store' } });
    const [, second, toEnd] = await runTwice(stage, 'yes');
    expect(second).toMatchObject(ABSENT);
    expect(await toEnd()).toMatchObject({ kind: 'done' });
    expect(await onlyTexts(stage)).toEqual(['yes', 'yes']);
  });

  test('and is the first of its session, is found, or found absent', async () => {
    const stage = await openStage({ environment: { ...QUICK.environment, GUEST_HISTORY_DELAY: '0s' } });
    await stage.fault({ effect: { kind: 'lose-echo' } });
    const [, second] = await runTwice(stage, 'first');
    expect(second).toMatchObject({ kind: 'done' });
    const other = stage.job({ ...textOf('other'), conversationId: 'c-2' });
    await stage.fault({ effect: { kind: 'drop', point: 'before-store' } });
    await other.run();
    expect(await other.run()).toMatchObject(ABSENT);
  });

  test('is found behind many answers of a bot', async () => {
    const stage = await stageWithMessage(QUICK);
    const { token } = await onlySession(stage);
    await stage.fault({ effect: { kind: 'lose-echo' } });
    const job = stage.job(textOf('again?'));
    await job.run();
    const steps = Array.from({ length: 60 }, (_, n) => ({ kind: 'text', text: `answer ${n}` }));
    await stage.control('/sessions/say', { token, steps });
    expect(await job.run()).toMatchObject({ kind: 'done' });
  });

  test('is found where a page of the history has fewer messages than asked for', async () => {
    const stage = await stageWithMessage(QUICK);
    const { token } = await onlySession(stage);
    await stage.set({ history: { maxPageSize: 5, largerPage: 'cut' } });
    await stage.fault({ effect: { kind: 'lose-echo' } });
    const job = stage.job(textOf('again?'));
    await job.run();
    const steps = Array.from({ length: 7 }, (_, n) => ({ kind: 'text', text: `answer ${n}` }));
    await stage.control('/sessions/say', { token, steps });
    expect(await job.run()).toMatchObject({ kind: 'done' });
  });

  test('has an unknown outcome behind more answers than a worker reads', async () => {
    const stage = await stageWithMessage(QUICK);
    const { token } = await onlySession(stage);
    await stage.fault({ effect: { kind: 'lose-echo' } });
    const job = stage.job(textOf('again?'));
    await job.run();
    const steps = Array.from({ length: 80 }, (_, n) => ({ kind: 'text', text: `answer ${n}` }));
    await stage.control('/sessions/say', { token, steps });
    expect(await job.run()).toMatchObject(UNCLEAR);
  });
});

describe('the history', () => {
  test('is believed about an absent message only after some time', async () => {
    const stage = await stageWithMessage({ environment: { GUEST_HISTORY_DELAY: '1m' } });
    await stage.fault({ effect: { kind: 'drop', point: 'before-store' } });
    const [, second] = await runTwice(stage);
    expect(second).toMatchObject({ kind: 'snooze', reason: 'echo-lost', delayMs: expect.any(Number) });
    expect((second as { delayMs: number }).delayMs).toBeGreaterThan(50_000);
  });

  test('of a session that is over tells nothing: the outcome is unknown, and is asked once', async () => {
    const stage = await stageWithMessage();
    const { token } = await onlySession(stage);
    await stage.fault({ effect: { kind: 'drop', point: 'after-store' } });
    const job = stage.job(textOf('again?'));
    await job.run();
    await stage.control('/sessions/end', { token });
    expect(await job.run()).toMatchObject(UNCLEAR);
    expect(job.saved()).not.toHaveProperty('asksFirst');
    // The session of before is closed, also for the next run.
    expect(await job.run()).toMatchObject({ kind: 'threw', error: { code: 'CONVERSATION_CLOSED' } });
  });

  test('of a session that became read-only is still read', async () => {
    const stage = await stageWithMessage();
    const { token } = await onlySession(stage);
    await stage.fault({ effect: { kind: 'drop', point: 'after-store' } });
    const job = stage.job(textOf('again?'));
    await job.run();
    await stage.control('/sessions/read-only', { token });
    expect(await job.run()).toMatchObject({ kind: 'done' });
  });

  test('that is asked too often makes the job wait, and counts no attempt', async () => {
    const stage = await stageWithMessage({ environment: { GUEST_HISTORY_DELAY: '1m' } });
    await stage.set({ rates: { historyPerMinute: 1 } });
    await stage.fault({ effect: { kind: 'drop', point: 'before-store' } });
    const job = stage.job(textOf('again?'));
    await job.run();
    await job.run();
    expect(await job.run()).toMatchObject({
      kind: 'snooze',
      reason: 'history-rate',
      error: {
        code: 'RATE_LIMITED',
        status: 429,
        correlationId: expect.stringMatching(/^[\da-f-]{36}$/),
        message: expect.stringContaining('(correlation id '),
      },
    });
  });

  test('that cannot be reached is asked again, until the last attempt leaves the outcome unknown', async () => {
    const stage = await stageWithMessage();
    await stage.fault({ effect: { kind: 'drop', point: 'after-store' } });
    const job = stage.job(textOf('again?'));
    await job.run();
    await stage.fault({ on: 'getJwt', times: 2, effect: { kind: 'error', code: 5000 } });
    const failed = { kind: 'threw', error: { code: 'GENESYS_UNAVAILABLE' } };
    const once = await job.run();
    expect(once).toMatchObject({ ...failed, error: { isUnknown: false } });
    expect(await job.run({ isLastAttempt: true })).toMatchObject({ ...failed, error: { isUnknown: true } });
    expect(await job.run()).toMatchObject({ kind: 'done' });
  });
});

describe('a worker that ends while a message is under way', () => {
  test('leaves the message to the next worker, which finds it', async () => {
    const stage = await stageWithMessage();
    await stage.fault({ effect: { kind: 'lose-echo' } });
    const job = stage.job(textOf('again?'));
    const ending = new AbortController();
    const running = job.run({ signal: ending.signal });
    await expect.poll(() => onlyTexts(stage)).toEqual(['before', 'again?']);
    ending.abort();
    expect(await running).toMatchObject({ kind: 'threw' });
    expect(job.saved()).toMatchObject({ asksFirst: true, begun: true, sentAtMs: expect.any(Number) });
    expect(await job.runToEnd({ worker: stage.openWorker() })).toMatchObject({ kind: 'done' });
    expect(await onlyTexts(stage)).toEqual(['before', 'again?']);
  });

  test('never ends the session of a guest', async () => {
    const stage = await openStage({ tenant: guestTenant() });
    await stage.job(textOf('before')).run();
    await stage.channel.close();
    await expect.poll(async () => (await onlySession(stage)).connections).toEqual([]);
    expect(await onlySession(stage)).toMatchObject({ state: 'open' });
    expect(await stage.job(textOf('after')).run({ worker: stage.openWorker() })).toMatchObject({
      kind: 'done',
    });
    expect(await onlyTexts(stage)).toEqual(['before', 'after']);
  });
});
