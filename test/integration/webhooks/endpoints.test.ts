import { describe, expect, test } from 'vitest';
import { endpointIdOf, endpointUrlOf } from '../../../src/webhooks/endpoint-id.ts';
import { openEndpointStage, URL_A, URL_B } from '../../support/webhooks/endpoint-stage.ts';
import { fail, verdicts } from './endpoint-acts.ts';

describe('an endpoint', () => {
  test('gets as many calls as it has permits; the other callbacks are parked', async () => {
    const stage = openEndpointStage({ concurrency: 2 });

    expect(await verdicts(stage, 'w1', 'w2', 'w3', 'w4')).toEqual(['go', 'go', 'park', 'park']);
    expect(stage.woken()).toEqual([]);
  });

  test('grants a free permit to the oldest callback that waits, not to a new one', async () => {
    const stage = openEndpointStage({ concurrency: 1 });
    await stage.make('old');
    expect(await verdicts(stage, 'w1', 'w2')).toEqual(['go', 'park']);
    expect(await stage.enter('old')).toBe('park');

    await stage.leave('w1');

    expect(stage.woken()).toEqual(['old']);
    expect(await verdicts(stage, 'new')).toEqual(['park']);
    expect(await stage.enter('w2')).toBe('park');
    expect(await stage.enter('old')).toBe('go');
  });

  test('does not hold up another endpoint of the same tenant', async () => {
    const stage = openEndpointStage({ concurrency: 1 });
    expect(await verdicts(stage, 'w1', 'w2')).toEqual(['go', 'park']);

    expect(await stage.arrive('other', { url: URL_B })).toMatchObject({ verdict: 'go' });
  });

  test('has an id that depends on path, host and tenant, and not on the query', () => {
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

  test('gets the permits of a dead worker back', async () => {
    const stage = openEndpointStage({ concurrency: 1 });
    expect(await verdicts(stage, 'lost', 'w2')).toEqual(['go', 'park']);
    await stage.queue.remove('lost');
    await stage.endpoints.reconcile(0);
    expect(stage.woken()).toEqual([]);

    stage.clock.advance(12_000);
    await stage.endpoints.reconcile(0);

    expect(stage.woken()).toEqual(['w2']);
  });

  test('sends the callback of a dead worker before younger ones', async () => {
    const stage = openEndpointStage({ concurrency: 1 });
    expect(await verdicts(stage, 'w1', 'w2')).toEqual(['go', 'park']);

    // BullMQ has noticed the death, and hands the job to another worker.
    expect(await stage.enter('w1')).toBe('go');
    stage.clock.advance(12_000);
    await stage.endpoints.reconcile(0);
    expect(stage.woken()).toEqual(['w1']);
  });

  test('grants the permit of a dead worker to the oldest callback, also if a new one enters first', async () => {
    const stage = openEndpointStage({ concurrency: 1 });
    expect(await verdicts(stage, 'lost', 'w2')).toEqual(['go', 'park']);
    await stage.queue.remove('lost');
    stage.clock.advance(12_000);

    expect(await verdicts(stage, 'w3')).toEqual(['park']);
    expect(stage.woken()).toEqual(['w2']);
  });

  test('keeps a granted permit for a while, and grants it again if the callback does not enter', async () => {
    const stage = openEndpointStage({ concurrency: 1 });
    expect(await verdicts(stage, 'w1', 'w2')).toEqual(['go', 'park']);
    await stage.leave('w1');
    expect(stage.woken()).toEqual(['w2']);

    stage.clock.advance(15_000);
    await stage.endpoints.reconcile(0);

    expect(stage.woken()).toEqual(['w2']);
    expect(await stage.enter('w2')).toBe('go');
  });

  test('grants no permit to a callback that has left its queue', async () => {
    const stage = openEndpointStage({ concurrency: 1 });
    expect(await verdicts(stage, 'w1', 'removed', 'w3')).toEqual(['go', 'park', 'park']);
    await stage.queue.remove('removed');

    await stage.leave('w1');

    expect(stage.woken()).toEqual(['w3']);
  });

  test('wakes a callback that was granted a permit before it was parked', async () => {
    const stage = openEndpointStage({ concurrency: 1 });
    expect(await verdicts(stage, 'w1', 'w2', 'w3')).toEqual(['go', 'park', 'park']);
    await stage.leave('w1');
    expect(stage.woken()).toEqual(['w2']);

    await stage.endpoints.recheck({ tenantId: 'acme', jobId: 'w3', url: URL_A }, true);
    expect(stage.woken()).toEqual([]);
    await stage.endpoints.recheck({ tenantId: 'acme', jobId: 'w2', url: URL_A }, true);
    expect(stage.woken()).toEqual(['w2']);
  });

  test('records an attempt once, although the wake fails; the next callback may enter later', async () => {
    const stage = openEndpointStage({ concurrency: 1, failsToWake: true });
    expect(await verdicts(stage, 'w1', 'w2')).toEqual(['go', 'park']);

    await stage.leave('w1', 'refused');

    expect(await stage.records.attempts('acme', 'w1')).toHaveLength(1);
    expect(await stage.enter('w2')).toBe('go');
  });

  test('leaves nothing to reconcile after its last call', async () => {
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
  test('has one concurrency limit for all its endpoints, and does not hold up other tenants', async () => {
    const stage = openEndpointStage({ concurrency: 2, tenantConcurrency: 3 });
    const urls = ['one', 'two', 'three', 'four'].map((path) => `https://many.example/${path}`);
    const entered = [];
    for (const url of urls) entered.push((await stage.arrive(url.slice(21), { url })).verdict);

    expect(entered).toEqual(['go', 'go', 'go', 'park']);
    expect(await stage.arrive('theirs', { tenantId: 'globex' })).toMatchObject({ verdict: 'go' });

    await stage.endpoints.leave(
      { tenantId: 'acme', jobId: 'two', url: urls[1] ?? '', run: 1 },
      { at: '', outcome: 'delivered', latencyMs: 1 },
    );
    expect(stage.woken()).toEqual(['four']);
  });
});

describe('a callback that waits for the end of a pause', () => {
  test('uses no permit of the tenant meanwhile, and is parked if no permit of the tenant is free at the end', async () => {
    const stage = openEndpointStage({ tenantConcurrency: 1 });
    await fail(stage, 5);
    expect(await stage.arrive('probe')).toMatchObject({ verdict: 'wait' });
    expect(await stage.arrive('other', { url: URL_B })).toMatchObject({ verdict: 'go' });
    stage.clock.advance(1000);

    expect(await stage.enter('probe')).toBe('park');
    await stage.endpoints.leave(
      { tenantId: 'acme', jobId: 'other', url: URL_B, run: 1 },
      { at: '', outcome: 'delivered', latencyMs: 1 },
    );
    expect(stage.woken()).toEqual(['probe']);
    expect(await stage.enter('probe')).toBe('go');
  });
});
