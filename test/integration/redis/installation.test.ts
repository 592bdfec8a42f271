import { describe, expect, test } from 'vitest';
import { runGwm, startWorker } from '../../support/gwm.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { message, openSystem, PATIENT } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const TENANTS = ['acme', 'globex', 'hooli', 'initech'];

describe('the layout of an installation', () => {
  test('is written by the first process, and counts for later ones with another number', async () => {
    const system = await openSystem({ environment: PATIENT, tenants: TENANTS });
    await system.openProducer({ partitions: 4 }).enqueue(KIND, message());

    const worker = await startWorker(system);
    await worker.line(/PARTITIONS is set to 1, and Redis has 4 partitions, which count; .*set PARTITIONS=4/);
    const tenants = TENANTS.map((tenantId) => message({ tenantId }));
    await system.openProducer().enqueueMany(KIND, tenants);

    await waitFor(() => system.sandbox.stats().accepted === 1 + TENANTS.length, { what: 'all messages' });
    const status = await runGwm(['status'], { env: { ...system.environment, PARTITIONS: '9' } });
    expect(status.code).toBe(0);
    expect(status.stderr).toContain('to raise the number, run gwm partitions raise 9');
    const { prefix } = system.redis;
    const indexes = await Promise.all(
      [0, 1, 2, 3].map((p) => system.client.hlen(`${prefix}:{${p}}:indexed`)),
    );
    expect(indexes.filter((size) => size > 0).length).toBeGreaterThan(1);
  });

  test.for([
    {
      format: '1',
      remedy: (key: string) =>
        `Run the old version until its queues are empty, stop every process, and delete the key ${key}; or set another QUEUE_PREFIX.`,
    },
    { format: '99', remedy: () => 'Run the newer version, or set another QUEUE_PREFIX.' },
  ])('of format $format stays unchanged, and the error names the remedy', async ({ format, remedy }) => {
    const system = await openSystem({ environment: PATIENT });
    const { client, keys, redis } = system;
    await client.hset(keys.installation(), 'format', format);

    await expect(system.openProducer().enqueue(KIND, message())).rejects.toThrow(
      `Redis holds data of format ${format} under the prefix ${redis.prefix}, and this version reads format 3. ${remedy(keys.installation())}`,
    );
    expect(await client.hget(keys.installation(), 'format')).toBe(format);
  });

  test('of an older format is usable after the operator has deleted its key', async () => {
    const system = await openSystem({ environment: PATIENT });
    await system.client.hset(system.keys.installation(), 'format', '1');
    await system.client.del(system.keys.installation());

    await system.openProducer().enqueue(KIND, message());

    expect(await system.client.hget(system.keys.installation(), 'format')).toBe('3');
  });
});

describe('a Redis that loses its data', () => {
  test('gets the tenants again, and the next job goes out within seconds without a restart', async () => {
    const redis = await openOwnRedis();
    const system = await openSystem({ environment: PATIENT, redis });
    const worker = await startWorker(system);
    const producer = system.openProducer();
    const before = await producer.enqueue(KIND, message());
    expect(await system.ended(before.jobIds[0])).toMatchObject({ state: 'completed' });

    await system.client.flushall();
    const { jobIds } = await producer.enqueue(KIND, message());

    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed' });
    expect(system.sandbox.stats()).toMatchObject({ accepted: 2, duplicates: 0 });
    await worker.line(/redis has lost its data/);
    const { prefix } = system.redis;
    expect(await system.client.hgetall(system.keys.installation())).toEqual({
      format: '3',
      partitions: '1',
      prefix,
    });
    expect(await system.client.hget(`${prefix}:{0}:${KIND}:meta`, 'opts.maxLenEvents')).toBe('1000');
    await waitFor(async () => (await system.client.xlen(system.keys.auditStream(0))) === 0, {
      what: 'audit records that are stored, as before',
    });
  });

  test('of one bucket gets that bucket again', async () => {
    const system = await openSystem({ environment: PATIENT, tenants: ['acme', 'globex'] });
    const worker = await startWorker(system);

    await system.client.del(`${system.keys.own('globex')}bucket:globex:messages`);
    const { jobIds } = await system.openProducer().enqueue(KIND, message({ tenantId: 'globex' }));

    const ended = await system.ended(jobIds[0], { tenantId: 'globex' });
    expect(ended).toMatchObject({ state: 'completed' });
    await worker.line(/buckets that redis has lost are configured anew/);
  });
});
