import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { endsOf, type JobEnd } from '../../../src/queues/ends.ts';
import { startGwm, startWorker } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { onEnd } from '../../support/lifetime.ts';
import { message, openSystem, type System } from '../../support/system.ts';

const KIND = 'message-transmission';

let system: System;

beforeAll(async () => {
  system = await openSystem({ environment: { JOB_RETRY_FOR: '0s' } });
  await startWorker(system);
});
beforeEach(async () => await system.sandbox.reset());

/** A file with one job per line. */
async function fileOf(...jobs: readonly object[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gwm-wait-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'jobs.ndjson');
  await writeFile(file, jobs.map((job) => `${JSON.stringify(job)}\n`).join(''));
  return file;
}

function enqueue(file: string, ...options: readonly string[]) {
  return runCommand(['enqueue', KIND, file, '--wait', ...options], { env: system.environment });
}

describe('gwm enqueue --wait', () => {
  test('prints each end, and exits with 0 when all jobs were delivered', async () => {
    const file = await fileOf(message({ conversationId: 'one' }), message({ conversationId: 'two' }));

    const { code, stdout, stderr } = await enqueue(file);

    expect([code, stderr.split('\n').at(-1)]).toEqual([0, '2 delivered, 0 not delivered']);
    const lines = stdout.split('\n');
    const ids = lines.slice(0, 2);
    expect(lines.slice(2).sort()).toEqual(ids.map((id) => `${id} delivered`).sort());
  });

  test('exits with 1 when a job was not delivered, and says why', async () => {
    await system.sandbox.inject({
      operations: { 'message.send': { errors: [{ status: 404, rate: 1, times: 1 }] } },
    });
    const file = await fileOf(message({ conversationId: 'three' }));

    const { code, stdout } = await enqueue(file, '--json');

    expect(code).toBe(1);
    const [accepted, ended] = stdout.split('\n').map((line) => JSON.parse(line));
    expect(accepted).toMatchObject({ line: 1, kind: KIND, id: expect.any(String) });
    expect(ended).toEqual({
      id: accepted.id,
      kind: KIND,
      ended: 'failed',
      failedReason: expect.stringMatching(/^NOT_FOUND: /),
    });
  });

  test('waits for the jobs of a duplicate, and for none of a line that was rejected', async () => {
    const job = message({ idempotencyKey: 'once', conversationId: 'four' });
    await enqueue(await fileOf(job));

    const { code, stdout } = await enqueue(await fileOf(job, { tenantId: 'acme' }));

    expect(code).toBe(1);
    expect(stdout).toMatch(/^k\w+ delivered$/);
  });

  test('leaves the jobs in the queue after Ctrl-C', async () => {
    await system.flow.pause({ tenantId: 'acme', bucketClass: 'messages' }, 600_000, 'maintenance');
    const file = await fileOf(message({ conversationId: 'five' }));
    const before = await system.flow.countWaiting('acme');

    const gwm = startGwm(['enqueue', KIND, file, '--wait'], { env: system.environment });
    await gwm.line(/^waiting for 1 jobs/);
    gwm.kill('SIGINT');

    expect(await gwm.exit).toMatchObject({ code: 130 });
    expect(gwm.stderr).toContain('1 jobs have not ended. They stay in the queue.');
    expect(await system.flow.countWaiting('acme')).toBe(before + 1);
  });
});

describe('the end of a job that Redis no longer keeps', () => {
  test.for([
    ['sent {}', 'delivered'],
    ['expired {}', 'expired'],
    [undefined, 'removed'],
  ] as const)('comes from the ledger: %s', async ([entry, ended]) => {
    const jobId = `k${'a'.repeat(30)}${ended.slice(0, 2)}`;
    if (entry) await system.client.set(`${system.keys.own('acme')}ledger:m${jobId}`, entry);

    const ends: JobEnd[] = [];
    const jobs = [{ kind: KIND, tenantId: 'acme', jobId }] as const;
    for await (const end of endsOf(system, jobs, new AbortController().signal)) ends.push(end);

    expect(ends).toMatchObject([{ jobId, ended, failedReason: null }]);
  });
});
