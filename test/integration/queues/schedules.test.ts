import { describe, expect, test } from 'vitest';
import { createSchedules } from '../../../src/queues/schedules.ts';
import { startWorker } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { openReceiver } from '../../support/receiver.ts';
import { openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'audit-sync';
const OPTIONS = ['--tenant', 'acme', '--organizations', 'org-1,org-2', '--every', '10s'];

describe('gwm audit schedule', () => {
  test('syncs at once and at each interval, reports each end, and stops on command', async () => {
    const receiver = await openReceiver();
    const system = await openSystem({ tenants: [{ id: 'acme', callback: { url: receiver.url } }] });
    await startWorker(system);

    expect(await gwm(system, ...OPTIONS)).toMatchObject({
      code: 0,
      stdout: 'acme: every 10s, from now on',
    });

    await waitFor(() => receiver.received.length > 0, { what: 'the callback of the first sync' });
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
      type: 'audit.synced',
      data: { status: 'synced', organizations: 2 },
    });
    expect(await gwm(system)).toMatchObject({
      stdout: expect.stringMatching(/^\{"tenantId":"acme","every":"10s","next":"20/),
    });
    expect(await gwm(system, '--tenant', 'acme', '--off')).toMatchObject({ code: 0 });
    expect(await gwm(system)).toMatchObject({ stdout: 'nothing is scheduled' });
    expect(await gwm(system, '--tenant', 'acme', '--off')).toMatchObject({
      code: 3,
      stderr: 'Nothing is scheduled for this tenant.',
    });
  });

  test.for([
    {
      what: 'no organizations',
      options: ['--tenant', 'acme', '--every', '10s'],
      says: /organizationIds: /,
      code: 2,
    },
    {
      what: 'no time',
      options: ['--tenant', 'acme', '--organizations', 'a'],
      says: /--every is missing/,
      code: 2,
    },
    {
      what: 'a wrong interval',
      options: ['--tenant', 'acme', '--organizations', 'a', '--every', 'often'],
      says: /--every <duration> is not valid\. It must be a duration such as /,
      code: 2,
    },
    {
      what: 'an unknown tenant',
      options: ['--tenant', 'acne', '--organizations', 'a', '--every', '10s'],
      says: /^There is no such tenant in TENANTS_FILE\.$/,
      code: 3,
    },
  ])('refuses $what, and names the expected value', async ({ options, says, code }) => {
    const finished = await gwm(await openSystem(), ...options);

    expect(finished).toMatchObject({ code, stderr: expect.stringMatching(says) });
  });
});

describe('a schedule', () => {
  test('is started again without its next job, and a waiting job stays unchanged', async () => {
    const { queues, client, keys } = await openSystem();
    const schedules = createSchedules({ queues, keys, kind: KIND });
    await schedules.set('acme', 10_000, { tenantId: 'acme' });
    const longAgo = Date.now() - 3_600_000;
    expect(await schedules.repair(0)).toBe(0);

    const queue = queues.of(KIND, 'acme');
    for (const job of await queue.getJobs()) await job.remove().catch(() => {});
    await client.zadd(`${keys.own('acme')}${KIND}:repeat`, longAgo, 'by-clock-acme');

    expect(await schedules.repair(0)).toBe(1);
    const [schedule] = await schedules.list();
    expect(schedule?.next?.getTime()).toBeGreaterThan(longAgo + 60_000);
    expect(await schedules.repair(0)).toBe(0);
  });
});

async function gwm({ environment }: System, ...options: string[]) {
  return await runCommand(['audit', 'schedule', ...options], { env: environment });
}
