import { expect, test } from 'vitest';
import { jobRefOf } from '../../../src/flow/job-ref.ts';
import { PARKED_MS, parkMs } from '../../../src/flow/parking.ts';

const KIND = 'message-transmission';
const job = { conversationId: 'c' };

test('the reference of a job has its time, whatever the offset', () => {
  const sendAt = '2026-03-01T10:30:00+01:00';
  expect(jobRefOf(KIND, 'acme', 'j', { ...job, sendAt }).sendAtMs).toBe(Date.parse('2026-03-01T09:30:00Z'));
});

test('a text of another program that is no time makes no time', () => {
  expect(jobRefOf(KIND, 'acme', 'j', { ...job, sendAt: 'soon' })).not.toHaveProperty('sendAtMs');
});

test('a parked job does not come back before its time, but when it expires', () => {
  const nowMs = Date.parse('2026-03-01T00:00:00Z');
  const sendAt = '2026-03-08T00:00:00Z';
  const weekMs = 7 * 24 * 3_600_000;
  expect(parkMs({ sendAt }, nowMs)).toBe(weekMs + PARKED_MS);
  expect(parkMs({ sendAt, expiresAt: '2026-03-08T00:00:01Z' }, nowMs)).toBe(weekMs + 1000);
  expect(parkMs({ sendAt: '2026-02-01T00:00:00Z' }, nowMs)).toBe(PARKED_MS);
});
