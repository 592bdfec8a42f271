import { beforeAll, describe, expect, test } from 'vitest';
import { logOf, startWorker } from '../../support/gwm.ts';
import type { TestProcess } from '../../support/processes.ts';
import { openReceiver } from '../../support/receiver.ts';
import { message, openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';

interface Fields {
  readonly [name: string]: string | null;
}

const DAMAGES: readonly (readonly [what: string, fields: Fields])[] = [
  ['a word as the time', { timestamp: 'yesterday' }],
  ['a time that no calendar has', { timestamp: '99999999999999999999' }],
  ['no time', { timestamp: null }],
  ['data that is no JSON', { data: '{"tenantId":"acme",' }],
  ['no data', { data: null }],
  ['bytes instead of data', { data: '\u0000\uffff\u0001' }],
  ['options that are no JSON', { opts: 'attempts=3' }],
  ['options that are a list', { opts: '[]' }],
  ['options with words for numbers', { opts: '{"attempts":"many"}' }],
  ['no options', { opts: null }],
  ['a parent that is no JSON', { parent: 'oops', parentKey: 'gwm:{0}:config-rollout:gone' }],
  ['a parent that is unreadable', { parent: '{}', parentKey: 'x' }],
  ['progress that is no JSON', { progress: 'half' }],
  ['a word as a counter of starts', { ats: 'often' }],
  ['a word as a counter of attempts', { atm: 'never' }],
  ['a word as a counter of stalls', { stc: 'x' }],
  ['a word as the delay', { delay: 'soon' }],
  ['a word as the number of kept jobs', { opts: '{"attempts":3,"removeOnComplete":"x"}' }],
  ['a word as the age of kept jobs', { opts: '{"attempts":3,"removeOnFail":{"age":"x"}}' }],
  ['no name', { name: null }],
  ['nothing at all', { name: null, data: null, opts: null, timestamp: null, delay: null, priority: null }],
];

/** One conversation for each damage: a damaged job, and a job behind it. */
interface Case {
  readonly victim: string;
  readonly follower: string;
}

describe('a job that is damaged in Redis', () => {
  const cases = new Map<string, Case>();
  let stage: Awaited<ReturnType<typeof openStage>>;
  let worker: TestProcess;

  beforeAll(async () => {
    stage = await openStage();
    const { system } = stage;
    // Without these limits, the first job of each conversation waits for a worker to set them.
    const limit = { capacity: 100, ratePerSecond: 100 };
    await system.flow.configure({ tenantId: 'acme', bucketClass: 'messages' }, limit);
    for (const [what, fields] of DAMAGES) {
      const [victim, follower] = [await enqueue(system, what), await enqueue(system, what)];
      await damage(system, victim, fields);
      cases.set(what, { victim, follower });
    }
    worker = await startWorker(system);
  });

  test.each(DAMAGES)(
    'becomes a dead letter, keeps its data, and holds up no other job: %s',
    async (what, fields) => {
      const { system, receiver } = stage;
      const { victim, follower } = cases.get(what) ?? { victim: '', follower: '' };

      expect(await system.ended(victim)).toMatchObject({
        state: 'failed',
        failedReason: expect.stringMatching(/^JOB_DAMAGED: /),
      });
      expect(await system.ended(follower)).toMatchObject({ state: 'completed' });

      const kept = system.keys.damaged(0, KIND, victim);
      for (const [name, value] of Object.entries(fields)) {
        if (value !== null) expect(await system.client.hget(kept, name)).toBe(value);
      }
      expect(await system.client.pttl(kept)).toBeGreaterThan(0);
      const callbacksOf = (jobId: string) => receiver.received.filter(({ body }) => body.includes(jobId));
      await waitFor(() => callbacksOf(victim).length > 0, { what: 'the callback' });
      expect(callbacksOf(victim)).toHaveLength(1);
      expect(callbacksOf(victim)[0]?.body).toContain('message.failed');
    },
  );

  test('is logged a few times only', () => {
    const lines = logOf(worker).filter(({ level }) => level >= 40);
    expect(lines.length).toBeLessThan(5 * DAMAGES.length);
  });

  test('ends also if it waits behind another job of its conversation', async () => {
    const { system } = await openStage();
    const first = await enqueue(system);
    const victim = await enqueue(system);
    const last = await enqueue(system);
    await system.client.hset(keyOf(system, victim), 'timestamp', 'yesterday');
    await startWorker(system);

    expect(await system.ended(first)).toMatchObject({ state: 'completed' });
    expect(await system.ended(last)).toMatchObject({ state: 'completed' });
    expect(await system.ended(victim)).toMatchObject({ state: 'failed' });
  });

  test('with sound data is sent after an operator retries it', async () => {
    const { system } = await openStage();
    const victim = await enqueue(system);
    await system.client.hset(keyOf(system, victim), 'opts', 'oops');
    await startWorker(system);
    expect(await system.ended(victim)).toMatchObject({ state: 'failed' });

    expect(await system.jobs.retry(KIND, victim)).toBe('retried');

    await waitFor(() => system.sandbox.stats().accepted === 1, { what: 'the message' });
  });
});

async function openStage() {
  const receiver = await openReceiver();
  const system = await openSystem({
    tenants: [{ id: 'acme', callback: { url: receiver.url } }],
    environment: { WEBHOOK_TIMEOUT: '10s' },
  });
  return { system, receiver };
}

async function enqueue(system: System, conversation = 'one'): Promise<string> {
  const job = message({ conversationId: `conv-${conversation.replaceAll(' ', '-').toLowerCase()}` });
  const { jobIds } = await system.openProducer().enqueue(KIND, job);
  return jobIds[0] ?? '';
}

function keyOf(system: System, jobId: string): string {
  return system.queues.of(KIND, 'acme').toKey(jobId);
}

async function damage(system: System, jobId: string, fields: Fields): Promise<void> {
  for (const [name, value] of Object.entries(fields)) {
    if (value === null) await system.client.hdel(keyOf(system, jobId), name);
    else await system.client.hset(keyOf(system, jobId), name, value);
  }
}
