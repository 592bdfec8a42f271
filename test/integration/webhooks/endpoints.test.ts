import { describe, expect, test } from 'vitest';
import { endpointIdOf, endpointUrlOf } from '../../../src/webhooks/endpoints.ts';
import { openEndpointStage, URL_A, URL_B } from '../../support/webhooks/endpoint-stage.ts';
import { fail, verdicts } from './endpoint-acts.ts';

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

    await stage.endpoints.recheck({ tenantId: 'acme', jobId: 'w3', url: URL_A }, true);
    expect(stage.woken()).toEqual([]);
    await stage.endpoints.recheck({ tenantId: 'acme', jobId: 'w2', url: URL_A }, true);
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
      { tenantId: 'acme', jobId: 'two', url: urls[1] ?? '', run: 1 },
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
      { tenantId: 'acme', jobId: 'other', url: URL_B, run: 1 },
      { at: '', outcome: 'delivered', latencyMs: 1 },
      0,
    );
    expect(stage.woken()).toEqual(['probe']);
    expect(await stage.enter('probe')).toBe('go');
  });
});
