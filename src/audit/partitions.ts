import type { Sql } from 'postgres';
import { SCHEMA_LOCK } from './migrate.ts';

/** The monthly partitions of `audit_records`. */
export interface Partitions {
  /** Makes those that these moments need and that are not there. @param moments as ISO 8601 in UTC. */
  provide(moments: readonly string[]): Promise<void>;
  /** Believes nothing that it knew: somebody dropped a partition. */
  forget(): void;
}

export function createPartitions(sql: () => Sql): Partitions {
  const provided = new Set<string>();
  return {
    async provide(moments) {
      const months = new Set(moments.map((moment) => moment.slice(0, 7)));
      for (const month of [...months].filter((name) => !provided.has(name)).sort()) {
        await createPartition(sql(), month);
        provided.add(month);
      }
    },
    forget: () => provided.clear(),
  };
}

/**
 * A table that is made apart and attached then: `CREATE TABLE … PARTITION OF` would wait for every export
 * that is reading, and hold up whoever comes after it.
 *
 * @param month such as `2026-03`.
 */
async function createPartition(sql: Sql, month: string): Promise<void> {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw new RangeError('a month of a record is none');
  const name = `audit_records_${month.replace('-', '_')}`;
  if (await isAttached(sql, name)) return;
  const [from, to] = boundsOf(month);
  await sql.begin(async (transaction) => {
    await transaction`SELECT pg_advisory_xact_lock(${SCHEMA_LOCK}::bigint)`;
    if (await isAttached(transaction as unknown as Sql, name)) return;
    await transaction.unsafe(`CREATE TABLE ${name} (LIKE audit_records INCLUDING ALL)`);
    await transaction.unsafe(
      `ALTER TABLE audit_records ATTACH PARTITION ${name} FOR VALUES FROM ('${from}') TO ('${to}')`,
    );
  });
}

async function isAttached(sql: Sql, name: string): Promise<boolean> {
  const found = await sql`SELECT 1 FROM pg_inherits
    WHERE inhparent = 'audit_records'::regclass AND inhrelid = to_regclass(${name})`;
  return found.length > 0;
}

function boundsOf(month: string): [string, string] {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const next = new Date(Date.UTC(year, number));
  return [`${month}-01T00:00:00Z`, `${next.toISOString().slice(0, 10)}T00:00:00Z`];
}
