import { describe, expect, test } from 'vitest';
import { endpointIdOf } from '../../../src/webhooks/endpoint-id.ts';
import { openLossyProxy } from '../../support/lossy-proxy.ts';
import { testRedis } from '../../support/redis.ts';
import { openEndpointStage, URL_A, URL_B } from '../../support/webhooks/endpoint-stage.ts';
import { fail, verdicts, view } from './endpoint-acts.ts';

type Stage = ReturnType<typeof openEndpointStage>;

describe('a new callback', () => {
  test('may run at once if a permit is free; the others are parked, and join the wait queue', async () => {
    const stage = openEndpointStage({ concurrency: 2 });

    await stage.born('w1', 'w2', 'w3', 'w4');

    expect(await stage.waitingJobs()).toEqual(['w1', 'w2']);
    expect(await held(stage)).toEqual({ inHand: 2, waiting: 2 });
    for (const jobId of ['w3', 'w4']) expect(await stage.queue.getJobState(jobId)).toBe('delayed');
  });

  test('goes when its worker starts it, and its end lets the oldest one that waits run', async () => {
    const stage = openEndpointStage({ concurrency: 1 });
    await stage.born('w1', 'w2', 'w3');
    expect(await stage.enter('w1')).toBe('go');
    await stage.take('w1');

    await stage.leave('w1');

    expect(await stage.waitingJobs()).toEqual(['w2']);
    expect(stage.wakesLeft()).toEqual([]);
    expect(await stage.enter('w2')).toBe('go');
  });

  test('is enqueued once, however often it is reported, also after its delivery', async () => {
    const stage = openEndpointStage({ concurrency: 1 });
    await stage.born('w1', 'w1', 'w2');
    await stage.born('w1', 'w2');
    expect(await stage.waitingJobs()).toEqual(['w1']);
    expect(await held(stage)).toEqual({ inHand: 1, waiting: 1 });
    await stage.enter('w1');
    await stage.leave('w1');

    await stage.born('w1');

    expect(await held(stage)).toEqual({ inHand: 1, waiting: 0 });
  });

  test('waits behind callbacks that wait, although a permit is free', async () => {
    const stage = openEndpointStage({ concurrency: 1, tenantConcurrency: 1 });
    await stage.born('w1', 'w2');
    await stage.enter('w1');
    await stage.take('w1');
    // Its job is gone, so that no act frees its permit, and the permit expires.
    await stage.queue.remove('w1');
    stage.clock.advance(12_000);

    await stage.born('w3');

    expect(await stage.waitingJobs()).toEqual(['w2']);
  });

  test('waits for a permit of its tenant', async () => {
    const stage = openEndpointStage({ concurrency: 2, tenantConcurrency: 1 });
    await stage.born('w1');
    await stage.born({ jobId: 'other', url: URL_B });
    expect(await stage.waitingJobs()).toEqual(['w1']);
    await stage.enter('w1');
    await stage.take('w1');

    await stage.leave('w1');

    expect(await stage.waitingJobs()).toEqual(['other']);
  });

  test('of a paused endpoint gets the permit for the end of the pause, and the next one waits', async () => {
    const stage = openEndpointStage();
    await fail(stage, 5);
    stage.woken();

    await stage.born('w1', 'w2');

    expect(stage.wakesLeft()).toMatchObject([{ jobId: 'w1', delayMs: 1000 }]);
    expect(await stage.waitingJobs()).toEqual([]);
  });

  test('of a disabled endpoint may run, so that it fails', async () => {
    const stage = openEndpointStage();
    await verdicts(stage, 'first');
    await stage.leave('first', 'gone');

    await stage.born('w1', 'w2', 'w3');

    expect(await stage.waitingJobs()).toEqual(['w1', 'w2', 'w3']);
    expect(await stage.enter('w1')).toBe('disabled');
  });

  test('whose worker does not come gives its permit to the oldest one, which is itself', async () => {
    const stage = openEndpointStage({ concurrency: 1 });
    await stage.born('w1', 'w2');
    stage.clock.advance(15_000);
    await stage.endpoints.reconcile(0);

    expect(await stage.waitingJobs()).toEqual(['w1']);
    expect(await stage.enter('w1')).toBe('go');
  });

  test('is enqueued although the state of its endpoint is damaged: its worker finds out', async () => {
    const stage = openEndpointStage();
    await stage.client.set(waitingKey(stage), 'a text');

    await stage.born('w1');

    expect(await stage.waitingJobs()).toEqual(['w1']);
    await expect(stage.enter('w1')).rejects.toThrow('WRONGTYPE');
  });
});

test('a job that its queue does not take is not there, and the next report enqueues it', async () => {
  const stage = openEndpointStage({ concurrency: 1 });
  await stage.client.set(stage.queue.toKey('wait'), 'a text');
  await expect(stage.born('w1')).rejects.toThrow('WRONGTYPE');
  expect(await held(stage)).toEqual({ inHand: 0, waiting: 0 });
  await stage.client.del(stage.queue.toKey('wait'));

  await stage.born('w1');

  expect(await stage.waitingJobs()).toEqual(['w1']);
});

describe('acts of one turn of the event loop', () => {
  test('are one script', async () => {
    const stage = openEndpointStage();
    await verdicts(stage, 'w0');
    const sent: string[] = [];
    const send = stage.client.sendCommand.bind(stage.client);
    stage.client.sendCommand = (command, stream) => {
      sent.push(command.name);
      return send(command, stream);
    };

    await Promise.all([stage.leave('w0'), stage.born('w1', 'w2'), stage.enter('w3')]);

    expect(sent).toEqual(['evalsha']);
  });

  test('give a permit that is free now to the callback that waits for it in the same turn', async () => {
    const stage = openEndpointStage({ concurrency: 1 });
    await verdicts(stage, 'w1');
    await stage.make('w2');

    const [verdict] = await Promise.all([stage.enter('w2'), stage.leave('w1')]);

    expect(verdict).toBe('go');
    expect(stage.woken()).toEqual([]);
    expect(await held(stage)).toEqual({ inHand: 1, waiting: 0 });
  });

  test('give it to an older callback first', async () => {
    const stage = openEndpointStage({ concurrency: 1 });
    expect(await verdicts(stage, 'w1', 'old')).toEqual(['go', 'park']);
    await stage.make('new');

    const [verdict] = await Promise.all([stage.enter('new'), stage.leave('w1')]);

    expect(verdict).toBe('park');
    expect(stage.woken()).toEqual(['old']);
  });

  test('get no more permits than there are', async () => {
    const stage = openEndpointStage({ concurrency: 3, tenantConcurrency: 5 });
    const ids = Array.from({ length: 10 }, (_, index) => `w${index}`);
    for (const [index, jobId] of ids.entries()) await stage.make(jobId, { url: index % 2 ? URL_A : URL_B });

    const given = await Promise.all(ids.map((jobId, index) => stage.enter(jobId, index % 2 ? URL_A : URL_B)));

    expect(given.filter((verdict) => verdict === 'go')).toHaveLength(5);
    expect(given.filter((verdict) => verdict === 'park')).toHaveLength(5);
  });
});

test('an act that fails fails alone, with the error of Redis', async () => {
  const stage = openEndpointStage();
  await stage.make('w1');
  await stage.make('w2', { url: URL_B });
  await stage.client.set(waitingKey(stage), 'a text');

  const [failed, other] = await Promise.allSettled([stage.enter('w1'), stage.enter('w2', URL_B)]);

  expect(failed).toMatchObject({
    reason: { name: 'ReplyError', message: expect.stringContaining('WRONGTYPE') },
  });
  expect(other).toMatchObject({ value: 'go' });
});

test('acts whose reply is lost are performed once', async () => {
  const proxy = await openLossyProxy(testRedis().url);
  const stage = openEndpointStage({ concurrency: 2, url: proxy.url });
  await verdicts(stage, 'w1', 'w2', 'w3');

  proxy.dropNextReply();
  const [, verdict] = await Promise.all([stage.leave('w1', 'refused'), stage.enter('w4'), stage.born('w5')]);

  expect(proxy.dropped()).toBe(1);
  expect(verdict).toBe('park');
  expect(await stage.records.attempts('acme', 'w1')).toHaveLength(1);
  expect(await view(stage)).toMatchObject({ failures: 1, inHand: 2, waiting: 2 });
});

/** Callbacks of the endpoint at URL_A. */
async function held({ client, keys }: Stage) {
  const id = endpointIdOf('acme', URL_A);
  const [inHand, waiting] = await Promise.all([
    client.zcard(keys.endpointPermits('acme', id)),
    client.zcard(keys.endpointWaiting('acme', id)),
  ]);
  return { inHand, waiting };
}

function waitingKey(stage: Stage): string {
  return stage.keys.endpointWaiting('acme', endpointIdOf('acme', URL_A));
}
