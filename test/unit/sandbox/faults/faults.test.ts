import { describe, expect, test } from 'vitest';
import { createFaults, type FaultPlan, faultPlanSchema } from '../../../../src/sandbox/faults/faults.ts';
import { parseInput, sentenceOf } from '../../../../src/sandbox/input/problems.ts';

const plans = faultPlanSchema(['oauth.token', 'message.send'], ['acme']);

function problemsOf(plan: unknown): string[] {
  const parsed = parseInput(plans, plan);
  return parsed.ok ? [] : parsed.problems.map(sentenceOf);
}

function faultsOf(plan: FaultPlan, operation = 'message.send') {
  const faults = createFaults(plan).of(operation);
  if (faults === undefined) throw new Error(`${operation} has no faults`);
  return faults;
}

function draw<T>(count: number, dice: () => T): T[] {
  return Array.from({ length: count }, dice);
}

describe('a plan of faults', () => {
  test('may be empty, or have every field', () => {
    expect(problemsOf({})).toEqual([]);
    expect(
      problemsOf({
        seed: 3,
        operations: {
          '*': { latencyMs: 5 },
          'message.send': {
            latencyMs: { min: 1, max: 1 },
            errors: [{ status: 503, rate: 0.5, retryAfterSeconds: 2, body: { a: 1 }, times: 3 }],
            dropRate: 0,
            loseReplyRate: 1,
            slowBodyMs: 10,
            hang: 0.1,
          },
        },
        foreignLoad: [{ tenant: 'acme', class: 'messages', perSecond: 10 }],
      }),
    ).toEqual([]);
  });

  test.each([
    [
      { operations: { 'mesage.send': {} } },
      'operations["mesage.send"]: wanted the name of an operation: one of "oauth.token", "message.send", "*", got "mesage.send"',
    ],
    [
      { operations: { '*': { dropRate: 1.5 } } },
      'operations.*.dropRate: wanted a number of at most 1, got 1.5',
    ],
    [
      { operations: { '*': { latencyMs: { min: 5, max: 1 } } } },
      'operations.*.latencyMs: wanted a min that is not above max, got {"min":5,"max":1}',
    ],
    [
      { operations: { '*': { errors: [{ status: 200, rate: 1 }] } } },
      'operations.*.errors[0].status: wanted a number of at least 400, got 200',
    ],
    [{ operations: { '*': { droprate: 1 } } }, 'operations.*.droprate: wanted nothing of this name, got 1'],
    [
      { foreignLoad: [{ tenant: 'acne', class: 'messages', perSecond: 1 }] },
      'foreignLoad[0].tenant: wanted "acme", got "acne"',
    ],
    [
      { foreignLoad: [{ tenant: 'acme', class: 'calls', perSecond: 1 }] },
      'foreignLoad[0].class: wanted one of "messages", "cards", "platform", got "calls"',
    ],
    [7, 'wanted object, got 7'],
  ])('%j is refused', (plan, sentence) => {
    expect(problemsOf(plan)).toEqual([sentence]);
  });
});

describe('faults', () => {
  test('of an operation are its own entry, or the entry `*`, or undefined', () => {
    const plan = { operations: { 'message.send': { slowBodyMs: 1 }, '*': { slowBodyMs: 2 } } };
    expect(faultsOf(plan, 'message.send').slowBodyMs).toBe(1);
    expect(faultsOf(plan, 'oauth.token').slowBodyMs).toBe(2);
    expect(createFaults(plan).of(null)).toBeUndefined();
    expect(createFaults({ operations: { 'message.send': {} } }).of('oauth.token')).toBeUndefined();
    expect(createFaults({}).of('message.send')).toBeUndefined();
  });

  test('strike at their rate', () => {
    const faults = faultsOf({ operations: { '*': { dropRate: 0.3, hang: 0, loseReplyRate: 1 } } });
    const drops = draw(5_000, faults.drops).filter(Boolean).length;
    expect(drops / 5_000).toBeCloseTo(0.3, 1);
    expect(draw(100, faults.hangs)).not.toContain(true);
    expect(draw(100, faults.losesReply)).not.toContain(false);
  });

  test('strike the same requests with the same seed, and other requests with another', () => {
    const run = (seed: number) => draw(100, faultsOf({ seed, operations: { '*': { dropRate: 0.5 } } }).drops);
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  test('of one operation do not depend on requests of another', () => {
    const plan = { operations: { 'oauth.token': { dropRate: 0.5 }, 'message.send': { dropRate: 0.5 } } };
    const run = (tokenRequests: number) => {
      const faults = createFaults(plan);
      draw(tokenRequests, () => faults.of('oauth.token')?.drops());
      return draw(50, () => faults.of('message.send')?.drops());
    };
    expect(run(0)).toEqual(run(17));
  });

  test('have a fixed latency, or one from a range', () => {
    expect(faultsOf({ operations: { '*': { latencyMs: 40 } } }).latencyMs()).toBe(40);
    const values = draw(
      500,
      faultsOf({ operations: { '*': { latencyMs: { min: 10, max: 20 } } } }).latencyMs,
    );
    expect(Math.min(...values)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...values)).toBeLessThanOrEqual(20);
    expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(8);
  });

  test('strike with an error at most `times` times, and then with the next error', () => {
    const errors = [
      { status: 503, rate: 1, times: 2 },
      { status: 409, rate: 1, times: 1 },
    ];
    const faults = faultsOf({ operations: { '*': { errors } } });
    expect(draw(4, () => faults.error()?.status)).toEqual([503, 503, 409, undefined]);
  });

  test('let `after` requests pass, and strike then', () => {
    const faults = faultsOf({ operations: { '*': { errors: [{ status: 503, rate: 1, after: 2 }] } } });
    expect(draw(4, () => faults.error()?.status)).toEqual([undefined, undefined, 503, 503]);
  });
});
