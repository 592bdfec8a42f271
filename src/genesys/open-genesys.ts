import type { Config } from '../config/settings.ts';
import type { Clock } from '../core/clock.ts';
import { NO_TRACING, type Tracing } from '../observe/tracing.ts';
import { createTransport, type Transport } from '../outbound/transport.ts';
import { wayOut } from '../outbound/way-out.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import { createGenesysClient, dialectOf, type GenesysClient } from './client.ts';
import { createTokens, type TokensOptions } from './oauth.ts';

const MAX_ANSWER_BYTES = 256 * 1024;

export interface OpenGenesysOptions {
  readonly config: Config;
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly tenants: TenantRegistry;
  /** Makes the spans of requests; off by default. */
  readonly tracing?: Tracing;
  /** Counts logins. */
  readonly onFetched?: TokensOptions['onFetched'];
}

/** A client of Genesys Cloud with its own connections, until `close`. */
export interface OpenGenesys {
  readonly genesys: GenesysClient;
  /** Its connections, for requests of other kinds. */
  readonly transport: Transport;
  close(): Promise<void>;
}

/** Opens a client that shares the tokens of its tenants with all other processes. */
export function openGenesys({
  config,
  client,
  keys,
  clock,
  tenants,
  tracing = NO_TRACING,
  onFetched,
}: OpenGenesysOptions): OpenGenesys {
  const { requestTimeoutMs } = config;
  const maxAnswerBytes = MAX_ANSWER_BYTES;
  const transport = createTransport({ ...config, ...wayOut(config), maxAnswerBytes });
  const tokens = createTokens({
    client,
    keys,
    transport,
    clock,
    tracing,
    requestTimeoutMs,
    secretOf: (tenant) => tenants.secret(tenant.clientSecret),
    loginOf: (tenant) => dialectOf(tenant).login,
    onFetched,
  });
  return {
    transport,
    genesys: createGenesysClient({ tokens, transport, clock, tracing, requestTimeoutMs, maxAnswerBytes }),
    close: () => transport.close(),
  };
}
