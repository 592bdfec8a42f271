import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFlow } from '../src/flow/flow.ts';
import { createKeys } from '../src/redis/keys.ts';
import type { Limit } from '../src/tenants/limits.ts';
import type { Lab } from './lab.ts';

/** A tenant of a benchmark. All tenants have the same secret. */
export interface BenchTenant {
  readonly id: string;
  readonly limit: Limit;
}

/** The largest limit that a tenants file may have. No benchmark reaches it. */
export const UNLIMITED: Limit = { capacity: 100_000, ratePerSecond: 100_000, inFlight: 100_000 };

/** The environment variable with the secret of all tenants. */
export const SECRET = { BENCH_SECRET: 'bench-secret' } as const;

/** Writes a tenants file. All tenants use the host at `url`. @returns the path of the file */
export async function writeTenants(lab: Lab, url: string, tenants: readonly BenchTenant[]): Promise<string> {
  const entries = tenants.map(({ id, limit }) => ({
    id,
    dialect: 'guest',
    hosts: { login: url, api: url },
    allowInsecureHttp: true,
    clientId: id,
    clientSecret: { env: 'BENCH_SECRET' },
    limits: { messages: limit },
  }));
  const file = join(lab.folder, `tenants-${tenants.length}-${Date.now()}.json`);
  await writeFile(file, JSON.stringify({ tenants: entries }));
  return file;
}

/** Writes the clients of a sandbox for the same tenants with the same limits. */
export async function writeClients(lab: Lab, tenants: readonly BenchTenant[]): Promise<string> {
  const clients = tenants.map(({ id, limit }) => ({
    tenant: id,
    clientId: id,
    clientSecret: SECRET.BENCH_SECRET,
    scopes: ['messaging:conversation:write', 'messaging:conversation:read', 'webchat:guest:write'],
    limits: { messages: { capacity: limit.capacity, ratePerSecond: limit.ratePerSecond } },
  }));
  const file = join(lab.folder, `clients-${Date.now()}.json`);
  await writeFile(file, JSON.stringify(clients));
  return file;
}

/** Sets the limits before a worker runs, so that a backlog can wait for it. */
export async function configure(lab: Lab, prefix: string, tenants: readonly BenchTenant[]): Promise<void> {
  const { client } = lab;
  const keys = createKeys(prefix, 1);
  const flow = createFlow({ client, keys, attemptMs: 30_000, ledgerTtlMs: 604_800_000 });
  for (const { id, limit } of tenants) {
    await flow.configure({ tenantId: id, bucketClass: 'messages' }, limit);
  }
}
