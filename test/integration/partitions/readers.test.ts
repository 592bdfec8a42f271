import { beforeAll, describe, expect, test } from 'vitest';
import type { Core } from '../../../src/queues/core.ts';
import { createLayoutChanges } from '../../../src/redis/layout-store.ts';
import { startWorker } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { message, openSystem, PATIENT, type System, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { move, moveUpTo, openProcess } from './stage.ts';

const KIND = 'message-transmission';
const BUCKET = { tenantId: 'acme', bucketClass: 'messages' } as const;

let system: System;
let core: Core;
/** Jobs by what became of them before the move began, and one that came during the move. */
const ids: Record<'delivered' | 'dead' | 'waiting' | 'other' | 'fresh', string> = {
  delivered: '',
  dead: '',
  waiting: '',
  other: '',
  fresh: '',
};

async function enqueue(name: keyof typeof ids, conversationId = `of-${name}`): Promise<void> {
  const input = message({ conversationId, body: text(`the ${name} one`), idempotencyKey: name });
  const { jobIds } = await system.openProducer().enqueue(KIND, input);
  ids[name] = jobIds[0] ?? '';
}

const gwm = (...args: string[]) => runCommand(args, { env: system.environment });
const waitOf = async (id: string) =>
  JSON.parse((await gwm('why', id, '--json')).stdout) as { reason: string };

describe('while a tenant moves, and its older jobs have not ended', () => {
  beforeAll(async () => {
    system = await openSystem({ environment: PATIENT });
    await startWorker(system);
    await createLayoutChanges(system.client, system.keys).addOwn();
    await enqueue('delivered');
    expect(await system.ended(ids.delivered)).toMatchObject({ state: 'completed' });
    await system.sandbox.inject({
      operations: { 'message.send': { errors: [{ status: 400, rate: 1, times: 1 }] } },
    });
    await enqueue('dead');
    expect(await system.ended(ids.dead)).toMatchObject({ state: 'failed' });
    await system.flow.pause(BUCKET, 600_000, 'by hand');
    await enqueue('waiting');
    await enqueue('other');
    core = await openProcess(system);
    await moveUpTo(core, 'acme', 1000, 'leaving');
    await enqueue('fresh', 'of-waiting');
  });

  test('each job is found, in whichever partition it is', async () => {
    for (const [name, state] of Object.entries({
      delivered: 'completed',
      dead: 'failed',
      waiting: 'delayed',
      fresh: 'delayed',
    })) {
      const shown = await gwm('jobs', 'get', KIND, ids[name as keyof typeof ids]);
      expect(JSON.parse(shown.stdout), name).toMatchObject({ state });
    }
  });

  test('a new job waits for the older ones, and why says so', async () => {
    expect(await waitOf(ids.fresh)).toMatchObject({ reason: 'moving' });
    expect(await waitOf(ids.waiting)).toMatchObject({ reason: 'paused' });
  });

  test.for(['newest', 'oldest'] as const)('the list has all jobs, the %s first, in pages', async (order) => {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await core.jobs.page({ tenantId: 'acme', limit: 2, order, cursor });
      found.push(...page.jobs.map(({ jobId }) => jobId));
      cursor = page.cursor ?? undefined;
    } while (cursor !== undefined);
    const all = [ids.delivered, ids.dead, ids.waiting, ids.other, ids.fresh];
    expect(found).toEqual(order === 'oldest' ? all : all.reverse());
  });

  test('a key that the old partition knows is a duplicate, also with another content', async () => {
    const again = (name: keyof typeof ids, content: string) =>
      system
        .openProducer()
        .enqueue(KIND, message({ conversationId: `of-${name}`, body: text(content), idempotencyKey: name }));
    expect(await again('waiting', 'the waiting one')).toEqual({
      index: 0,
      status: 'duplicate',
      jobIds: [ids.waiting],
    });
    expect(await again('waiting', 'another one')).toMatchObject({ isDifferent: true });
    expect(await again('delivered', 'the delivered one')).toMatchObject({ status: 'duplicate' });
  });

  test('gwm partitions shows the move, and how to go on with it', async () => {
    const { stdout } = await gwm('partitions');
    expect(stdout).toContain(
      'acme: 0 → 1000: new jobs go to the new partition, 2 older jobs have not ended; gwm partitions move acme goes on with it',
    );
    const other = await gwm('partitions', 'move', 'acme', '--to', '0');
    expect(other.code).not.toBe(0);
    expect(other.stderr).toContain('The tenant acme is on its way to partition 1000');
  });

  test('jobs of both partitions can be cancelled', async () => {
    expect(await gwm('jobs', 'cancel', KIND, ids.other)).toMatchObject({ code: 0 });
    expect(await system.ended(ids.other)).toMatchObject({ state: 'failed' });
  });

  test('a dead letter can be sent again, and a customer erased, before and after the jobs are carried', async () => {
    expect(await gwm('jobs', 'retry', KIND, ids.dead)).toMatchObject({ code: 0 });
    expect(await gwm('resume', 'acme')).toMatchObject({ code: 0 });
    await waitFor(() => system.sandbox.stats().accepted === 3, { what: 'the older jobs' });

    await moveUpTo(core, 'acme', 1000, 'trailing');
    await move(core, ['acme'], 1000);

    await waitFor(() => system.sandbox.stats().accepted === 4, { what: 'the new job' });
    expect(system.sandbox.stats()).toMatchObject({ accepted: 4, duplicates: 0, outOfOrder: 0 });
    const shown = await gwm('jobs', 'get', KIND, ids.delivered);
    expect(JSON.parse(shown.stdout)).toMatchObject({ state: 'completed' });
    const erased = await gwm('erase', '--tenant', 'acme', '--conversation', 'of-waiting', '--json');
    expect(JSON.parse(erased.stdout)).toMatchObject({ jobs: 2, left: 0 });
  });
});

test.for<[args: string[], code: number, words: string]>([
  [['move', 'nowhere', '--to', '0'], 3, 'There is no such tenant'],
  [['move', 'acme', '--to', '7'], 2, 'There is no partition 7. The partitions are 0 to 0'],
  [['move', 'acme'], 2, 'Name where it goes: --to PARTITION, or --alone.'],
  [['move', 'acme', '--to', '0', '--alone'], 2, 'Give either --to or --alone.'],
  [['raise', '0'], 2, 'It must be a whole number from 1 to 64.'],
])('gwm partitions %s ends with an error', async ([args, code, words]) => {
  const other = await openSystem();

  const ended = await runCommand(['partitions', ...args], { env: other.environment });

  expect(ended, ended.stderr).toMatchObject({ code });
  expect(ended.stderr).toContain(words);
});

test.for([
  [
    '7',
    'PARTITIONS is set to 7, and Redis has 3 partitions, which count; to raise the number, run gwm partitions raise 7',
  ],
  [
    '2',
    'PARTITIONS is set to 2, and Redis has 3 partitions, which count; the number cannot be lowered, so set PARTITIONS=3',
  ],
  ['3', ''],
] as const)('gwm partitions says what to do about PARTITIONS=%s', async ([wanted, advice]) => {
  const other = await openSystem({ environment: { PARTITIONS: '3' } });
  await openProcess(other);

  const shown = await runCommand(['partitions'], { env: { ...other.environment, PARTITIONS: wanted } });

  expect(shown).toMatchObject({ code: 0, stderr: advice });
});

test('the number of partitions cannot be lowered', async () => {
  const other = await openSystem({ environment: { PARTITIONS: '3' } });

  const ended = await runCommand(['partitions', 'raise', '2'], { env: other.environment });

  expect(ended.code).not.toBe(0);
  expect(ended.stderr).toContain('The number of partitions is 3 and cannot be lowered to 2');
});
