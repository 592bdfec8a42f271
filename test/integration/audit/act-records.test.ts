import { expect, test } from 'vitest';
import { createActs } from '../../../src/audit/act-record.ts';
import { INSTALLATION } from '../../../src/audit/record.ts';
import { createManualClock } from '../../support/clock.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { waitFor } from '../../support/wait-for.ts';
import { setOutbox } from './stage.ts';
import { DATABASES, record } from './stores.ts';

test.for(DATABASES)(
  'acts of operators are stored, verified and exported, with $name',
  async ({ openTestStore }) => {
    const { store, url } = await openTestStore();
    const { outbox, relay } = setOutbox({ partitions: 3 });
    const acts = createActs({ outbox, clock: createManualClock() });
    const act = { by: 'cli:ada', host: 'h', action: 'key.revoked', status: 'done', subject: 'k_1' } as const;
    await outbox.note(record());
    await acts.note({ ...act, tenants: ['acme', 'globex'] });
    await acts.note({ ...act, tenants: 'all' });
    // The same act twice is two records.
    await acts.note({ ...act, tenants: 'all' });

    relay({ store });

    await waitFor(async () => (await store.count()) === 5, { what: 'all records' });
    expect(await store.count({ source: 'operator' })).toBe(4);
    expect((await store.tenants()).sort()).toEqual([INSTALLATION, 'acme', 'globex']);
    expect(await store.verify(INSTALLATION)).toEqual({ ok: true, records: 2 });
    const env = { AUDIT_DATABASE_URL: url };
    const exported = await runCommand(['audit', 'export', '--tenant', INSTALLATION], { env });
    const lines = exported.stdout.split('\n').map((line) => JSON.parse(line));
    expect(lines).toMatchObject(
      [1, 2].map((sequence) => ({
        tenantId: INSTALLATION,
        sequence,
        source: 'operator',
        action: 'key.revoked',
        occurredAt: '2026-01-01T00:00:00.000Z',
        details: { by: 'cli:ada', host: 'h', subject: 'k_1' },
      })),
    );
  },
);
