import { describe, expect, test } from 'vitest';
import { startWorker } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { message, openSystem, PATIENT, type System } from '../../support/system.ts';

const KIND = 'message-transmission';

describe('gwm pause', () => {
  test('stops a tenant on every worker until gwm resume, and no other tenant', async () => {
    const system = await openSystem({ environment: PATIENT, tenants: ['acme', 'globex'] });
    await Promise.all([startWorker(system), startWorker(system)]);
    const producer = system.openProducer();

    expect(await gwm(system, 'pause', 'acme', '--for', '1h', '--reason', 'maintenance')).toMatchObject({
      code: 0,
      stdout: 'acme paused for 1h',
    });
    const held = await producer.enqueue(KIND, message());
    const free = await producer.enqueue(KIND, message({ tenantId: 'globex' }));
    await system.ended(free.jobIds[0], { tenantId: 'globex' });

    expect(system.sandbox.stats().byTenant['acme']?.accepted ?? 0).toBe(0);
    expect(await bucket(system, 'acme', 'messages')).toMatchObject({ level: 0, reason: 'maintenance' });
    expect((await bucket(system, 'acme', 'messages'))?.pausedForMs).toBeGreaterThan(3_500_000);
    expect((await bucket(system, 'globex', 'messages'))?.pausedForMs).toBe(0);

    expect(await gwm(system, 'resume', 'acme')).toMatchObject({ code: 0, stdout: 'acme resumed' });
    expect(await system.ended(held.jobIds[0])).toMatchObject({ state: 'completed', attemptsMade: 1 });
  });

  test('can pause one bucket class', async () => {
    const system = await openSystem({ environment: PATIENT });
    await startWorker(system);

    await gwm(system, 'pause', 'acme', '--bucket', 'cards', '--for', '1h');

    expect((await bucket(system, 'acme', 'cards'))?.pausedForMs).toBeGreaterThan(0);
    expect((await bucket(system, 'acme', 'messages'))?.pausedForMs).toBe(0);
  });

  test.for([
    [['pause', 'nobody', '--for', '1h'], /^There is no such tenant in TENANTS_FILE\.$/, 3],
    [
      ['pause', 'acme', '--for', 'soon'],
      /--for <duration> is not valid\. It must be a duration such as 90s/,
      2,
    ],
    [['pause', 'acme', '--for', '1000000d'], /--for <duration> is not valid\. .*30d/, 2],
    [['pause', 'acme'], /required option '--for <duration>'/, 2],
    [
      ['pause', 'acme', '--bucket', 'calls', '--for', '1h'],
      /Allowed choices are messages, cards, platform/,
      2,
    ],
    [['resume', 'nobody'], /^There is no such tenant/, 3],
  ] as const)('%j prints what is wrong', async ([args, complaint, code]) => {
    const finished = await gwm(await openSystem({ environment: PATIENT }), ...args);
    expect(finished.code).toBe(code);
    expect(finished.stderr).toMatch(complaint);
  });
});

function gwm(system: System, ...args: readonly string[]) {
  return runCommand(args, { env: system.environment });
}

/** One row of `gwm status`. */
async function bucket(system: System, tenantId: string, bucketClass: string) {
  const { stdout } = await gwm(system, 'status', '--json');
  const rows = stdout.split('\n').map((line) => JSON.parse(line));
  return rows.find((row) => row.tenantId === tenantId && row.bucketClass === bucketClass);
}
