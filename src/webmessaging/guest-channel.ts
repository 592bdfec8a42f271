import type { Config } from '../config/settings.ts';
import type { Clock } from '../core/clock.ts';
import type { Metrics } from '../observe/metrics.ts';
import { NO_TRACING, type Tracing } from '../observe/tracing.ts';
import type { Files } from '../outbound/fetch-file.ts';
import type { Transport, TransportOptions } from '../outbound/transport.ts';
import { createWebSockets } from '../outbound/web-sockets.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { Connection } from './connection.ts';
import { type GuestFile, uploadFile } from './files.ts';
import { type Found, lookFor, type Mark } from './history.ts';
import { createPool, type Pool } from './pool.ts';
import { createSessions, type Sessions } from './sessions.ts';

/** The guest channel of this process: sessions in Redis, connections here (docs/platform.md#webmessaging). */
export interface GuestChannel {
  readonly sessions: Sessions;
  readonly pool: Pool;
  readonly clock: Clock;
  /** How long after its departure the history must show a message, ms. */
  readonly historyDelayMs: number;
  /** How long a worker waits for an error after an event, ms. */
  readonly eventWaitMs: number;
  /** Looks for a message without an echo. @throws as `lookFor` */
  lookFor(mark: Mark, connection: Connection, tenant: Tenant, signal: AbortSignal): Promise<Found>;
  /** @returns the id of the attachment. @throws as `uploadFile` */
  upload(file: GuestFile, connection: Connection, tenant: Tenant, signal: AbortSignal): Promise<string>;
  /** Closes all connections. No session of a guest ends. */
  close(): Promise<void>;
}

export interface GuestChannelOptions {
  readonly config: Config;
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly transport: Transport;
  readonly metrics: Pick<Metrics, 'guestConnections' | 'guestConnectionsOpened' | 'guestLostEchoes'>;
  /** Makes the spans of requests; off by default. */
  readonly tracing?: Tracing;
  readonly secretOf: (tenant: Tenant) => string;
  /** Fetches and uploads the files of messages. */
  readonly files: Files;
  /** User agent and proxies. */
  readonly wayOut: Pick<TransportOptions, 'userAgent' | 'proxies'>;
}

export function createGuestChannel(options: GuestChannelOptions): GuestChannel {
  const { config, clock, transport, metrics, tracing = NO_TRACING, files, wayOut } = options;
  const { connectTimeoutMs, requestTimeoutMs } = config;
  const sockets = createWebSockets({
    connectTimeoutMs,
    ...wayOut,
    maxMessageBytes: config.guestMaxFrameBytes,
  });
  const pool = createPool({
    sockets,
    tracing,
    connectTimeoutMs,
    answerTimeoutMs: Math.min(config.guestEchoTimeoutMs, requestTimeoutMs),
    pingMs: config.guestPingMs,
    idleMs: config.guestIdleMs,
    maxIdle: config.guestMaxIdle,
    onOpen: () => metrics.guestConnectionsOpened.inc(),
    onCount: (open) => metrics.guestConnections.set(open),
  });
  return {
    sessions: createSessions({ ...options, keepMs: config.ledgerTtlMs }),
    pool,
    clock,
    historyDelayMs: config.guestHistoryDelayMs,
    eventWaitMs: config.guestEventWaitMs,
    async lookFor(mark, connection, { hosts }, signal) {
      const history = { transport, tracing, requestTimeoutMs, now: clock.now, signal };
      const found = await lookFor(mark, connection, hosts.api, history);
      metrics.guestLostEchoes.inc({ found: found.verdict });
      return found;
    },
    upload: (file, connection, tenant, signal) => uploadFile(file, { connection, tenant, signal }, files),
    async close() {
      pool.close();
      sockets.close();
    },
  };
}
