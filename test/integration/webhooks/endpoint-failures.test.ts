import { describe, expect, test } from 'vitest';
import { DAY, openEndpointStage, URL_A } from '../../support/webhooks/endpoint-stage.ts';
import { fail, failOnce, verdicts, view } from './endpoint-acts.ts';

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
    expect(await stage.endpoints.enter({ tenantId: 'acme', jobId: 'w2', url: URL_A, run: 1 })).toEqual({
      verdict: 'wait',
      waitMs: 600,
    });
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
