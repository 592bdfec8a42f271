import { beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../support/gwm-command.ts';
import { message, openSystem, type System } from '../../support/system.ts';

const KIND = 'message-transmission';

let system: System;
let ids: string[];

beforeAll(async () => {
  system = await openSystem();
  const fields = { conversationId: 'conv-1', guestId: 'guest-1' };
  const producer = system.openProducer();
  ids = [];
  for (const idempotencyKey of ['one', 'two', 'three'])
    ids.push(...(await producer.enqueue(KIND, message({ ...fields, idempotencyKey }))).jobIds);
  const queue = system.queues.of(KIND, 'acme');
  const ref = {
    kind: KIND,
    tenantId: 'acme',
    jobId: ids[0] ?? '',
    lane: 'conv-1',
    urgent: false,
    isPart: false,
  } as const;
  await system.flow.conclude(ref, 1, { entry: 'failed {"code":"NOT_FOUND"}', onFailure: 'skip' });
  await system.client.zrem(queue.toKey('delayed'), ref.jobId);
  await system.client.zadd(queue.toKey('failed'), 1000, ref.jobId);
  await system.client.hset(queue.toKey(ref.jobId), { finishedOn: 1000, failedReason: 'NOT_FOUND: no' });
});

function gwm(...args: readonly string[]) {
  return runCommand(['jobs', ...args], { env: system.environment });
}

const OF_ACME = ['--tenant', 'acme'] as const;

describe('gwm jobs', () => {
  test('search prints each job with what was found, and no text', async () => {
    const { code, stdout } = await gwm('search', 'guest-1', ...OF_ACME);

    const found = stdout.split('\n').map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(found.map(({ by, jobId }) => [by, jobId])).toEqual(ids.toReversed().map((id) => ['guest', id]));
    expect(stdout).not.toContain(message().body.content);
    expect((await gwm('search', 'nothing', ...OF_ACME)).code).toBe(3);
  });

  test('conversation prints the jobs in order, and why each waits', async () => {
    const { code, stdout } = await gwm('conversation', 'conv-1', ...OF_ACME);

    const [first, , third] = stdout.split('\n');
    expect(code).toBe(0);
    expect(first).toBe(`1 ${ids[0]} ${KIND} failed: It is a dead letter (NOT_FOUND).`);
    const why = await runCommand(['why', ids[2] ?? ''], { env: system.environment });
    expect(third).toBe(`3 ${ids[2]} ${KIND} delayed: ${why.stdout}`);
    expect((await gwm('conversation', 'none', ...OF_ACME)).code).toBe(3);
  });

  test('timeline prints what happened, and why the job waits now', async () => {
    const { code, stdout } = await gwm('timeline', ids[2] ?? '');

    const [accepted, now] = stdout.split('\n');
    expect(code).toBe(0);
    expect(accepted).toMatch(/^\S{24} Redis took the job\.$/);
    expect(now).toContain('now: It is number 3, and waits for number 2 of its conversation');
    expect((await gwm('timeline', 'none')).code).toBe(3);
  });

  test('dead-letters prints the groups with what to do', async () => {
    const { code, stdout } = await gwm('dead-letters', ...OF_ACME);
    const json = JSON.parse((await gwm('dead-letters', ...OF_ACME, '--json')).stdout);

    expect(code).toBe(0);
    expect(stdout).toContain('NOT_FOUND: The conversation, the widget or the operation does not exist');
    expect(json).toMatchObject({ code: 'NOT_FOUND', count: 1, oldestAt: new Date(1000).toISOString() });
    expect((await gwm('dead-letters', '--tenant', 'globex')).code).toBe(3);
  });

  test('retry takes the code of a group, and refuses one that is none', async () => {
    const counted = await gwm('retry', ...OF_ACME, '--code', 'NOT_FOUND', '--dry-run');
    const other = await gwm('retry', ...OF_ACME, '--code', 'CONFLICT', '--dry-run');

    expect([counted.stdout, other.stdout]).toEqual(['1 jobs would be retried', '0 jobs would be retried']);
    expect((await gwm('retry', ...OF_ACME, '--code', 'WRONG')).code).toBe(2);
    expect((await gwm('retry', '--code', 'NOT_FOUND')).code).toBe(2);
  });
});
