import { expect, test } from 'vitest';
import { type RetentionOptions, startRetention } from '../../../src/audit/retention.ts';
import type { AuditStore } from '../../../src/audit/store.ts';
import { CodedError } from '../../../src/core/errors.ts';
import type { Tenant } from '../../../src/tenants/tenant.ts';
import { createManualClock, ROUNDING_MS } from '../../support/clock.ts';
import { onEnd } from '../../support/lifetime.ts';
import { waitFor } from '../../support/wait-for.ts';
import { listen, setOutbox } from './stage.ts';
import { DATABASES, records } from './stores.ts';

const DAY_MS = 86_400_000;
const [SQLITE] = DATABASES;

/** Tenants with these retentions in days; null: no limit. */
function tenantsWith(days: Readonly<Record<string, number | null>>): RetentionOptions['tenants'] {
  const retentionMs = (id: string) => (days[id] == null ? null : days[id] * DAY_MS);
  return {
    ids: () => Object.keys(days),
    get: (id) => ({ id, audit: { retentionMs: retentionMs(id) } }) as Tenant,
  };
}

function start(
  options: Pick<RetentionOptions, 'store' | 'tenants'> & Partial<RetentionOptions>,
  stage = setOutbox(),
) {
  const heard = listen();
  const retention = startRetention({
    redis: stage.client,
    keys: stage.keys,
    logger: heard.logger,
    ...options,
  });
  onEnd(() => retention.stop());
  return { retention, heard };
}

test.for(DATABASES)('removes old records from $name, tenant by tenant, and logs it', async (database) => {
  const clock = createManualClock();
  const { store } = await database.openTestStore({ clock });
  for (const tenantId of ['acme', 'globex', 'initech', 'gone']) await store.append(records(4, { tenantId }));
  clock.advance(3 * DAY_MS);
  for (const tenantId of ['acme', 'globex']) await store.append(records(2, { tenantId }, 'young'));
  const tenants = tenantsWith({ acme: 2, globex: 30, initech: null });

  const { heard } = start({ store, tenants, clock });

  await waitFor(() => heard.lines.length > 0, { what: 'a log line' });
  expect(heard.lines).toEqual([
    expect.objectContaining({ event: 'audit.pruned', tenantId: 'acme', pruned: 4, retention: '2d' }),
  ]);
  const kept = async (tenantId: string) => await store.count({ tenantId });
  expect(await Promise.all(['acme', 'globex', 'initech', 'gone'].map(kept))).toEqual([2, 6, 4, 4]);
  expect(await store.verify('acme')).toEqual({ ok: true, records: 2 });
});

test('prunes on one replica at a time, and again after the interval', async () => {
  let prunings = 0;
  const store: Pick<AuditStore, 'prune'> = {
    async prune() {
      prunings += 1;
      return 0;
    },
  };
  const stage = setOutbox();
  const everyMs = 240;
  const startedMs = performance.now();
  for (let replica = 0; replica < 4; replica += 1)
    start({ store, tenants: tenantsWith({ acme: 1 }), everyMs }, stage);

  await waitFor(() => prunings >= 4, { what: 'four turns' });

  // The replicas take the first turn after the start, and three intervals pass before the fourth.
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(3 * (everyMs - ROUNDING_MS));
});

test('continues with the next tenant after a failure, and retries at the next turn', async () => {
  const pruned: string[] = [];
  const store: Pick<AuditStore, 'prune'> = {
    async prune(tenantId) {
      if (tenantId === 'acme') throw new CodedError('AUDIT_STORE_UNAVAILABLE', 'away');
      pruned.push(tenantId);
      return 1;
    },
  };

  const { heard } = start({ store, tenants: tenantsWith({ acme: 1, globex: 1 }), everyMs: 60 });

  await waitFor(() => pruned.length >= 2, { what: 'two turns' });
  expect(heard.lines).toContainEqual(
    expect.objectContaining({ tenantId: 'acme', reason: 'away', level: 40 }),
  );
});

test('uses the current tenants, and continues after the registry fails', async () => {
  const { store } = await SQLITE.openTestStore();
  await store.append(records(1));
  let turns = 0;
  const tenants: RetentionOptions['tenants'] = {
    ids() {
      turns += 1;
      if (turns === 1) throw new Error('no tenants file');
      return ['acme'];
    },
    get: tenantsWith({ acme: 1 }).get,
  };
  const clock = createManualClock(Date.now() + 2 * DAY_MS);

  start({ store, tenants, clock, everyMs: 60 });

  await waitFor(async () => (await store.count()) === 0, { what: 'an empty store' });
});

test('finishes a running prune at its stop', async () => {
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  let isDone = false;
  const store: Pick<AuditStore, 'prune'> = {
    async prune() {
      begun.resolve();
      await gate.promise;
      isDone = true;
      return 0;
    },
  };
  const { retention } = start({ store, tenants: tenantsWith({ acme: 1 }) });
  await begun.promise;

  const stopped = retention.stop();
  gate.resolve();
  await stopped;

  expect(isDone).toBe(true);
});
