import { fileURLToPath } from 'node:url';
import { createApiKeys } from '../src/access/api-keys.ts';
import { systemClock } from '../src/core/clock.ts';
import { createKeys } from '../src/redis/keys.ts';
import { type Child, startChild } from './child.ts';
import type { Lab } from './lab.ts';
import { type BenchTenant, configure, SECRET, writeTenants } from './tenants.ts';

/** A server that takes jobs over HTTP. */
export interface Door extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
  /** Headers that every request needs. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The settings of bare-door-process.ts. */
export interface BareDoorSettings {
  readonly redisUrl: string;
  readonly prefix: string;
  /** Jobs of one `addBulk`. */
  readonly chunkSize: number;
}

/** The lines that our batch puts together (`src/http/batch/batch-answer.ts`). */
const CHUNK_SIZE = 1000;

/** No benchmark reaches this quota. Each request is counted all the same. */
const QUOTA = { API_RATE: '100000', API_BURST: '1000000' };

/** Starts `gwm serve`, as an operator does, with a key for all tenants. */
export async function startOurDoor(
  lab: Lab,
  tenants: readonly BenchTenant[],
  nodeOptions: readonly string[] = [],
): Promise<Door> {
  const prefix = lab.prefix();
  await configure(lab, prefix, tenants);
  const apiKeys = createApiKeys({ client: lab.client, keys: createKeys(prefix, 1), clock: systemClock });
  const { secret } = await apiKeys.create({ name: 'bench', tenants: 'all', scopes: ['send', 'operate'] });
  const child = await startChild(lab.program, {
    args: ['serve'],
    env: {
      REDIS_URL: lab.redisUrl,
      QUEUE_PREFIX: prefix,
      TENANTS_FILE: await writeTenants(lab, 'http://127.0.0.1:9', tenants),
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: '0',
      LOG_LEVEL: 'warn',
      ...QUOTA,
      ...SECRET,
    },
    nodeOptions: [...lab.nodeOptions, ...nodeOptions],
  });
  return doorOf(lab, child, { authorization: `Bearer ${secret}` });
}

export async function startBareDoor(lab: Lab): Promise<Door> {
  const settings: BareDoorSettings = {
    redisUrl: lab.redisUrl,
    prefix: lab.prefix(),
    chunkSize: CHUNK_SIZE,
  };
  const file = fileURLToPath(new URL('bare-door-process.ts', import.meta.url));
  const child = await startChild(file, { args: [JSON.stringify(settings)], nodeOptions: lab.nodeOptions });
  return doorOf(lab, child, {});
}

function doorOf(lab: Lab, child: Child, headers: Door['headers']): Door {
  const { pid, url, stop } = lab.keep(child);
  return { pid, url, headers, [Symbol.asyncDispose]: stop };
}
