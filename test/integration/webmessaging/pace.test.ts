import { describe, expect, test } from 'vitest';
import { guestTenant, onlySession, onlyTexts, openStage, type StageOptions } from './stage.ts';

const textOf = (content: string, conversationId = 'c-1') => ({
  conversationId,
  body: { contentType: 'text/plain', content },
});

/** A tenant at the usual pace. */
const USUAL: StageOptions = { tenant: guestTenant({ messagesPerSecond: 2, requestsPerMinute: 60 }) };

describe('the messages of a session', () => {
  test.each(['fixed', 'sliding'])(
    'never exceed its limit in a %s window, from several workers',
    async (window) => {
      const stage = await openStage(USUAL);
      await stage.set({ rates: { window, messagesPerSecond: 2 }, echo: { delayMs: { min: 0, max: 30 } } });
      const workers = [stage.channel, stage.openWorker(), stage.openWorker()];
      const sent = Array.from({ length: 7 }, (_, n) => `text ${n}`);
      for (const [n, content] of sent.entries()) {
        const worker = workers[n % workers.length];
        expect(await stage.job(textOf(content)).runToEnd(worker && { worker })).toMatchObject({
          kind: 'done',
        });
      }
      const session = await onlySession(stage);
      expect(session.counters).toMatchObject({ rateLimited: 0, messagesStored: 7 });
      expect(await stage.texts(session.token)).toEqual(sent);
    },
  );

  test('that are too fast for the channel pause their session alone', async () => {
    const stage = await openStage();
    await stage.job(textOf('before')).run();
    await stage.fault({ effect: { kind: 'throttle', retryAfterSeconds: 30 } });
    const job = stage.job(textOf('after'));
    expect(await job.run()).toMatchObject({
      kind: 'snooze',
      reason: 'session-paused',
      delayMs: 30_000,
      error: { code: 'RATE_LIMITED', retryAfterMs: 30_000 },
    });
    // Another worker waits as well, and another conversation does not.
    const second = await stage.job(textOf('later')).run({ worker: stage.openWorker() });
    expect(second).toMatchObject({ kind: 'snooze', reason: 'session-paused' });
    expect(await stage.job(textOf('other', 'c-2')).run()).toMatchObject({ kind: 'done' });
  });

  test('go on after the pause that the channel asks for, each once', async () => {
    const stage = await openStage({ tenant: guestTenant() });
    await stage.set({ rates: { messagesPerSecond: 2, retryAfterSeconds: 'exact' } });
    const sent = Array.from({ length: 5 }, (_, n) => `text ${n}`);
    for (const content of sent)
      expect(await stage.job(textOf(content)).runToEnd()).toMatchObject({ kind: 'done' });
    expect(await onlyTexts(stage)).toEqual(sent);
  });

  test('wait for the limit of their connection without a worker', async () => {
    const stage = await openStage({ tenant: guestTenant({ requestsPerMinute: 3 }) });
    // The configure is one of the three.
    for (const content of ['one', 'two']) await stage.job(textOf(content)).run();
    const ended = await stage.job(textOf('three')).run();
    expect(ended).toMatchObject({ kind: 'snooze', reason: 'connection-rate' });
    expect((ended as { delayMs: number }).delayMs).toBeGreaterThan(50_000);
  });
});

describe('the lease of a session', () => {
  test('lets one run send, and others wait until it ends', async () => {
    const stage = await openStage();
    await stage.set({ echo: { delayMs: { min: 400, max: 400 } } });
    const first = stage.job(textOf('one')).run();
    await expect.poll(async () => (await stage.sessions()).length).toBe(1);
    const second = await stage.job(textOf('two')).run({ worker: stage.openWorker() });
    expect(second).toMatchObject({ kind: 'snooze', reason: 'session-busy' });
    expect((second as { delayMs: number }).delayMs).toBeGreaterThan(5000);
    expect(await first).toMatchObject({ kind: 'done' });
    expect(await stage.job(textOf('two')).run()).toMatchObject({ kind: 'done' });
  });
});
