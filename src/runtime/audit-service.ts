import { type Drain, startDrain } from '../audit/drain.ts';
import { startRetention } from '../audit/retention.ts';
import type { App } from './app.ts';

/** What a worker does for the audit store beside its jobs: it drains the streams, and removes what is past its retention. */
export interface AuditService {
  /** Finishes the batch in hand. */
  stop(): Promise<void>;
}

export function startAuditService(app: App): AuditService {
  const { config, logger, metrics, redis, keys, tenants, store } = app;
  const drain: Drain = startDrain({
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
      await Promise.all([drain.stop(), retention.stop()]);
    },
  };
}
