import { describe, expect, test } from 'vitest';
import { DAY, openEndpointStage, URL_A } from '../../support/webhooks/endpoint-stage.ts';
import { verdicts, view } from './endpoint-acts.ts';

describe('a callback', () => {
  test('is not sent again after its delivery if BullMQ hands it over once more', async () => {
    const stage = openEndpointStage();
    await verdicts(stage, 'w1');
    await stage.leave('w1');

    expect(await stage.endpoints.enter({ tenantId: 'acme', jobId: 'w1', url: URL_A, run: 1 })).toEqual({
      verdict: 'delivered',
      attempt: { at: '', outcome: 'delivered', latencyMs: 1 },
    });
  });

  test('is sent again after its delivery if an operator replays it', async () => {
    const stage = openEndpointStage();
    await verdicts(stage, 'w1');
    await stage.leave('w1');
    await stage.replay('w1');

    expect(await stage.enter('w1')).toBe('go');
    await stage.leave('w1');
    expect((await stage.records.attempts('acme', 'w1')).map(({ outcome }) => outcome)).toEqual([
      'delivered',
      'replayed',
      'delivered',
    ]);
  });

  test.each(['forbidden', 'abandoned'] as const)(
    'without a request does not change the state of its endpoint: %s',
    async (outcome) => {
      const stage = openEndpointStage();
      await verdicts(stage, 'w1');
      await stage.leave('w1', outcome);

      expect(await view(stage)).toMatchObject({ state: 'well', failures: 0, inHand: 0 });
    },
  );

  test('has its last twenty attempts on record, for two weeks, or for a day after its delivery', async () => {
    const stage = openEndpointStage();
    const log = stage.keys.attempts('acme', 'w1');
    await stage.make('w1');
    for (let run = 1; run <= 25; run++) {
      stage.clock.advance(DAY / 24);
      expect(await stage.enter('w1', URL_A, run)).toBe('go');
      await stage.leave('w1', 'refused', undefined, { run });
    }

    expect(await stage.records.attempts('acme', 'w1')).toHaveLength(20);
    expect(await stage.client.pttl(log)).toBeGreaterThan(13 * DAY);
    stage.clock.advance(DAY / 24);
    await stage.enter('w1', URL_A, 26);
    await stage.leave('w1', 'delivered', undefined, { run: 26 });
    expect(await stage.client.pttl(log)).toBeLessThanOrEqual(DAY);
  });

  test('is never sent again after its delivery, also if BullMQ hands it over days later', async () => {
    const stage = openEndpointStage();
    await verdicts(stage, 'w1');
    await stage.leave('w1');

    stage.clock.advance(3 * DAY);
    await stage.client.del(stage.keys.attempts('acme', 'w1'));

    expect(await stage.enter('w1', URL_A, 2)).toBe('delivered');
  });

  test('counts each call that has ended once, and counts no entry', async () => {
    const stage = openEndpointStage();
    const call = { ...(await stage.make('w1')), run: 1 };
    const attempt = { at: 'once', outcome: 'refused', latencyMs: 1 } as const;
    expect(await stage.endpoints.enter(call)).toEqual({ verdict: 'go', calls: 0 });
    // The worker lost the reply, and sends the command again.
    expect(await stage.endpoints.enter(call)).toEqual({ verdict: 'go', calls: 0 });
    await stage.endpoints.leave(call, attempt);
    await stage.endpoints.leave(call, attempt);

    expect(await stage.endpoints.enter({ ...call, run: 2 })).toEqual({ verdict: 'go', calls: 1 });
    expect(await view(stage)).toMatchObject({ failures: 1 });
    expect(await stage.records.attempts('acme', 'w1')).toHaveLength(1);
  });
});

describe('a worker that loses the lock of the callback during its call', () => {
  test('keeps other workers from making the same call until its own call is over', async () => {
    const stage = openEndpointStage();
    await verdicts(stage, 'w1');
    stage.clock.advance(2000);

    const second = { tenantId: 'acme', jobId: 'w1', url: URL_A, run: 2 };
    expect(await stage.endpoints.enter(second)).toEqual({ verdict: 'wait', waitMs: 10_000 });
    await stage.endpoints.recheck(second, false);
    expect(stage.woken()).toEqual([]);
    await stage.leave('w1');

    expect(await stage.enter('w1', URL_A, 2)).toBe('delivered');
  });

  test.each([
    ['delivered', 'delivered'],
    ['refused', 'go'],
  ] as const)(
    'leaves the place of the callback that another worker has parked, if its call ends late as %s',
    async (outcome, verdict) => {
      const stage = await openWithLateCall();
      expect(stage.woken()).toEqual(['older']);

      await stage.leave('old', outcome);

      expect(stage.woken()).toEqual([]);
      expect(await stage.enter('older')).toBe('go');
      await stage.leave('older');
      // A worker that dies now wakes no job. The reconciler grants the permit once more.
      expect(stage.woken()).toEqual(['old']);
      stage.clock.advance(15_001);
      await stage.endpoints.reconcile(0);
      expect(stage.woken()).toEqual(['old']);
      expect(await stage.enter('old', URL_A, 2)).toBe(verdict);
    },
  );

  test('is no reason to park a callback that the endpoint does not know: the recheck wakes it', async () => {
    const stage = await openWithLateCall();
    const unknown = { tenantId: 'acme', jobId: 'unknown', url: URL_A };
    stage.woken();

    await stage.endpoints.recheck(unknown, true);

    expect(stage.woken()).toEqual(['unknown']);
  });
});

/** The call of `old` lasts longer than a call may. Another worker has parked it behind `older`. */
async function openWithLateCall() {
  const stage = openEndpointStage({ concurrency: 1 });
  await stage.make('older');
  await stage.make('old');
  expect(await stage.enter('old')).toBe('go');
  expect(await stage.enter('older')).toBe('park');
  stage.clock.advance(12_001);
  expect(await stage.enter('old', URL_A, 2)).toBe('park');
  return stage;
}
