import { startGwm } from './gwm.ts';
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
