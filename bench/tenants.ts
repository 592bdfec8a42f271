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
  /** The receiver of its callbacks. Without it the tenant has none. */
  readonly callbackUrl?: string;
}

/** The largest limit that a tenants file may have. No benchmark reaches it. */
export const UNLIMITED: Limit = { capacity: 100_000, ratePerSecond: 100_000, inFlight: 100_000 };

/** The environment variables with the secrets of all tenants. */
export const SECRET = {
  BENCH_SECRET: 'bench-secret',
  BENCH_SIGNING_SECRET: `whsec_${Buffer.alloc(32, 'bench').toString('base64')}`,
} as const;

/** Lets workers call a receiver on this machine. */
const RECEIVERS = { allowHttp: true, allowHosts: ['127.0.0.1'], ports: ['1024-65535'] };

/** Writes a tenants file. All tenants use the host at `url`. @returns the path of the file */
export async function writeTenants(lab: Lab, url: string, tenants: readonly BenchTenant[]): Promise<string> {
  const entries = tenants.map(({ id, limit, callbackUrl }) => ({
    id,
    dialect: 'guest',
    hosts: { login: url, api: url },
    allowInsecureHttp: true,
    clientId: id,
    clientSecret: { env: 'BENCH_SECRET' },
    limits: { messages: limit },
    ...(callbackUrl !== undefined && {
      receivers: RECEIVERS,
      callback: { secret: { env: 'BENCH_SIGNING_SECRET' }, url: callbackUrl },
    }),
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
  const flow = createFlow({ client, keys, requestMs: 18_000, ledgerTtlMs: 604_800_000 });
  for (const { id, limit } of tenants) {
    await flow.configure({ tenantId: id, bucketClass: 'messages' }, limit);
  }
}
