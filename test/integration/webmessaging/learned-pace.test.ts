import { describe, expect, test } from 'vitest';
import type { SessionRef } from '../../../src/webmessaging/sessions.ts';
import { openSimulatedSessions } from './simulated-sessions.ts';
import { guestTenant, onlySession, onlyTexts, openStage } from './stage.ts';

const MINUTE_MS = 60_000;

/** One session whose time is simulated. Each message gets its echo at once. */
function openSession(messagesPerSecond = 2) {
  const { sessions, now, pass } = openSimulatedSessions();
  const tenant = { id: 'acme', platform: { webmessaging: { messagesPerSecond } } } as SessionRef['tenant'];
  const ref = { tenant, deploymentId: 'd-1', conversationId: 'c-1', run: 'run-1' };

  return {
    /** Sends as fast as the session allows. @returns how many messages left in this time */
    async sendFor(spanMs: number): Promise<number> {
      const endMs = now() + spanMs;
      for (let sent = 0; ; sent++) {
        const entered = await sessions.enter(ref, { sends: 'message', leaseMs: 1000 });
        if (entered.verdict === 'wait') {
          if (now() + entered.waitMs >= endMs) {
            pass(endMs - now());
            return sent;
          }
          pass(entered.waitMs);
          sent--;
        } else await sessions.note(ref, { acceptedId: 'm', releases: true });
      }
    },
    /** The channel answers about the rate, and asks for a pause of a second. */
    async refuse(): Promise<void> {
      await sessions.note(ref, { pauseMs: 1000, isTooFast: true });
      pass(1000);
    },
    pause: (pauseMs: number) => sessions.note(ref, { pauseMs }),
    wait: (ms: number) => {
      pass(ms);
    },
  };
}

describe('a session that the channel calls too fast', () => {
  test('goes at half its pace for a minute, and then as before', async () => {
    const session = openSession();
    expect(await session.sendFor(MINUTE_MS)).toBe(120);
    await session.refuse();
    expect(await session.sendFor(MINUTE_MS)).toBe(60);
    expect(await session.sendFor(MINUTE_MS)).toBe(120);
  });

  test('goes slower with each such answer, at least at an eighth, and gets faster step by step', async () => {
    const session = openSession();
    await session.sendFor(1000);
    for (const each of [1, 2, 3, 4, 5]) {
      await session.refuse();
      expect(await session.sendFor(8000)).toBe([8, 4, 2, 2, 2][each - 1]);
    }
    session.wait(MINUTE_MS - 8000);
    const paces = [];
    for (let minute = 0; minute < 4; minute++) paces.push(await session.sendFor(MINUTE_MS));
    expect(paces).toEqual([30, 60, 120, 120]);
  });

  test('keeps the rate of a setting below one message a second in proportion', async () => {
    const session = openSession(0.5);
    expect(await session.sendFor(MINUTE_MS)).toBe(30);
    await session.refuse();
    expect(await session.sendFor(MINUTE_MS)).toBe(15);
  });

  test('and one that only pauses keeps its pace', async () => {
    const session = openSession();
    await session.sendFor(1000);
    await session.pause(1000);
    session.wait(1000);
    expect(await session.sendFor(10_000)).toBe(20);
  });
});

test('a setting above the limit of the channel costs one refusal, and not one for every few messages', async () => {
  const stage = await openStage({ tenant: guestTenant({ messagesPerSecond: 4 }) });
  await stage.set({ rates: { window: 'sliding', messagesPerSecond: 2, retryAfterSeconds: 'exact' } });
  const sent = Array.from({ length: 10 }, (_, n) => `text ${n}`);
  for (const content of sent) {
    const job = stage.job({ body: { contentType: 'text/plain', content } });
    expect(await job.runToEnd()).toMatchObject({ kind: 'done' });
  }
  expect(await onlyTexts(stage)).toEqual(sent);
  expect((await onlySession(stage)).counters).toMatchObject({ rateLimited: 1, messagesStored: 10 });
});
