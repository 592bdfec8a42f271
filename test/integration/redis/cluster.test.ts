import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { removeKeys } from '../../../src/redis/connect.ts';
import { logOf, startWorker } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import type { TestProcess } from '../../support/processes.ts';
import { openTestCluster, type TestCluster } from '../../support/redis-cluster.ts';
import { contentUnder } from '../../support/redis-content.ts';
import { makeKey, startReplica } from '../../support/serve.ts';
import { message, openSystem, PATIENT, type System, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
/** One tenant in each of three partitions. */
const TENANTS = ['globex', 'acme', 'hooli'];
const CONVERSATIONS = 10;
/** Messages of one test. A conversation has four of them. */
const LOAD = TENANTS.length * CONVERSATIONS * 4;
/** So the messages of a conversation take seconds. */
const SLOW = { operations: { 'message.send': { latencyMs: 500 } } };

let cluster: TestCluster;
let system: System;
let worker: TestProcess;
let sent = 0;

beforeAll(async () => {
  cluster = await openTestCluster();
  const limit = { capacity: 1000, ratePerSecond: 1000 };
  system = await openSystem({
    redis: { url: cluster.url, prefix: 'own' },
    tenants: TENANTS.map((id) => ({ id, limit })),
    environment: { ...PATIENT, PARTITIONS: '3', JOB_RETRY_FOR: '10m' },
  });
  worker = await startWorker(system, { LOG_LEVEL: 'info' });
});

beforeEach(async () => {
  await system.sandbox.reset();
});

/** New messages, in turn of the tenants and of their conversations. */
function messages(count: number) {
  const first = sent;
  sent += count;
  return Array.from({ length: count }, (_, index) => {
    const n = first + index;
    return message({
      tenantId: TENANTS[n % TENANTS.length] as string,
      conversationId: `conversation-${n % (TENANTS.length * CONVERSATIONS)}`,
      body: text(`message ${n}`),
      idempotencyKey: `message-${n}`,
    });
  });
}

/** Waits until the sandbox has accepted so many messages, each once and in order. */
async function untilDelivered(count: number): Promise<void> {
  await waitFor(() => system.sandbox.stats().accepted >= count, {
    what: `${count} messages`,
    deadlineMs: 200_000,
  });
  expect(system.sandbox.stats()).toMatchObject({ accepted: count, outOfOrder: 0, duplicates: 0 });
}

/** The lines of the worker that warn, beside those on a node that is away. */
function complaints(): string[] {
  return logOf(worker)
    .filter(({ level, msg }) => level >= 40 && msg !== 'a redis node is away')
    .map((line) => JSON.stringify(line));
}

describe('on a Redis Cluster with three partitions', () => {
  test('library, worker, HTTP process, commands, schedules and audit records work', async () => {
    const gwm = async (...args: string[]) => await runCommand(args, { env: system.environment });
    const { secret } = await makeKey(system);
    const serve = await startReplica(system);
    const file = join(system.config.tenantsFile, '..', 'messages.ndjson');

    expect(await system.openProducer().enqueueMany(KIND, messages(60))).toMatchObject({ accepted: 60 });
    await writeFile(
      file,
      messages(60)
        .map((data) => JSON.stringify(data))
        .join('\n'),
    );
    expect(await gwm('enqueue', KIND, file)).toMatchObject({ code: 0 });
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
    for (const data of messages(3)) {
      const answer = await fetch(`${serve.url}/v1/messages`, {
        method: 'POST',
        headers,
        body: JSON.stringify(data),
      });
      expect(answer.status).toBe(202);
    }
    await untilDelivered(123);

    const ready = await fetch(`${serve.url}/readyz`);
    expect(await ready.json()).toMatchObject({ status: 'ok', checks: { redis: 'ok' } });
    expect(await gwm('status')).toMatchObject({ code: 0, stderr: '' });
    const { stdout: examined } = await gwm('doctor', '--json');
    expect(examined).toContain('a cluster of 3 masters');
    expect(examined.match(/"about":"redis 127\.0\.0\.1:\d+","check":"replicas","state":"ok"/g)).toHaveLength(
      3,
    );
    const schedule = ['--organizations', 'org-1', '--every', '10s'];
    expect(await gwm('audit', 'schedule', '--tenant', 'globex', ...schedule)).toMatchObject({ code: 0 });
    const syncs = system.queues.of('audit-sync', 'globex');
    await waitFor(async () => (await syncs.getCompletedCount()) > 0, { what: 'a job of the schedule' });
    expect(await gwm('audit', 'schedule', '--tenant', 'globex', '--off')).toMatchObject({ code: 0 });
    await waitFor(
      async () => {
        const { stdout } = await gwm('audit', 'verify', '--json');
        const chains = stdout.split('\n').map((line) => JSON.parse(line) as { records: number; ok: boolean });
        return chains.length === TENANTS.length && chains.every(({ records, ok }) => ok && records >= 41);
      },
      { what: 'an audit record of every job' },
    );
    expect(complaints()).toEqual([]);
  });

  test('a slot that moves under load stops no job, and producers do not notice', async () => {
    await system.sandbox.inject(SLOW);
    const producer = system.openProducer();
    await producer.enqueueMany(KIND, messages(LOAD / 2));
    const key = system.keys.ownOf(system.keys.partitionOf('globex'));
    const before = await cluster.masterOf(key);

    let late: Promise<unknown> = Promise.resolve();
    await cluster.moveSlot(key, async () => {
      late = producer.enqueueMany(KIND, messages(LOAD / 2));
      late.catch(() => {});
      // Admissions and conclusions of running jobs fall into this time.
      await delay(1000);
    });

    expect(await late).toMatchObject({ accepted: LOAD / 2 });
    await untilDelivered(LOAD);
    expect(await cluster.masterOf(key)).not.toBe(before);
    expect(complaints()).toEqual([]);
  });

  test('a cluster that is down for a moment is waited for', async () => {
    await system.sandbox.inject(SLOW);
    const producer = system.openProducer();
    await producer.enqueueMany(KIND, messages(LOAD / 2));

    let late: Promise<unknown> = Promise.resolve();
    await cluster.whileDown(async () => {
      late = producer.enqueueMany(KIND, messages(LOAD / 2));
      late.catch(() => {});
      await delay(1000);
    });

    expect(await late).toMatchObject({ accepted: LOAD / 2 });
    await untilDelivered(LOAD);
    expect(complaints()).toEqual([]);
  });

  test('a killed master is replaced, and no job is lost or sent twice', async () => {
    await system.sandbox.inject(SLOW);
    const producer = system.openProducer();
    await producer.enqueueMany(KIND, messages(LOAD / 2));

    await cluster.killMasterOf(system.keys.ownOf(system.keys.partitionOf('acme')));
    await producer.enqueueMany(KIND, messages(LOAD / 2));

    await untilDelivered(LOAD);
    expect(complaints()).toEqual([]);
  });

  test('one partition works too, and all keys of an installation can be removed', async () => {
    const single = await openSystem({ redis: { url: cluster.url, prefix: 'single' } });
    const producer = single.openProducer();
    const { jobIds } = await producer.enqueue(KIND, message());
    expect(await producer.getJob(KIND, jobIds[0] ?? '')).toMatchObject({ jobId: jobIds[0] });
    const keysLeft = async (prefix: string) =>
      (await Array.fromAsync(contentUnder(single.client, prefix))).length;
    const before = await keysLeft('own');
    expect(await keysLeft('single')).toBeGreaterThan(5);

    await removeKeys(single.client, 'single');

    expect(await keysLeft('single')).toBe(0);
    expect(before).toBeGreaterThan(5);
    expect(await keysLeft('own')).toBeGreaterThan(5);
  });
});
