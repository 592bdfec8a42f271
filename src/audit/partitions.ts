import { SCHEMA_LOCK } from './migrate.ts';
import type { PostgresPool, Sql } from './postgres-connection.ts';

/** The monthly partitions of `audit_records`. */
export interface Partitions {
  /**
   * Creates the partitions that these moments need.
   * @param moments ISO 8601 in UTC.
   */
  provide(moments: readonly string[]): Promise<void>;
  /** Forgets which partitions exist, because another program dropped one. */
  forget(): void;
}

export function createPartitions(pool: Pick<PostgresPool, 'ask' | 'transact'>): Partitions {
  const provided = new Set<string>();
  return {
    async provide(moments) {
      const months = new Set(moments.map((moment) => moment.slice(0, 7)));
      for (const month of [...months].filter((name) => !provided.has(name)).sort()) {
        await createPartition(pool, month);
        provided.add(month);
      }
    },
    forget: () => provided.clear(),
  };
}

/**
 * Creates a table and attaches it. `CREATE TABLE … PARTITION OF` would wait for every running
 * export, and block all later statements.
 *
 * @param month such as `2026-03`.
 */
async function createPartition(pool: Pick<PostgresPool, 'ask' | 'transact'>, month: string): Promise<void> {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw new RangeError('the month of a record is not valid');
  const name = `audit_records_${month.replace('-', '_')}`;
  if (await pool.ask((sql) => isAttached(sql, name))) return;
  const [from, to] = boundsOf(month);
  await pool.transact(async (sql) => {
    await sql.run('SELECT pg_advisory_xact_lock($1::bigint)', [SCHEMA_LOCK]);
    if (await isAttached(sql, name)) return;
    await sql.run(`CREATE TABLE ${name} (LIKE audit_records INCLUDING ALL)`);
    await sql.run(
      `ALTER TABLE audit_records ATTACH PARTITION ${name} FOR VALUES FROM ('${from}') TO ('${to}')`,
    );
  });
}

async function isAttached(sql: Sql, name: string): Promise<boolean> {
  const found = await sql.rows(
    `SELECT 1 FROM pg_inherits WHERE inhparent = 'audit_records'::regclass AND inhrelid = to_regclass($1)`,
    [name],
  );
  return found.length > 0;
}

function boundsOf(month: string): [string, string] {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const next = new Date(Date.UTC(year, number));
  return [`${month}-01T00:00:00Z`, `${next.toISOString().slice(0, 10)}T00:00:00Z`];
}
