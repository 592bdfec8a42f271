import { describe, expect, test } from 'vitest';
import { DAY, openEndpointStage, URL_A } from '../../support/webhooks/endpoint-stage.ts';
import { fail, failOnce, verdicts, view } from './endpoint-acts.ts';

describe('five failures in a row', () => {
  test('open the circuit: one callback gets the permit for the end of the pause, the others wait', async () => {
    const stage = openEndpointStage();
    await fail(stage, 5);

    expect(await stage.arrive('probe')).toEqual({ verdict: 'wait', waitMs: 1000 });
    expect(await verdicts(stage, 'w2', 'w3')).toEqual(['park', 'park']);
    expect(stage.woken()).toEqual([]);
    expect((await view(stage))?.state).toBe('paused');
  });

  test('must have no success between them: a success restarts the count', async () => {
    const stage = openEndpointStage();
    await fail(stage, 4);
    await stage.arrive('good');
    await stage.leave('good');
    await fail(stage, 4);

    expect(await verdicts(stage, 'w1')).toEqual(['go']);
  });

  test('let one callback try after the pause, and its result decides about the others', async () => {
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

  test('cause a longer pause each time, up to a minute', async () => {
    const stage = openEndpointStage();
    await fail(stage, 5);
    const waits: number[] = [];
    for (let opening = 0; opening < 8; opening++) {
      const decision = await stage.arrive(`probe-${opening}`);
      if (decision.verdict !== 'wait') throw new Error(`${decision.verdict} in a pause`);
      waits.push(decision.waitMs);
      stage.clock.advance(decision.waitMs);
      expect(await stage.enter(`probe-${opening}`)).toBe('go');
      await stage.leave(`probe-${opening}`, 'refused');
    }

    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  });

  test('open the circuit once, also if concurrent calls fail as well', async () => {
    const stage = openEndpointStage({ concurrency: 10 });
    const all = ['f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7'];
    await verdicts(stage, ...all);
    for (const jobId of all) await stage.leave(jobId, 'unreachable');

    expect(await stage.arrive('probe')).toEqual({ verdict: 'wait', waitMs: 1000 });
  });

  test('make a callback wait for the end of the pause, although it has a permit', async () => {
    const stage = openEndpointStage({ concurrency: 1 });
    await fail(stage, 4);
    expect(await verdicts(stage, 'f5', 'w2', 'w3')).toEqual(['go', 'park', 'park']);
    await stage.leave('f5', 'refused');
    expect(stage.woken()).toEqual(['w2 in 1000']);

    // The clock of the worker is fast, so the callback enters before the end of the pause.
    stage.clock.advance(400);
    expect(await stage.endpoints.enter({ tenantId: 'acme', jobId: 'w2', url: URL_A, run: 1 })).toEqual({
      verdict: 'wait',
      waitMs: 600,
    });
  });
});

describe('an endpoint whose calls all fail for five days', () => {
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

  test('stays enabled if one call succeeded in between', async () => {
    const stage = openEndpointStage();
    await failOnce(stage, 'f0');
    stage.clock.advance(3 * DAY);
    await stage.arrive('good');
    await stage.leave('good');
    stage.clock.advance(2 * DAY);

    expect(await failOnce(stage, 'f1')).toBeUndefined();
    expect(await verdicts(stage, 'w1')).toEqual(['go']);
  });

  test('stays enabled if there was no call in between', async () => {
    const stage = openEndpointStage();
    await failOnce(stage, 'f0');
    stage.clock.advance(6 * DAY);

    expect(await failOnce(stage, 'f1')).toBeUndefined();
    expect(await view(stage)).toMatchObject({ failingSince: new Date(stage.clock.now()).toISOString() });
  });
});

describe('failures of one worker', () => {
  test('do not open the circuit while another worker delivers, and leave it its permits', async () => {
    const stage = openEndpointStage({ concurrency: 2 });
    await verdicts(stage, 'well');
    await stage.leave('well', 'delivered', undefined, { worker: 'w-2' });

    await fail(stage, 20);

    expect(await view(stage)).toMatchObject({ state: 'failing', pausedUntil: null });
    expect(await verdicts(stage, 'a', 'b', 'c')).toEqual(['go', 'go', 'park']);
  });

  test('open the circuit together with failures of another worker', async () => {
    const stage = openEndpointStage();
    await verdicts(stage, 'well');
    await stage.leave('well', 'delivered', undefined, { worker: 'w-2' });
    await fail(stage, 20);

    await verdicts(stage, 'ill');
    await stage.leave('ill', 'refused', undefined, { worker: 'w-2' });

    expect(await view(stage)).toMatchObject({ state: 'paused' });
  });

  test('open the circuit if no other worker has delivered within the last minute', async () => {
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
