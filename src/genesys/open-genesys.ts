import type { Config } from '../config/settings.ts';
import type { Clock } from '../core/clock.ts';
import { NO_TRACING, type Tracing } from '../observe/tracing.ts';
import { createTransport, type Transport } from '../outbound/transport.ts';
import { wayOut } from '../outbound/way-out.ts';
import type { Keys } from '../redis/keys.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { createGenesysClient, dialectOf, type GenesysClient } from './client.ts';
import { createTokens, missingScopes, type TokenStore, type TokensOptions } from './oauth.ts';

const MAX_ANSWER_BYTES = 256 * 1024;

export interface OpenGenesysOptions {
  readonly config: Config;
  readonly client: TokenStore;
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
  /** @see missingScopes of oauth.ts */
  missingScopes(tenant: Tenant): Promise<string[]>;
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
  const options: TokensOptions = {
    client,
    keys,
    transport,
    clock,
    tracing,
    requestTimeoutMs,
    secretOf: (tenant) => tenants.secret(tenant.clientSecret),
    loginOf: (tenant) => dialectOf(tenant).login,
    onFetched,
  };
  const tokens = createTokens(options);
  return {
    transport,
    missingScopes: (tenant) => missingScopes(tenant, options),
    genesys: createGenesysClient({ tokens, transport, clock, tracing, requestTimeoutMs, maxAnswerBytes }),
    close: () => transport.close(),
  };
}
