import { type Relay, startRelay } from '../audit/relay.ts';
import { startRetention } from '../audit/retention.ts';
import type { App } from './app.ts';

/** A worker's loops for the audit store: the relay and the retention. */
export interface AuditService {
  /** Resolves when the batch under way is stored. */
  stop(): Promise<void>;
}

export function startAuditService(app: App): AuditService {
  const { config, logger, metrics, redis, keys, tenants, store } = app;
  const relay: Relay = startRelay({
    client: redis,
    keys,
    intake: store,
    logger,
    maxAgeMs: config.auditStreamMaxAgeMs,
    onStored: ({ added }) => metrics.auditStored.inc({ source: 'own' }, added),
    onBacklog({ entries, oldestAgeSeconds }) {
      metrics.auditStreamEntries.set(entries);
      metrics.auditStreamOldestSeconds.set(oldestAgeSeconds);
    },
    onGivenUp: (count) => metrics.auditGivenUp.inc(count),
    onDropped: (count) => metrics.auditGivenUp.inc(count),
  });
  const retention = startRetention({ store, tenants, redis, keys, logger });
  return {
    async stop() {
      await Promise.all([relay.stop(), retention.stop()]);
    },
  };
}
