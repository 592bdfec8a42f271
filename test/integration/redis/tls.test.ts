import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { aclRules } from '../../../src/redis/commands.ts';
import { openRedis } from '../../../src/redis/connect.ts';
import { startWorker } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { openReceiver } from '../../support/receiver.ts';
import { openTestCluster, type TestCluster } from '../../support/redis-cluster.ts';
import { makeKey, startReplica } from '../../support/serve.ts';
import { card, message, openSystem, PATIENT, type System, text } from '../../support/system.ts';
import { createTlsFiles, type TlsFiles } from '../../support/tls-files.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
/** One tenant in each of three partitions. */
const TENANTS = ['globex', 'acme', 'hooli'];
const PREFIX = 'own';
const PASSWORD = 'secret-of-gwm';

let files: TlsFiles;
let cluster: TestCluster;
/** The address with the login of the user with few rights. */
let url: string;

beforeAll(async () => {
  files = await createTlsFiles();
  cluster = await openTestCluster({ tls: files });
  url = cluster.url.replace('rediss://', `rediss://gwm:${PASSWORD}@`);
  await setUser(`>${PASSWORD}`, ...aclRules(PREFIX));
});

async function setUser(...rules: string[]): Promise<void> {
  await Promise.all(
    cluster.nodes.map(({ client }) => client.call('ACL', 'SETUSER', 'gwm', 'reset', 'on', ...rules)),
  );
}

/** What Redis has refused on any node. */
async function refusals(): Promise<unknown[]> {
  return (await Promise.all(cluster.nodes.map(({ client }) => client.call('ACL', 'LOG')))).flat();
}

describe('with TLS, a client certificate, and a user that has only the listed commands', () => {
  test('a cluster serves every part of the program, and refuses no command', async () => {
    const receiver = await openReceiver();
    const system = await openSystem({
      redis: { url, prefix: PREFIX },
      environment: {
        ...PATIENT,
        PARTITIONS: '3',
        REDIS_TLS_CA_FILE: files.ca,
        REDIS_TLS_CERT_FILE: files.client.cert,
        REDIS_TLS_KEY_FILE: files.client.key,
      },
      tenants: TENANTS.map((id) => ({ id, callback: { url: receiver.url } })),
    });
    await startWorker(system);
    const { secret } = await makeKey(system);
    const serve = await startReplica(system);
    const gwm = async (...args: string[]) => {
      expect(await runCommand(args, { env: system.environment })).toMatchObject({ code: 0, stderr: '' });
    };

    await sendEverything(system);
    await waitFor(() => receiver.received.length >= 5, { what: 'a callback of each job' });
    await gwm('audit', 'schedule', '--tenant', 'acme', '--organizations', 'org-1', '--every', '10s');
    await waitFor(async () => (await system.queues.of('audit-sync', 'acme').getCompletedCount()) > 0, {
      what: 'a job of the schedule',
    });
    await gwm('status');
    await gwm('jobs', 'list', KIND, 'completed');
    await gwm('keys', 'list');
    await gwm('erase', '--tenant', 'acme', '--guest', message().guestId);
    const moving = ['partitions', 'move', 'acme', '--alone'];
    expect(await runCommand(moving, { env: system.environment })).toMatchObject({ code: 0 });
    await gwm('partitions');
    const schedules = async (partition: number) =>
      await system.client.zcard(`${system.keys.queuePrefix(partition)}:audit-sync:repeat`);
    expect(await Promise.all([schedules(1), schedules(1000)])).toEqual([0, 1]);
    const headers = { authorization: `Bearer ${secret}` };
    for (const path of ['/readyz', '/v1/tenants/acme', '/v1/jobs?tenantId=acme', '/metrics']) {
      expect((await fetch(`${serve.url}${path}`, { headers })).status, path).not.toBe(500);
    }

    expect(await refusals()).toEqual([]);
  });

  test('an error says what is missing, and shows no password', async () => {
    const tls = { caFile: files.ca, certFile: files.client.cert, keyFile: files.client.key };
    const opening = async (options: object) => {
      const client = await openRedis({ url, tls, role: 'caller', ...options });
      client.disconnect();
    };

    await expect(opening({})).resolves.toBeUndefined();
    await expect(opening({ tls: {} })).rejects.toThrow(/is not reached \(no TLS connection: .*certificate/);
    await expect(opening({ tls: { caFile: files.ca } })).rejects.toThrow(/certificate required|ECONNRESET/);
    await expect(opening({ url: url.replace(PASSWORD, 'wrong') })).rejects.toThrow(
      /refuses the login \(WRONGPASS/,
    );
    await expect(opening({ tls: { ...tls, caFile: '/no/such.pem' } })).rejects.toThrow(
      'REDIS_TLS_CA_FILE: cannot read /no/such.pem (ENOENT: no such file or directory).',
    );
    await expect(opening({ tls: { ...tls, caFile: files.client.key } })).rejects.toThrow(
      'REDIS_TLS_CA_FILE: wanted a PEM file with certificates, got another file.',
    );
    await expect(opening({ tls: { ...tls, keyFile: files.server.key } })).rejects.toThrow(
      'REDIS_TLS_KEY_FILE: wanted the PEM key of the certificate in REDIS_TLS_CERT_FILE',
    );
    await setUser(`>${PASSWORD}`, ...aclRules(PREFIX), '-ping');
    await expect(opening({})).rejects.toThrow(/refuses the login \(NOPERM.*ping/);
    expect((await refusals()).length).toBeGreaterThan(0);
  });
});

/** Jobs that are delivered, a card, a cancelled job, and one by the command line: five callbacks. */
async function sendEverything(system: System): Promise<void> {
  const producer = system.openProducer();
  await producer.enqueueMany(
    KIND,
    TENANTS.map((tenantId) => message({ tenantId, body: text('hello') })),
  );
  await producer.enqueue('card-delivery', card({ tenantId: 'acme' }));
  const file = join(system.config.tenantsFile, '..', 'messages.ndjson');
  await writeFile(file, JSON.stringify(message({ tenantId: 'hooli', idempotencyKey: 'once' })));
  for (const said of [/1 accepted/, /1 duplicates/]) {
    const { stderr } = await runCommand(['enqueue', KIND, file], { env: system.environment });
    expect(stderr).toMatch(said);
  }
}
