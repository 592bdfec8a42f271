import { expect, test } from 'vitest';
import { JobRejectedError } from '../../../src/queues/producer.ts';
import { startWorker } from '../../support/gwm.ts';
import { openReceiver } from '../../support/receiver.ts';
import { card, message, openSystem, PATIENT, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const DAY_MS = 24 * 3_600_000;

test('scheduled messages and cards go at their time, all parts of a text together and in order', async () => {
  const receiver = await openReceiver();
  const system = await openSystem({
    tenants: [{ id: 'acme', callback: { url: receiver.url } }],
    environment: PATIENT,
  });
  await startWorker(system);
  const sendAtMs = Date.now() + 3000;
  const sendAt = new Date(sendAtMs).toISOString();
  const producer = system.openProducer();
  const long = { body: text('a word '.repeat(900)), split: true, conversationId: 'c', sendAt };
  const { jobIds } = await producer.enqueue(KIND, message(long));
  await producer.enqueue('card-delivery', card({ conversationId: 'c' }));
  await producer.enqueue(KIND, message({ conversationId: 'd' }));
  expect(jobIds).toHaveLength(2);
  expect(await system.jobs.find(jobIds[1] ?? '')).toMatchObject({ sendAt });

  await waitFor(() => receiver.received.length === 4, { what: 'four callbacks' });

  const requests = await system.sandbox.requests();
  const sends = requests.filter(({ operation }) => operation === 'message.send' || operation === 'card.send');
  expect(sends.map(({ conversationId }) => conversationId)).toEqual(['d', 'c', 'c', 'c']);
  const early = sends.slice(1).filter(({ at }) => Date.parse(at) < sendAtMs);
  expect(early).toEqual([]);
  // Counted from its time, and not from its acceptance three seconds before.
  const events = receiver.received.map(({ body }) => JSON.parse(body).data);
  const ofFirst = events.find(({ jobId }: { jobId: string }) => jobId === jobIds[0]);
  const firstAtMs = Date.parse(sends[1]?.at ?? '');
  expect(ofFirst.latencyMs).toBeLessThanOrEqual(Date.now() - sendAtMs);
  expect(firstAtMs).toBeGreaterThanOrEqual(sendAtMs);
});

test('quiet hours hold messages back, and a tenants file without them lets the messages go after a reload', async () => {
  const hours = { zone: 'UTC', from: clockIn(-60), to: clockIn(120) };
  const system = await openSystem({
    tenants: [{ id: 'acme', quietHours: hours }],
    environment: PATIENT,
  });
  const worker = await startWorker(system);
  const { jobIds } = await system.openProducer().enqueue(KIND, message());
  await waitFor(async () => (await system.jobs.why(jobIds[0] ?? ''))?.reason === 'quiet-hours', {
    what: 'the reason',
  });
  expect(system.sandbox.stats().accepted).toBe(0);

  await system.writeTenants(['acme']);
  worker.kill('SIGHUP');

  expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed', attemptsStarted: 1 });
});

test.each([
  ['sendAt', { sendAt: '2026-03-01T09:30:00' }, /ISO 8601 time with an offset/],
  ['expiresAt', { sendAt: '2030-01-01T00:00:00Z', expiresAt: '2030-01-01T00:00:00+00:00' }, /after sendAt/],
  ['sendAt', { sendAt: new Date(Date.now() + 367 * DAY_MS).toISOString() }, /at most 366 days ahead/],
])('a wrong time is refused, and named: %s', async (path, conditions, wanted) => {
  const system = await openSystem();
  for (const [kind, job] of [
    [KIND, message(conditions)],
    ['card-delivery', card(conditions)],
  ] as const) {
    const enqueuing = system.openProducer().enqueue(kind, job as never);
    await expect(enqueuing).rejects.toThrow(JobRejectedError);
    await expect(enqueuing).rejects.toMatchObject({
      errors: [{ path, message: expect.stringMatching(wanted) }],
    });
  }
});

/** A time of the day in UTC, so many minutes from now. */
function clockIn(minutes: number): string {
  return new Date(Date.now() + minutes * 60_000).toISOString().slice(11, 16);
}
