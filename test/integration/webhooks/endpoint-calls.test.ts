import { describe, expect, test } from 'vitest';
import { DAY, openEndpointStage, URL_A } from '../../support/webhooks/endpoint-stage.ts';
import { verdicts, view } from './endpoint-acts.ts';

describe('a callback', () => {
  test('that was delivered is not sent again when BullMQ hands it over once more', async () => {
    const stage = openEndpointStage();
    await verdicts(stage, 'w1');
    await stage.leave('w1');

    expect(await stage.endpoints.enter({ tenantId: 'acme', jobId: 'w1', url: URL_A, run: 1 })).toEqual({
      verdict: 'delivered',
      attempt: { at: '', outcome: 'delivered', latencyMs: 1 },
    });
  });

  test('that was delivered is sent again when an operator says so', async () => {
    const stage = openEndpointStage();
    await verdicts(stage, 'w1');
    await stage.leave('w1');
    await stage.records.noteReplay('acme', 'w1');

    expect(await stage.enter('w1')).toBe('go');
    await stage.leave('w1');
    expect((await stage.records.attempts('acme', 'w1')).map(({ outcome }) => outcome)).toEqual([
      'delivered',
      'replayed',
      'delivered',
    ]);
  });

  test.each(['forbidden', 'abandoned'] as const)(
    'that was not sent says nothing of its endpoint: %s',
    async (outcome) => {
      const stage = openEndpointStage();
      await verdicts(stage, 'w1');
      await stage.leave('w1', outcome);

      expect(await view(stage)).toMatchObject({ state: 'well', failures: 0, inHand: 0 });
    },
  );

  test('has its last twenty attempts on record, for two weeks, and for a day once it is delivered', async () => {
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

  test('that was delivered is never sent again, however late BullMQ hands it over', async () => {
    const stage = openEndpointStage();
    await verdicts(stage, 'w1');
    await stage.leave('w1');

    stage.clock.advance(3 * DAY);
    await stage.client.del(stage.keys.attempts('acme', 'w1'));

    expect(await stage.enter('w1', URL_A, 2)).toBe('delivered');
  });

  test('counts the calls that came to an end, each once, and no other acts', async () => {
    const stage = openEndpointStage();
    const call = { ...(await stage.make('w1')), run: 1 };
    const attempt = { at: 'once', outcome: 'refused', latencyMs: 1 } as const;
    expect(await stage.endpoints.enter(call)).toEqual({ verdict: 'go', calls: 0 });
    // As a command is sent again whose reply was lost.
    expect(await stage.endpoints.enter(call)).toEqual({ verdict: 'go', calls: 0 });
    await stage.endpoints.leave(call, attempt, 0);
    await stage.endpoints.leave(call, attempt, 0);

    expect(await stage.endpoints.enter({ ...call, run: 2 })).toEqual({ verdict: 'go', calls: 1 });
    expect(await view(stage)).toMatchObject({ failures: 1 });
    expect(await stage.records.attempts('acme', 'w1')).toHaveLength(1);
  });
});

describe('a worker that calls, and has lost the lock of the callback', () => {
  test('is waited for: its call is not made a second time meanwhile', async () => {
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
    ['delivered', 'old'],
    ['refused', 'old in 5000'],
  ] as const)(
    'and comes back late, with %s, has the callback woken that another one has parked',
    async (outcome, woken) => {
      const stage = openEndpointStage({ places: 1 });
      await stage.make('older');
      await stage.make('old');
      expect(await stage.enter('old')).toBe('go');
      expect(await stage.enter('older')).toBe('park');
      stage.clock.advance(12_001);
      expect(await stage.enter('old', URL_A, 2)).toBe('park');
      expect(stage.woken()).toEqual(['older']);

      await stage.leave('old', outcome);

      expect(stage.woken()).toEqual([woken]);
    },
  );

  test('and comes back before that one has parked it, is found out when that one rechecks', async () => {
    const stage = openEndpointStage({ places: 1 });
    await stage.make('older');
    await stage.make('old');
    expect(await stage.enter('old')).toBe('go');
    expect(await stage.enter('older')).toBe('park');
    stage.clock.advance(12_001);
    expect(await stage.enter('old', URL_A, 2)).toBe('park');
    await stage.leave('old');
    stage.woken();

    await stage.endpoints.recheck({ tenantId: 'acme', jobId: 'old', url: URL_A }, true);

    expect(stage.woken()).toEqual(['old']);
  });
});
