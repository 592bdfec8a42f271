import { createApiKeys } from '../../src/access/api-keys.ts';
import { systemClock } from '../../src/core/clock.ts';
import { startGwm } from './gwm.ts';
import type { TestProcess } from './processes.ts';
import type { System } from './system.ts';

/** A server process, and a key for it. */
export interface Serving {
  readonly url: string;
  readonly secret: string;
}

/** Starts `gwm serve` for a system without API keys. Its key is the development key that it prints. */
export async function startServe({ environment }: Pick<System, 'environment'>): Promise<Serving> {
  const serve = startGwm(['serve'], { env: { ...environment, HTTP_PORT: '0' } });
  const line = await serve.line(/curl http:\S+\/v1\/tenants -H 'Authorization: Bearer \S+'/);
  const [, url = '', secret = ''] =
    /curl (\S+)\/v1\/tenants -H 'Authorization: Bearer (\S+)'/.exec(line) ?? [];
  return { url, secret };
}

/** One of several server processes of a system with API keys. */
export interface Replica {
  readonly url: string;
  readonly process: TestProcess;
}

/** Starts `gwm serve` on a free port. */
export async function startReplica(
  { environment }: Pick<System, 'environment'>,
  env: Readonly<Record<string, string>> = {},
): Promise<Replica> {
  const serve = startGwm(['serve'], { env: { ...environment, HTTP_PORT: '0', ...env } });
  const line = await serve.line(/listening on http:\S+,/);
  return { url: /listening on (http:\S+),/.exec(line)?.[1] ?? '', process: serve };
}

/** Makes an API key for all tenants with all scopes. */
export async function makeKey({
  client,
  keys,
}: Pick<System, 'client' | 'keys'>): Promise<{ readonly id: string; readonly secret: string }> {
  const apiKeys = createApiKeys({ client, keys, clock: systemClock });
  const { key, secret } = await apiKeys.create({ name: 'test', tenants: 'all', scopes: ['admin'] });
  return { id: key.id, secret };
}
