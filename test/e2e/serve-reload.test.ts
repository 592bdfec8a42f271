import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { callerOf } from '../integration/http/calls.ts';
import { startWorker } from '../support/gwm.ts';
import { makeKey, startReplica } from '../support/serve.ts';
import { message, openSystem, PATIENT } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const RELOAD = '/v1/tenants/reload';

/** A worker and two `gwm serve` that know `acme`. The sandbox and the environment know `globex` too. */
async function openInstallation(ofWorker: Readonly<Record<string, string>> = {}) {
  const system = await openSystem({ tenants: ['acme', 'globex'], environment: PATIENT });
  await system.writeTenants(['acme']);
  const { secret } = await makeKey(system);
  const [worker, a, b] = await Promise.all([
    startWorker(system, ofWorker),
    startReplica(system),
    startReplica(system),
  ]);
  return { system, worker, second: b, a: callerOf(a.url, secret), b: callerOf(b.url, secret) };
}

describe('a reload of the tenants by HTTP', () => {
  test('reaches the worker and both servers, and its answer says so', async () => {
    const { system, a, b } = await openInstallation();
    expect((await b('/v1/tenants/globex')).status).toBe(404);
    await system.writeTenants(['acme', 'globex']);

    const { status, body } = await a(RELOAD, { method: 'POST' });

    expect(status).toBe(200);
    expect(body).toMatchObject({ tenants: 2, issues: [], isComplete: true });
    const reports = body.processes.map(({ process: _name, ...report }: { process: string }) => report);
    const report = { status: 'reloaded', tenants: 2, errors: 0, isSameFile: true };
    expect(reports).toHaveLength(3);
    for (const command of ['worker', 'serve']) expect(reports).toContainEqual({ command, ...report });
    expect((await b('/v1/tenants/globex')).status).toBe(200);
    const { id } = (await b('/v1/messages', { body: message({ tenantId: 'globex' }) })).body;
    expect(await system.ended(id, { tenantId: 'globex' })).toMatchObject({ state: 'completed' });
  });

  test('reports a worker without the secret of a new tenant', async () => {
    const { system, worker, a } = await openInstallation({ CLIENT_SECRET_1: '' });
    await system.writeTenants(['acme', 'globex']);

    const { body } = await a(RELOAD, { method: 'POST' });

    expect(body).toMatchObject({ tenants: 2, issues: [], isComplete: false });
    expect(body.processes).toContainEqual({
      process: expect.any(String),
      command: 'worker',
      status: 'with-errors',
      tenants: 1,
      errors: 1,
      isSameFile: true,
    });
    await worker.line(/tenants\[1\]\.clientSecret/);
  });

  test('of a file that cannot be read changes no process', async () => {
    const { system, a, b } = await openInstallation();
    await writeFile(system.config.tenantsFile, '{"tenants":');

    const { status, body } = await a(RELOAD, { method: 'POST' });

    expect([status, body.code]).toEqual([409, 'TENANTS_FILE_WRONG']);
    expect((await b('/v1/tenants')).body.tenants).toHaveLength(1);
    expect(await system.client.get(system.keys.tenantsReload())).toBeNull();
  });

  test('reports a process that does not answer, and that process follows when it goes on', async () => {
    const { system, second, a, b } = await openInstallation();
    second.process.kill('SIGSTOP');
    await system.writeTenants(['acme', 'globex']);

    const { body } = await a(RELOAD, { method: 'POST' });

    expect(body.isComplete).toBe(false);
    const silent = body.processes.filter(({ status }: { status: string }) => status === 'silent');
    expect(silent).toMatchObject([{ command: 'serve', tenants: null, isSameFile: null }]);
    second.process.kill('SIGCONT');
    await waitFor(async () => (await b('/v1/tenants/globex')).status === 200, { what: 'the new tenant' });
  });
});

test('SIGHUP makes a server read the tenants file again', async () => {
  const { system, second, b } = await openInstallation();
  await system.writeTenants(['acme', 'globex']);

  second.process.kill('SIGHUP');

  await waitFor(async () => (await b('/v1/tenants/globex')).status === 200, { what: 'the new tenant' });
});
