import { describe, expect, test } from 'vitest';
import { openLossyProxy } from '../../support/lossy-proxy.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { openRefusingProxy } from '../../support/refusing-proxy.ts';
import { setCounts } from './stage.ts';

describe('a flush', () => {
  test('adds to what other workers add at the same time', async () => {
    const { worker, run, windows } = setCounts();
    const workers = [worker('w1'), worker('w2'), worker('w3')];

    for (let round = 0; round < 20; round++) {
      for (const counting of workers) counting.count(run({ tenantId: round % 2 ? 'acme' : 'globex' }));
      await Promise.all(workers.map((counting) => counting.flush()));
    }

    expect((await windows('acme')).minute.counts.delivered).toBe(30);
    expect((await windows('globex')).day.counts.delivered).toBe(30);
  });

  test('waits while Redis is away, and adds each count once when it is back', async () => {
    const redis = await openOwnRedis();
    const { worker, run, windows, clock, warnings } = setCounts(redis);
    const counting = worker();
    counting.count(run());
    await counting.flush();
    await redis.kill();

    counting.count(run());
    const first = counting.flush();
    clock.advance(60_000);
    counting.count(run({ outcome: 'failed' }));
    const second = counting.flush();
    await redis.restart();
    await Promise.all([first, second]);
    await counting.flush();

    const { minute, hour } = await windows();
    expect(minute.counts).toMatchObject({ delivered: 2, failed: 1 });
    expect(hour.counts).toMatchObject({ delivered: 2, failed: 1 });
    expect(warnings).toEqual([]);
  });

  test('that Redis refuses keeps the counts for the next one', async () => {
    const { redis, worker, run, windows, warnings } = setCounts();
    const proxy = await openRefusingProxy(redis.url);
    const counting = worker('w1', proxy.url);
    counting.count(run());
    await counting.flush();
    const refusal = proxy.refuse(/^eval/i, 2);

    counting.count(run());
    await counting.flush();
    counting.count(run());
    await counting.flush();
    expect(refusal.left()).toBe(0);
    expect((await windows()).day.counts.delivered).toBe(1);
    await counting.flush();

    expect((await windows()).day.counts.delivered).toBe(3);
    expect(warnings).toEqual([{ reason: expect.stringContaining('OOM') }]);
  });

  test('says nothing of a server that is a replica now: the log of the connection says it', async () => {
    const { redis, worker, run, windows, warnings } = setCounts();
    const proxy = await openRefusingProxy(redis.url);
    const counting = worker('w1', proxy.url);
    counting.count(run());
    const refusal = proxy.refuse(/^eval/i, 2, "READONLY You can't write against a read only replica.");

    while (refusal.left() > 0) await counting.flush();
    await counting.flush();

    expect((await windows()).day.counts.delivered).toBe(1);
    expect(warnings).toEqual([]);
  });

  test('adds the counts once when the reply is lost', async () => {
    const { redis, worker, run, windows } = setCounts();
    const proxy = await openLossyProxy(redis.url);
    const counting = worker('w1', proxy.url);
    counting.count(run());
    await counting.flush();

    counting.count(run());
    proxy.dropNextReply();
    await counting.flush();
    counting.count(run());
    await counting.flush();

    expect(proxy.dropped()).toBe(1);
    expect((await windows()).day.counts.delivered).toBe(3);
  });

  test('passes over a hash that another program has replaced', async () => {
    const { client, keys, clock, worker, run, windows } = setCounts();
    await client.set(keys.counts('acme', 'm', `s${Math.floor(clock.now() / 10_000)}`), 'a text', 'EX', 60);
    const counting = worker();
    counting.count(run());
    counting.count(run({ kind: 'card-delivery' }));
    await counting.flush();
    await client.del(keys.counts('acme', 'm', `s${Math.floor(clock.now() / 10_000)}`));

    const { minute, hour } = await windows();
    expect([minute.counts.delivered, hour.counts.delivered]).toEqual([1, 2]);
  });

  test('comes once more when the worker stops', async () => {
    const { worker, run, windows } = setCounts();
    const counting = worker();
    counting.count(run());
    await counting.stop();

    expect((await windows()).minute.counts.delivered).toBe(1);
  });
});
