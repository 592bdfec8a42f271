import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SessionRef } from '../../../src/webmessaging/sessions.ts';
import { openSimulatedSessions } from './simulated-sessions.ts';

const LEASE_MS = 1000;

/** Mostly the same run, so that it often sends several messages within one lease. */
const run = fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 1);
/** What happens next: a run asks for the session, gets its echo, gives up, dies, or time goes by. */
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('enter' as const), run }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('echo' as const),
        run,
        arrivedMs: fc.constantFrom(0, 900),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), run }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('pause' as const),
        run,
        ms: fc.integer({ min: 1, max: 1500 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 150, 300, 600) }),
    },
  ),
  { minLength: 20, maxLength: 80 },
);

const pace = fc.constantFrom(0.5, 1, 2, 3);

test('one run has a session at a time, keeps to its pace and its pauses, and a dead run holds nothing for long', async () => {
  const { sessions, now, pass } = openSimulatedSessions();
  let plays = 0;

  await fc.assert(
    fc.asyncProperty(steps, pace, async (given, messagesPerSecond) => {
      const tenant = {
        id: 'acme',
        platform: { webmessaging: { messagesPerSecond } },
      } as SessionRef['tenant'];
      const shared = { tenant, deploymentId: 'd-1', conversationId: `c-${++plays}` };
      const refOf = (number: number): SessionRef => ({ ...shared, run: `run-${number}` });
      /** The run that has the lease in the model, and until when. */
      let holder: { run: number; untilMs: number; enteredMs: number; isSending: boolean } | undefined;
      let pausedUntilMs = 0;
      /** When messages reached the server, at any moment between their entry and their echo. */
      const arrivals: number[] = [];
      const held = () => (holder && holder.untilMs > now() ? holder : undefined);

      for (const step of given) {
        if (step.kind === 'wait') pass(step.ms);
        if (step.kind === 'enter') {
          const current = held();
          if (current?.isSending && current.run === step.run) continue;
          const entered = await sessions.enter(refOf(step.run), { sends: 'message', leaseMs: LEASE_MS });
          if (current && current.run !== step.run) {
            expect(entered).toEqual({ verdict: 'wait', reason: 'busy', waitMs: current.untilMs - now() });
          } else if (pausedUntilMs > now()) {
            expect(entered).toMatchObject({
              verdict: 'wait',
              reason: 'paused',
              waitMs: pausedUntilMs - now(),
            });
            if (current) holder = undefined;
          } else if (entered.verdict === 'go') {
            holder = { run: step.run, untilMs: now() + LEASE_MS, enteredMs: now(), isSending: true };
          } else {
            expect(entered).toMatchObject({ verdict: 'wait', reason: 'rate' });
            expect((entered as { waitMs: number }).waitMs).toBeGreaterThan(0);
            if (current) holder = undefined;
          }
        }
        if (step.kind === 'echo') {
          const current = held();
          const isOwn = current?.run === step.run && current.isSending;
          if (isOwn) arrivals.push(Math.min(now(), current.enteredMs + step.arrivedMs));
          if (isOwn) current.isSending = false;
          if (isOwn || current?.run !== step.run) {
            expect(await sessions.note(refOf(step.run), { acceptedId: 'm' })).toBe(isOwn);
          }
        }
        if (step.kind === 'leave') {
          const isOwn = held()?.run === step.run;
          expect(await sessions.note(refOf(step.run), { releases: true })).toBe(isOwn);
          if (isOwn) holder = undefined;
        }
        if (step.kind === 'pause' && plays > 0 && holder) {
          await sessions.note(refOf(step.run), { pauseMs: step.ms });
          pausedUntilMs = Math.max(pausedUntilMs, now() + step.ms);
        }
      }

      const windowMs = Math.max(1000, 1000 / messagesPerSecond);
      const most = Math.max(1, Math.floor(messagesPerSecond));
      for (const from of arrivals) {
        const inWindow = arrivals.filter((at) => at >= from && at < from + windowMs);
        expect(inWindow.length).toBeLessThanOrEqual(most);
      }
    }),
    { seed: 11, numRuns: 200 },
  );
});
