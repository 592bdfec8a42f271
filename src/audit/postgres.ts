import { type Clock, systemClock } from '../core/clock.ts';
import {
  chainRows,
  EMPTY_HEAD,
  headBehind,
  type Last,
  nextPlace,
  type Row,
  rowsBefore,
  storedRecord,
  unknownOf,
} from './chain.ts';
import { anchorBehind, keptAnchor } from './chain-anchor.ts';
import { type ChainKeys, NO_KEYS } from './chain-keys.ts';
import { migrate } from './migrate.ts';
import { createPartitions } from './partitions.ts';
import {
  createPool,
  POSTGRES_TIMES,
  type PostgresPool,
  type PostgresTimes,
  type Sql,
} from './postgres-connection.ts';
import { describeOpenFailure, sqlStateOf } from './postgres-failure.ts';
import type { AuditRecord } from './record.ts';
import { type AuditStore, type Head, MAX_APPEND, requireBounded, type StoredRecord } from './store.ts';
import { verifyRows } from './verify-chain.ts';

export interface PostgresOptions {
  readonly clock?: Clock;
  readonly keys?: ChainKeys;
  readonly times?: PostgresTimes;
}

/**
 * Opens the audit store in PostgreSQL.
 * @throws {OperatorError} when it cannot be used.
 */
export async function openPostgresStore(url: string, options: PostgresOptions = {}): Promise<AuditStore> {
  const { clock = systemClock, keys = NO_KEYS, times = POSTGRES_TIMES } = options;
  const pool = createPool(url, times);
  try {
    await pool.transact(migrate);
  } catch (error) {
    await pool.close();
    throw describeOpenFailure(url, error);
  }
  return storeOf(pool, clock, keys);
}

function storeOf(pool: PostgresPool, clock: Clock, keys: ChainKeys): AuditStore {
  const partitions = createPartitions(pool);

  const appendOnce = async (records: readonly AuditRecord[]): Promise<number> => {
    await partitions.provide(records.map(({ occurredAt }) => occurredAt));
    return await pool.transact((sql) => appendIn(sql, records, clock, keys));
  };

  return {
    async append(records) {
      requireBounded(records);
      if (records.length === 0) return { added: 0, known: 0 };
      const added = await appendOnce(records).catch((error: unknown) => {
        if (!lacksPartition(error)) throw error;
        partitions.forget();
        return appendOnce(records);
      });
      return { added, known: records.length - added };
    },

    async count({ tenantId = null, source = null } = {}) {
      const [row] = await pool.ask((sql) =>
        sql.rows<{ records: number }>(
          `SELECT count(*) AS records FROM audit_records
           WHERE ($1::text IS NULL OR tenant_id = $1) AND ($2::text IS NULL OR source = $2)`,
          [tenantId, source],
        ),
      );
      return row?.records ?? 0;
    },

    async *read({ tenantId, from, to }): AsyncGenerator<StoredRecord> {
      await using snapshot = await pool.snapshot();
      const rows = snapshot.pages<Row>(
        `SELECT ${COLUMNS} FROM audit_records WHERE tenant_id = $1
         AND occurred_at >= $2::timestamptz AND occurred_at < $3::timestamptz ORDER BY occurred_at, sequence`,
        [tenantId, from?.toISOString() ?? '-infinity', to?.toISOString() ?? 'infinity'],
      );
      for await (const page of rows) yield* page.map(storedRecord);
    },

    async verify(tenantId) {
      await using snapshot = await pool.snapshot();
      const heads = await selectHeads(snapshot, [tenantId]);
      const rows = snapshot.pages<Row>(
        `SELECT ${COLUMNS} FROM audit_records WHERE tenant_id = $1 ORDER BY sequence`,
        [tenantId],
      );
      return await verifyRows(tenantId, heads.get(tenantId), rows, keys);
    },

    async prune(tenantId, olderThan) {
      let pruned = 0;
      for (;;) {
        const batch = await pool.transact((sql) => pruneIn(sql, { tenantId, olderThan, keys }));
        pruned += batch;
        if (batch < MAX_APPEND) return pruned;
      }
    },

    async placeOf(tenantId, sequence) {
      const head = (await pool.ask((sql) => selectHeads(sql, [tenantId]))).get(tenantId);
      if (!head) return undefined;
      const [row] = await pool.ask((sql) =>
        sql.rows<{ hash: string }>('SELECT hash FROM audit_records WHERE tenant_id = $1 AND sequence = $2', [
          tenantId,
          sequence ?? 0,
        ]),
      );
      return { head, hash: row?.hash };
    },

    async tenants() {
      const rows = await pool.ask((sql) => sql.rows<{ tenantId: string }>(TENANTS));
      return rows.map(({ tenantId }) => tenantId);
    },

    close: () => pool.close(),
  };
}

const COLUMNS = `tenant_id AS "tenantId", sequence, id, source, occurred_at AS "occurredAt",
  recorded_at AS "recordedAt", action, status, details::text AS details, hash`;

/**
 * Reads the heads, and skips along the index of the records as well: a head that was removed must
 * not hide the records of its tenant.
 */
const TENANTS = `
  WITH RECURSIVE found (id) AS (
    SELECT min(tenant_id) FROM audit_records
    UNION ALL
    SELECT (SELECT min(tenant_id) FROM audit_records WHERE tenant_id > found.id)
      FROM found WHERE found.id IS NOT NULL
  )
  SELECT id AS "tenantId" FROM found WHERE id IS NOT NULL UNION SELECT tenant_id FROM audit_heads ORDER BY 1`;

/**
 * Locks the heads of all its tenants, in one order in every process, to avoid deadlocks. Returns
 * the number of new records.
 */
async function appendIn(
  sql: Sql,
  records: readonly AuditRecord[],
  clock: Clock,
  keys: ChainKeys,
): Promise<number> {
  const byTenant = Map.groupBy(records, ({ tenantId }) => tenantId);
  const tenantIds = [...byTenant.keys()].sort();
  const heads = await lockHeads(sql, tenantIds);
  const lasts = await selectLasts(sql, tenantIds);
  const known = Map.groupBy(await selectKnown(sql, records), ({ tenantId }) => tenantId);
  const rows: Row[] = [];
  const behind: (Head & { tenantId: string })[] = [];
  for (const [tenantId, its] of byTenant) {
    const fresh = unknownOf(its, known.get(tenantId)?.map(({ id }) => id) ?? []);
    const head = nextPlace(heads.get(tenantId), lasts.get(tenantId));
    const added = chainRows(head, fresh, clock.now(), keys);
    // Write a head that was just created: left empty, it would look like a chain without records.
    if (added.length === 0 && heads.has(tenantId)) continue;
    rows.push(...added);
    behind.push({ tenantId, ...headBehind(head, added, keptAnchor(tenantId, head, keys)) });
  }
  // One JSON parameter keeps the details as they were hashed, and the statement the same for any
  // number of rows.
  await sql.run(INSERT_RECORDS, [JSON.stringify(rows)]);
  await sql.run(UPDATE_HEADS, [JSON.stringify(behind)]);
  return rows.length;
}

const INSERT_RECORDS = `INSERT INTO audit_records
  SELECT r."tenantId", r.sequence, r.id, r.source, r."occurredAt", r."recordedAt", r.action, r.status,
    r.details::json, r.hash
  FROM json_to_recordset($1::json)
    AS r ("tenantId" text, sequence bigint, id text, source text, "occurredAt" timestamptz,
      "recordedAt" timestamptz, action text, status text, details text, hash text)`;

const UPDATE_HEADS = `UPDATE audit_heads SET sequence = r.sequence, hash = r.hash, recorded_at = r."recordedAt",
    anchor_sequence = (r.anchor ->> 'sequence')::bigint, anchor_hash = r.anchor ->> 'hash',
    anchor_hmac = r.anchor ->> 'hmac'
  FROM json_to_recordset($1::json)
    AS r ("tenantId" text, sequence bigint, hash text, "recordedAt" timestamptz, anchor json)
  WHERE tenant_id = r."tenantId"`;

/**
 * Locks the heads of these tenants. It creates missing ones first, so that there is a row to lock.
 */
async function lockHeads(sql: Sql, tenantIds: readonly string[]): Promise<Map<string, Head>> {
  const { sequence, hash, anchor, recordedAt } = EMPTY_HEAD;
  const made = await sql.rows<{ tenantId: string }>(
    `INSERT INTO audit_heads SELECT tenant_id, $2::bigint, $3, $4::bigint, $5, $6::timestamptz
     FROM unnest($1::text[]) AS tenant_id ON CONFLICT DO NOTHING RETURNING tenant_id AS "tenantId"`,
    [tenantIds, sequence, hash, anchor.sequence, anchor.hash, recordedAt],
  );
  const heads = await selectHeads(sql, tenantIds, 'FOR UPDATE');
  for (const { tenantId } of made) heads.delete(tenantId);
  return heads;
}

async function selectLasts(sql: Sql, tenantIds: readonly string[]): Promise<Map<string, Last>> {
  const rows = await sql.rows<Last & { tenantId: string }>(
    `SELECT tenant_id AS "tenantId", last.*
     FROM unnest($1::text[]) AS tenant (tenant_id) CROSS JOIN LATERAL (
       SELECT sequence, hash, recorded_at AS "recordedAt" FROM audit_records
       WHERE tenant_id = tenant.tenant_id ORDER BY sequence DESC LIMIT 1) AS last`,
    [tenantIds],
  );
  return new Map(rows.map(({ tenantId, ...last }) => [tenantId, last]));
}

/**
 * Finds the ids that are stored already, in every partition: a record may come again with another
 * time. An index over all partitions would avoid this, but needs as much room as the ids. There are
 * twelve partitions a year.
 */
async function selectKnown(
  sql: Sql,
  records: readonly AuditRecord[],
): Promise<{ tenantId: string; id: string }[]> {
  // The limit keeps PostgreSQL from a scan of whole tables.
  return await sql.rows<{ tenantId: string; id: string }>(
    `SELECT asked.tenant_id AS "tenantId", asked.id
     FROM unnest($1::text[], $2::text[]) AS asked (tenant_id, id) CROSS JOIN LATERAL (
       SELECT 1 FROM audit_records WHERE tenant_id = asked.tenant_id AND id = asked.id LIMIT 1) AS found`,
    [records.map(({ tenantId }) => tenantId), records.map(({ id }) => id)],
  );
}

/** Removes one batch from the beginning of a chain; returns the number of records. */
async function pruneIn(sql: Sql, { tenantId, olderThan, keys }: Pruning): Promise<number> {
  const head = (await selectHeads(sql, [tenantId], 'FOR UPDATE')).get(tenantId);
  if (!head) return 0;
  const rows = await sql.rows<Row>(
    `SELECT ${COLUMNS} FROM audit_records WHERE tenant_id = $1 ORDER BY sequence LIMIT ${MAX_APPEND}`,
    [tenantId],
  );
  const [first, ...more] = rowsBefore(rows, olderThan);
  if (!first) return 0;
  const { sequence, hash, hmac } = anchorBehind(tenantId, head, [first, ...more], keys);
  await sql.run(
    'UPDATE audit_heads SET anchor_sequence = $2, anchor_hash = $3, anchor_hmac = $4 WHERE tenant_id = $1',
    [tenantId, sequence, hash, hmac],
  );
  return await sql.run('DELETE FROM audit_records WHERE tenant_id = $1 AND sequence <= $2', [
    tenantId,
    sequence,
  ]);
}

interface Pruning {
  readonly tenantId: string;
  readonly olderThan: Date;
  readonly keys: ChainKeys;
}

interface HeadRow {
  readonly tenantId: string;
  readonly sequence: number;
  readonly hash: string;
  readonly anchorSequence: number;
  readonly anchorHash: string;
  readonly anchorHmac: string | null;
  readonly recordedAt: string;
}

async function selectHeads(
  sql: Pick<Sql, 'rows'>,
  tenantIds: readonly string[],
  lock: '' | 'FOR UPDATE' = '',
): Promise<Map<string, Head>> {
  const rows = await sql.rows<HeadRow>(
    `SELECT tenant_id AS "tenantId", sequence, hash, anchor_sequence AS "anchorSequence",
       anchor_hash AS "anchorHash", anchor_hmac AS "anchorHmac", recorded_at AS "recordedAt"
     FROM audit_heads WHERE tenant_id = ANY($1::text[]) ORDER BY tenant_id ${lock}`,
    [tenantIds],
  );
  return new Map(
    rows.map(({ tenantId, anchorSequence, anchorHash, anchorHmac, ...head }) => [
      tenantId,
      { ...head, anchor: { sequence: anchorSequence, hash: anchorHash, hmac: anchorHmac } },
    ]),
  );
}

/** SQLSTATE 23514 without a constraint name: no partition takes the row. */
function lacksPartition(error: unknown): boolean {
  const { cause } = error as { readonly cause?: unknown };
  return (
    sqlStateOf(cause) === '23514' && (cause as { readonly constraint?: unknown }).constraint === undefined
  );
}
