import { describe, expect, test } from 'vitest';
import { endpointIdOf, endpointUrlOf } from '../../../src/webhooks/endpoints.ts';
import { DAY, openEndpointStage, URL_A, URL_B } from '../../support/webhooks/endpoint-stage.ts';

type Stage = ReturnType<typeof openEndpointStage>;

describe('an endpoint', () => {
  test('is called by as many as it has places; the others stand by', async () => {
    const stage = openEndpointStage({ places: 2 });

    expect(await verdicts(stage, 'w1', 'w2', 'w3', 'w4')).toEqual(['go', 'go', 'park', 'park']);
    expect(stage.woken()).toEqual([]);
  });

  test('gives a place that is free to the oldest of those that wait, and to no newcomer', async () => {
    const stage = openEndpointStage({ places: 1 });
    await stage.make('old');
    expect(await verdicts(stage, 'w1', 'w2')).toEqual(['go', 'park']);
    expect(await stage.enter('old')).toBe('park');

    await stage.leave('w1');

    expect(stage.woken()).toEqual(['old']);
    expect(await verdicts(stage, 'new')).toEqual(['park']);
    expect(await stage.enter('w2')).toBe('park');
    expect(await stage.enter('old')).toBe('go');
  });

  test('does not hold up another one, of the same tenant', async () => {
    const stage = openEndpointStage({ places: 1 });
    expect(await verdicts(stage, 'w1', 'w2')).toEqual(['go', 'park']);

    expect(await stage.arrive('other', { url: URL_B })).toMatchObject({ verdict: 'go' });
  });

  test('is the same whatever the query, and another one for another path, host or tenant', () => {
    expect(endpointUrlOf('https://A.example:443/hook?job=1#x')).toBe('https://a.example/hook');
    const ids = [
      endpointIdOf('acme', URL_A),
      endpointIdOf('acme', `${URL_A}/2`),
      endpointIdOf('acme', URL_B),
      endpointIdOf('globex', URL_A),
    ];
    expect(new Set(ids).size).toBe(4);
    expect(endpointIdOf('acme', `${URL_A}?job=1`)).toBe(ids[0]);
  });

  test('has all its places again when a worker died with them', async () => {
    const stage = openEndpointStage({ places: 1 });
    expect(await verdicts(stage, 'lost', 'w2')).toEqual(['go', 'park']);
    await stage.queue.remove('lost');
    await stage.endpoints.reconcile(0);
    expect(stage.woken()).toEqual([]);

    stage.clock.advance(12_000);
    await stage.endpoints.reconcile(0);

    expect(stage.woken()).toEqual(['w2']);
  });

  test('takes a callback whose worker died before anybody else', async () => {
    const stage = openEndpointStage({ places: 1 });
    expect(await verdicts(stage, 'w1', 'w2')).toEqual(['go', 'park']);

    // BullMQ has missed the worker, and hands the job to another one.
    expect(await stage.enter('w1')).toBe('go');
    stage.clock.advance(12_000);
    await stage.endpoints.reconcile(0);
    expect(stage.woken()).toEqual(['w1']);
  });

  test('gives the place of a dead worker to the oldest, though a newcomer finds it', async () => {
    const stage = openEndpointStage({ places: 1 });
    expect(await verdicts(stage, 'lost', 'w2')).toEqual(['go', 'park']);
    await stage.queue.remove('lost');
    stage.clock.advance(12_000);

    expect(await verdicts(stage, 'w3')).toEqual(['park']);
    expect(stage.woken()).toEqual(['w2']);
  });

  test('keeps a place for whom it called, and calls again when nobody comes', async () => {
    const stage = openEndpointStage({ places: 1 });
    expect(await verdicts(stage, 'w1', 'w2')).toEqual(['go', 'park']);
    await stage.leave('w1');
    expect(stage.woken()).toEqual(['w2']);

    stage.clock.advance(15_000);
    await stage.endpoints.reconcile(0);

    expect(stage.woken()).toEqual(['w2']);
    expect(await stage.enter('w2')).toBe('go');
  });

  test('does not wait for a callback that is gone from its queue', async () => {
    const stage = openEndpointStage({ places: 1 });
    expect(await verdicts(stage, 'w1', 'removed', 'w3')).toEqual(['go', 'park', 'park']);
    await stage.queue.remove('removed');

    await stage.leave('w1');

    expect(stage.woken()).toEqual(['w3']);
  });

  test('calls one that was told to stand by, and was called before it did', async () => {
    const stage = openEndpointStage({ places: 1 });
    expect(await verdicts(stage, 'w1', 'w2', 'w3')).toEqual(['go', 'park', 'park']);
    await stage.leave('w1');
    expect(stage.woken()).toEqual(['w2']);

    await stage.endpoints.lookAgain({ tenantId: 'acme', jobId: 'w3', url: URL_A }, true);
    expect(stage.woken()).toEqual([]);
    await stage.endpoints.lookAgain({ tenantId: 'acme', jobId: 'w2', url: URL_A }, true);
    expect(stage.woken()).toEqual(['w2']);
  });

  test('has an attempt on record once, though nobody could be woken; the next is found later', async () => {
    const stage = openEndpointStage({ places: 1, isDeaf: true });
    expect(await verdicts(stage, 'w1', 'w2')).toEqual(['go', 'park']);

    await stage.leave('w1', 'refused');

    expect(await stage.records.attempts('acme', 'w1')).toHaveLength(1);
    expect(await stage.enter('w2')).toBe('go');
  });

  test('leaves nothing to reconcile behind when all is done', async () => {
    const stage = openEndpointStage();
    await verdicts(stage, 'w1', 'w2');
    const occupied = () => stage.client.scard(`${stage.keys.own('acme')}endpoints-occupied`);
    expect(await occupied()).toBe(1);

    await stage.leave('w1');
    await stage.leave('w2', 'refused');

    expect(await occupied()).toBe(0);
  });
});

describe('a tenant', () => {
  test('has a number of places at all its endpoints, and holds up no other tenant', async () => {
    const stage = openEndpointStage({ places: 2, tenantPlaces: 3 });
    const urls = ['one', 'two', 'three', 'four'].map((path) => `https://many.example/${path}`);
    const entered = [];
    for (const url of urls) entered.push((await stage.arrive(url.slice(21), { url })).verdict);

    expect(entered).toEqual(['go', 'go', 'go', 'park']);
    expect(await stage.arrive('theirs', { tenantId: 'globex' })).toMatchObject({ verdict: 'go' });

    await stage.endpoints.leave(
      { tenantId: 'acme', jobId: 'two', url: urls[1] ?? '', activation: 1 },
      { at: '', outcome: 'delivered', latencyMs: 1 },
      0,
    );
    expect(stage.woken()).toEqual(['four']);
  });
});

describe('who waits for the end of a pause', () => {
  test('has no place of the tenant meanwhile, and stands by when there is none at the end', async () => {
    const stage = openEndpointStage({ tenantPlaces: 1 });
    await fail(stage, 5);
    expect(await stage.arrive('probe')).toMatchObject({ verdict: 'wait' });
    expect(await stage.arrive('other', { url: URL_B })).toMatchObject({ verdict: 'go' });
    stage.clock.advance(1000);

    expect(await stage.enter('probe')).toBe('park');
    await stage.endpoints.leave(
      { tenantId: 'acme', jobId: 'other', url: URL_B, activation: 1 },
      { at: '', outcome: 'delivered', latencyMs: 1 },
      0,
    );
    expect(stage.woken()).toEqual(['probe']);
    expect(await stage.enter('probe')).toBe('go');
  });
});

describe('five failures in a row', () => {
  test('open the circuit: one waits for the end of the pause, the others for him', async () => {
    const stage = openEndpointStage();
    await fail(stage, 5);

    expect(await stage.arrive('probe')).toEqual({ verdict: 'wait', waitMs: 1000 });
    expect(await verdicts(stage, 'w2', 'w3')).toEqual(['park', 'park']);
    expect(stage.woken()).toEqual([]);
    expect((await view(stage))?.state).toBe('paused');
  });

  test('are four and one more: one success in between begins the count anew', async () => {
    const stage = openEndpointStage();
    await fail(stage, 4);
    await stage.arrive('good');
    await stage.leave('good');
    await fail(stage, 4);

    expect(await verdicts(stage, 'w1')).toEqual(['go']);
  });

  test('let one try at a time afterwards; what he finds decides', async () => {
    const stage = openEndpointStage();
    await fail(stage, 5);
    await stage.arrive('probe');
    await verdicts(stage, 'w2', 'w3');
    stage.clock.advance(1000);

    expect(await stage.enter('probe')).toBe('go');
    expect(await verdicts(stage, 'w4')).toEqual(['park']);
    await stage.leave('probe', 'unreachable');
    expect(stage.woken()).toEqual(['w2 in 2000']);

    stage.clock.advance(2000);
    expect(await stage.enter('w2')).toBe('go');
    await stage.leave('w2');
    expect(stage.woken()).toEqual(['w3', 'w4']);
  });

  test('pause for longer each time, up to a minute', async () => {
    const stage = openEndpointStage();
    await fail(stage, 5);
    const waits: number[] = [];
    for (let opening = 0; opening < 8; opening++) {
      const entrance = await stage.arrive(`probe-${opening}`);
      if (entrance.verdict !== 'wait') throw new Error(`${entrance.verdict} in a pause`);
      waits.push(entrance.waitMs);
      stage.clock.advance(entrance.waitMs);
      expect(await stage.enter(`probe-${opening}`)).toBe('go');
      await stage.leave(`probe-${opening}`, 'refused');
    }

    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  });

  test('are not made more by what was on its way when they opened the circuit', async () => {
    const stage = openEndpointStage({ places: 10 });
    const all = ['f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7'];
    await verdicts(stage, ...all);
    for (const jobId of all) await stage.leave(jobId, 'unreachable');

    expect(await stage.arrive('probe')).toEqual({ verdict: 'wait', waitMs: 1000 });
  });

  test('are no reason to send whom they found called already', async () => {
    const stage = openEndpointStage({ places: 1 });
    await fail(stage, 4);
    expect(await verdicts(stage, 'f5', 'w2', 'w3')).toEqual(['go', 'park', 'park']);
    await stage.leave('f5', 'refused');
    expect(stage.woken()).toEqual(['w2 in 1000']);

    // Its worker's clock is fast: it comes before the end.
    stage.clock.advance(400);
    expect(await stage.endpoints.enter({ tenantId: 'acme', jobId: 'w2', url: URL_A, activation: 1 })).toEqual(
      {
        verdict: 'wait',
        waitMs: 600,
      },
    );
  });
});

describe('a receiver', () => {
  test('that asks to be left alone for a while is, by all', async () => {
    const stage = openEndpointStage();
    await verdicts(stage, 'w1');
    await stage.leave('w1', 'refused', 30_000);

    expect(await stage.arrive('w2')).toEqual({ verdict: 'wait', waitMs: 30_000 });
    expect(await verdicts(stage, 'w3')).toEqual(['park']);
    stage.clock.advance(30_000);
    expect(await stage.enter('w2')).toBe('go');
  });

  test('that is gone disables its endpoint: those that wait are told, and no newcomer is sent', async () => {
    const stage = openEndpointStage({ places: 1 });
    await verdicts(stage, 'w1', 'w2', 'w3');

    expect(await stage.leave('w1', 'gone')).toBe('gone');

    expect(stage.woken()).toEqual(['w2', 'w3']);
    expect(await stage.arrive('w4')).toEqual({ verdict: 'disabled', reason: 'gone' });
    expect(await stage.enter('w2')).toBe('disabled');
    expect(await view(stage)).toMatchObject({ state: 'disabled', disabledFor: 'gone', waiting: 0 });
    expect(await stage.records.counts()).toMatchObject({ disabled: 1 });
  });

  test('whose line is long has all of it told, a few at a time', async () => {
    const stage = openEndpointStage({ places: 1 });
    await verdicts(stage, 'w0');
    const waiting = Array.from({ length: 100 }, (_, index) => `line-${index}`);
    await verdicts(stage, ...waiting);
    await stage.leave('w0', 'gone');

    const told = new Set<string>();
    for (let woken = stage.woken(); woken.length > 0; woken = stage.woken()) {
      for (const jobId of woken) {
        told.add(jobId);
        expect(await stage.enter(jobId)).toBe('disabled');
      }
    }

    expect([...told].sort()).toEqual(waiting.sort());
  });

  test('that is back is called once it is enabled', async () => {
    const stage = openEndpointStage();
    await verdicts(stage, 'w1');
    await stage.leave('w1', 'gone');
    const endpointId = endpointIdOf('acme', URL_A);

    expect(await stage.endpoints.enable('acme', endpointId)).toBe('enabled');
    expect(await stage.endpoints.enable('acme', endpointId)).toBe('was-enabled');
    expect(await stage.endpoints.enable('acme', 'ep-of-nobody')).toBe('unknown');

    expect(await verdicts(stage, 'w2')).toEqual(['go']);
    expect(await view(stage)).toMatchObject({ state: 'well', disabledAt: null });
  });

  test('that is paused is called at once when it is enabled', async () => {
    const stage = openEndpointStage();
    await fail(stage, 5);
    expect(await stage.arrive('probe')).toMatchObject({ verdict: 'wait' });
    expect(await verdicts(stage, 'w2')).toEqual(['park']);

    await stage.endpoints.enable('acme', endpointIdOf('acme', URL_A));

    expect(stage.woken()).toEqual(['probe', 'w2']);
    expect(await stage.enter('probe')).toBe('go');
  });
});

describe('an endpoint that nothing but failed for five days', () => {
  test('is disabled by the next failure', async () => {
    const stage = openEndpointStage();
    await failOnce(stage, 'f0');
    for (let day = 1; day < 5; day++) {
      stage.clock.advance(DAY);
      expect(await failOnce(stage, `f${day}`)).toBeUndefined();
    }
    stage.clock.advance(DAY);

    expect(await failOnce(stage, 'f5')).toBe('failing');
    expect(await stage.arrive('w1')).toEqual({ verdict: 'disabled', reason: 'failing' });
  });

  test('is not one that succeeded once', async () => {
    const stage = openEndpointStage();
    await failOnce(stage, 'f0');
    stage.clock.advance(3 * DAY);
    await stage.arrive('good');
    await stage.leave('good');
    stage.clock.advance(2 * DAY);

    expect(await failOnce(stage, 'f1')).toBeUndefined();
    expect(await verdicts(stage, 'w1')).toEqual(['go']);
  });

  test('is not one that nobody called in between', async () => {
    const stage = openEndpointStage();
    await failOnce(stage, 'f0');
    stage.clock.advance(6 * DAY);

    expect(await failOnce(stage, 'f1')).toBeUndefined();
    expect(await view(stage)).toMatchObject({ failingSince: new Date(stage.clock.now()).toISOString() });
  });
});

describe('a callback', () => {
  test('that was delivered is not sent again when BullMQ hands it over once more', async () => {
    const stage = openEndpointStage();
    await verdicts(stage, 'w1');
    await stage.leave('w1');

    expect(await stage.endpoints.enter({ tenantId: 'acme', jobId: 'w1', url: URL_A, activation: 1 })).toEqual(
      {
        verdict: 'delivered',
        attempt: { at: '', outcome: 'delivered', latencyMs: 1 },
      },
    );
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
    for (let activation = 1; activation <= 25; activation++) {
      stage.clock.advance(DAY / 24);
      expect(await stage.enter('w1', URL_A, activation)).toBe('go');
      await stage.leave('w1', 'refused', undefined, { activation });
    }

    expect(await stage.records.attempts('acme', 'w1')).toHaveLength(20);
    expect(await stage.client.pttl(log)).toBeGreaterThan(13 * DAY);
    stage.clock.advance(DAY / 24);
    await stage.enter('w1', URL_A, 26);
    await stage.leave('w1', 'delivered', undefined, { activation: 26 });
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
    const call = { ...(await stage.make('w1')), activation: 1 };
    const attempt = { at: 'once', outcome: 'refused', latencyMs: 1 } as const;
    expect(await stage.endpoints.enter(call)).toEqual({ verdict: 'go', calls: 0 });
    // As a command is sent again whose reply was lost.
    expect(await stage.endpoints.enter(call)).toEqual({ verdict: 'go', calls: 0 });
    await stage.endpoints.leave(call, attempt, 0);
    await stage.endpoints.leave(call, attempt, 0);

    expect(await stage.endpoints.enter({ ...call, activation: 2 })).toEqual({ verdict: 'go', calls: 1 });
    expect(await view(stage)).toMatchObject({ failures: 1 });
    expect(await stage.records.attempts('acme', 'w1')).toHaveLength(1);
  });
});

describe('a worker that calls, and has lost the lock of the callback', () => {
  test('is waited for: its call is not made a second time meanwhile', async () => {
    const stage = openEndpointStage();
    await verdicts(stage, 'w1');
    stage.clock.advance(2000);

    const second = { tenantId: 'acme', jobId: 'w1', url: URL_A, activation: 2 };
    expect(await stage.endpoints.enter(second)).toEqual({ verdict: 'wait', waitMs: 10_000 });
    await stage.endpoints.lookAgain(second, false);
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

  test('and comes back before that one has parked it, is found out when that one looks again', async () => {
    const stage = openEndpointStage({ places: 1 });
    await stage.make('older');
    await stage.make('old');
    expect(await stage.enter('old')).toBe('go');
    expect(await stage.enter('older')).toBe('park');
    stage.clock.advance(12_001);
    expect(await stage.enter('old', URL_A, 2)).toBe('park');
    await stage.leave('old');
    stage.woken();

    await stage.endpoints.lookAgain({ tenantId: 'acme', jobId: 'old', url: URL_A }, true);

    expect(stage.woken()).toEqual(['old']);
  });
});

describe('failures of one worker', () => {
  test('do not open the circuit while another worker delivers, and take no places from it', async () => {
    const stage = openEndpointStage({ places: 2 });
    await verdicts(stage, 'well');
    await stage.leave('well', 'delivered', undefined, { worker: 'w-2' });

    await fail(stage, 20);

    expect(await view(stage)).toMatchObject({ state: 'failing', pausedUntil: null });
    expect(await verdicts(stage, 'a', 'b', 'c')).toEqual(['go', 'go', 'park']);
  });

  test('open it together with those of another', async () => {
    const stage = openEndpointStage();
    await verdicts(stage, 'well');
    await stage.leave('well', 'delivered', undefined, { worker: 'w-2' });
    await fail(stage, 20);

    await verdicts(stage, 'ill');
    await stage.leave('ill', 'refused', undefined, { worker: 'w-2' });

    expect(await view(stage)).toMatchObject({ state: 'paused' });
  });

  test('open it when no other worker has delivered for a minute, or has ever', async () => {
    const [alone, later] = [openEndpointStage(), openEndpointStage()];
    await fail(alone, 5);
    expect(await view(alone)).toMatchObject({ state: 'paused' });

    await verdicts(later, 'well');
    await later.leave('well', 'delivered', undefined, { worker: 'w-2' });
    await fail(later, 5);
    later.clock.advance(60_001);
    await fail(later, 1);
    expect(await view(later)).toMatchObject({ state: 'paused' });
  });
});

/** What new callbacks are told, one after the other. */
async function verdicts(stage: Stage, ...jobIds: string[]): Promise<string[]> {
  const told = [];
  for (const jobId of jobIds) told.push((await stage.arrive(jobId)).verdict);
  return told;
}

let failures = 0;

async function fail(stage: Stage, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await failOnce(stage, `failure-${failures++}`);
}

async function failOnce(stage: Stage, jobId: string) {
  expect(await stage.arrive(jobId)).toMatchObject({ verdict: 'go' });
  return await stage.leave(jobId, 'refused');
}

async function view(stage: Stage) {
  return await stage.records.endpoint('acme', endpointIdOf('acme', URL_A));
}
