import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { FIRST_HASH } from '../../../src/audit/chain.ts';
import { canonicalJson } from '../../../src/audit/record.ts';
import type { TestDatabase } from '../../support/postgres.ts';

/**
 * Has the database create a chain of records as `append` would: a number of records of the tenant
 * `acme`, a second apart, with details of a given size. The tables must exist.
 */
const DETAILS = canonicalJson({ jobId: 'j'.repeat(32), latencyMs: 42, text: 'x'.repeat(100) });
const START_MS = Date.UTC(2026, 0, 1);
const RECORDED = '2026-06-01T00:00:00.000Z';

/** The canonical text of a record, cut at its id and its time. */
const [BEFORE_ID = '', BEFORE_TIME = '', REST = ''] = canonicalJson({
  action: 'message.delivered',
  details: JSON.parse(DETAILS),
  id: '\u0000',
  occurredAt: '\u0000',
  recordedAt: RECORDED,
  source: 'own',
  status: 'delivered',
  tenantId: 'acme',
}).split(JSON.stringify('\u0000'));

export function fillSqlite(path: string, count: number): void {
  using database = new DatabaseSync(path);
  let hash = FIRST_HASH;
  database.function('next_hash', (id, occurredAt) => {
    const text = `${BEFORE_ID}"${id}"${BEFORE_TIME}"${occurredAt}"${REST}`;
    hash = createHash('sha256').update(hash).update(text).digest('hex');
    return hash;
  });
  database.exec(`PRAGMA synchronous = OFF; BEGIN;
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count}),
      moments AS (SELECT n, 'id-' || n AS id,
        strftime('%Y-%m-%dT%H:%M:%S.000Z', ${START_MS / 1000} + n, 'unixepoch') AS at FROM numbers)
    INSERT INTO audit_records SELECT 'acme', n, id, 'own', at, '${RECORDED}', 'message.delivered', 'delivered',
      '${DETAILS}', next_hash(id, at) FROM moments;
    INSERT INTO audit_heads VALUES ('acme', ${count}, '${hash}', 0, '${FIRST_HASH}', '${RECORDED}', NULL);`);
  database.prepare('UPDATE audit_heads SET hash = ?').run(hash);
  database.exec('COMMIT');
}

/** The partitions of the months must exist too: see {@link monthsOf}. */
export async function fillPostgres(sql: TestDatabase['sql'], count: number): Promise<void> {
  await sql(`
    CREATE FUNCTION fill(count int) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE hash text := '${FIRST_HASH}'; at text;
    BEGIN
      FOR n IN 1..count LOOP
        at := to_char(timestamp '2026-01-01' + n * interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS') || '.000Z';
        hash := encode(sha256(convert_to(hash || '${BEFORE_ID}"id-' || n || '"${BEFORE_TIME}"' || at || '"${REST}',
          'UTF8')), 'hex');
        INSERT INTO audit_records VALUES ('acme', n, 'id-' || n, 'own', at::timestamptz, '${RECORDED}',
          'message.delivered', 'delivered', '${DETAILS}', hash);
      END LOOP;
      INSERT INTO audit_heads VALUES ('acme', count, hash, 0, '${FIRST_HASH}', '${RECORDED}');
    END $$;
    SELECT fill(${count}); DROP FUNCTION fill(int); ANALYZE audit_records;`);
}

/** A time in every month of these records. */
export function monthsOf(count: number): string[] {
  const months = 1 + Math.ceil(count / (28 * 86_400));
  return Array.from({ length: months }, (_, month) => new Date(Date.UTC(2026, month, 15)).toISOString());
}
