import { type Clock, systemClock } from '../../../src/core/clock.ts';
import { CodedError } from '../../../src/core/errors.ts';
import { createGenesysClient, dialectOf, type GenesysClient } from '../../../src/genesys/client.ts';
import type { Login } from '../../../src/genesys/dialects/dialect.ts';
import { guest } from '../../../src/genesys/dialects/guest/guest.ts';
import type { SentMessage } from '../../../src/genesys/dialects/guest/shapes.ts';
import { createTokens, type Tokens } from '../../../src/genesys/oauth.ts';
import { type MessageTransmission, messageTransmission } from '../../../src/jobs/message-transmission.ts';
import { createTransport } from '../../../src/outbound/transport.ts';
import { wayOut } from '../../../src/outbound/way-out.ts';
import { createRedis } from '../../../src/redis/connect.ts';
import { loadTenants, type TenantRegistry } from '../../../src/tenants/registry.ts';
import type { Tenant } from '../../../src/tenants/tenant.ts';
import { onEnd } from '../../support/lifetime.ts';
import { message, type System } from '../../support/system.ts';

/** The parts of one worker process that call Genesys Cloud. */
export interface Caller {
  readonly tenants: TenantRegistry;
  readonly tokens: Tokens;
  readonly genesys: GenesysClient;
  tenant(id?: string): Tenant;
  /** Sends one message, by default of the tenant `acme`. */
  send(requestId: string, options?: SendOptions): Promise<SentMessage>;
}

export interface SendOptions {
  readonly tenant?: Tenant;
  readonly fields?: object;
  readonly sequence?: number;
  readonly signal?: AbortSignal;
}

export interface CallerOptions {
  readonly clock?: Clock;
  readonly requestTimeoutMs?: number;
  /** Another address of the same Redis. */
  readonly redisUrl?: string;
  /** Environment variables that differ from those of the system. */
  readonly environment?: Readonly<Record<string, string>>;
  /** How tokens are asked for; as the dialect of the tenant says by default. */
  readonly login?: Login;
}

/** Opens these parts, with their own connection to Redis. */
export function openCaller(system: System, options: CallerOptions = {}): Caller {
  const { clock = systemClock, requestTimeoutMs = 60_000, redisUrl = system.redis.url } = options;
  const client = createRedis({ url: redisUrl, role: 'worker' });
  const transport = createTransport({
    connectTimeoutMs: 30_000,
    requestTimeoutMs,
    maxAnswerBytes: 65_536,
    ...wayOut(system.config),
  });
  const environment = { ...system.environment, ...options.environment };
  const tenants = loadTenants({ file: system.config.tenantsFile, environment, requireSecrets: true });
  const tokens = createTokens({
    client,
    keys: system.keys,
    transport,
    clock,
    requestTimeoutMs,
    secretOf: (tenant) => tenants.secret(tenant.clientSecret),
    loginOf: (tenant) => options.login ?? dialectOf(tenant).login,
  });
  const genesys = createGenesysClient({
    tokens,
    transport,
    clock,
    requestTimeoutMs,
    maxAnswerBytes: 256 * 1024,
  });
  onEnd(async () => {
    client.disconnect();
    await transport.close();
  });
  return {
    tenants,
    tokens,
    genesys,
    tenant: (id = 'acme') => tenants.get(id),
    send(requestId, { tenant = tenants.get('acme'), fields, ...context } = {}) {
      return genesys.call(tenant, guest.sendMessage, checked(fields), { requestId, ...context });
    },
  };
}

/** The coded error of a promise that rejects. */
export async function failureOf(promise: Promise<unknown>): Promise<CodedError> {
  const outcome = await promise.then(
    (value) => new Error(`It did not fail, but gave ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof CodedError) return outcome;
  throw outcome;
}

function checked(fields: object | undefined): MessageTransmission {
  return messageTransmission.schema.parse(message(fields));
}
