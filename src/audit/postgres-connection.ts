import { setTimeout as delay } from 'node:timers/promises';
import postgres, { type ReservedSql, type Sql } from 'postgres';
import { CodedError, messageOf, OperatorError } from '../core/errors.ts';

export type { Sql } from 'postgres';

/** Times of a connection, ms. */
export interface PostgresTimes {
  readonly connectMs: number;
  /** What the server may take for one statement. */
  readonly statementMs: number;
  /**
   * What we wait for one piece of work, so that a server that is silent cannot hold us; longer than a
   * statement may take.
   */
  readonly answerMs: number;
}

export const POSTGRES_TIMES: PostgresTimes = { connectMs: 5000, statementMs: 20_000, answerMs: 30_000 };

/** A pool of connections that is made anew when the server has fallen silent. */
export interface PostgresPool {
  sql(): Sql;
  /** Does one piece of work. @throws {CodedError} AUDIT_STORE_UNAVAILABLE, AUDIT_RECORD_REFUSED */
  ask<Result>(act: (sql: Sql) => Promise<Result>): Promise<Result>;
  /** A connection for a reader, in a transaction that sees the database as it is now. */
  snapshot(): Promise<Snapshot>;
  close(): Promise<void>;
}

export interface Snapshot extends AsyncDisposable {
  readonly sql: Sql;
}

const MAX_CONNECTIONS = 4;
const CLOSE_SECONDS = 5;

export function createPool(url: string, times: PostgresTimes = POSTGRES_TIMES): PostgresPool {
  let isClosed = false;
  let sql = connect(url, times);

  const ask = async <Result>(act: (sql: Sql) => Promise<Result>): Promise<Result> => {
    if (isClosed) throw unavailable('it is closed');
    const asked = sql;
    const timer = new AbortController();
    const silence = delay(times.answerMs, SILENT, { signal: timer.signal }).catch(() => SILENT);
    const work = act(asked).catch(rethrow);
    const answer = await Promise.race([work, silence]).finally(() => timer.abort());
    if (answer !== SILENT) return answer as Result;
    // What is still asked there is lost; whoever asks next does so over new connections.
    work.catch(() => {});
    if (sql === asked && !isClosed) sql = connect(url, times);
    void asked.end({ timeout: 0 }).catch(() => {});
    throw unavailable(`no answer within ${times.answerMs} ms`);
  };

  return {
    sql: () => sql,
    ask,
    async snapshot() {
      const reserved = await ask(async (pool) => {
        const connection = await pool.reserve();
        return await begin(connection).catch((error: unknown) => {
          connection.release();
          throw error;
        });
      });
      return {
        sql: reserved,
        async [Symbol.asyncDispose]() {
          await ask(async () => await reserved.unsafe('ROLLBACK')).catch(() => {});
          reserved.release();
        },
      };
    },
    async close() {
      isClosed = true;
      await sql.end({ timeout: CLOSE_SECONDS });
    },
  };
}

const SILENT = Symbol('silent');

function connect(url: string, { connectMs, statementMs }: PostgresTimes): Sql {
  return postgres(url, {
    max: MAX_CONNECTIONS,
    connect_timeout: connectMs / 1000,
    idle_timeout: 60,
    onnotice: () => {},
    types: {
      // Sequence numbers and counts, which stay far below 2^53.
      bigint: { to: 20, from: [20], serialize: String, parse: Number },
      timestamp: {
        to: 1184,
        from: [1184],
        serialize: String,
        parse: (text: string) => new Date(text).toISOString(),
      },
    },
    connection: { application_name: 'gwm', TimeZone: 'UTC', statement_timeout: statementMs },
  }) as unknown as Sql;
}

async function begin(connection: ReservedSql): Promise<ReservedSql> {
  await connection.unsafe('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  // Along the indexes: the first page comes at once, and a million rows are not sorted.
  await connection.unsafe('SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off');
  // The server counts from the first page to the last, and a reader may take long over them; each page has
  // our own limit.
  await connection.unsafe('SET LOCAL statement_timeout = 0');
  return connection;
}

function rethrow(error: unknown): never {
  if (!isOfDatabase(error)) throw error;
  // Class 22 of SQLSTATE: the data are at fault, and will be the next time.
  if (/^22/.test(error.code)) {
    const reason = `the audit database refuses a record (SQLSTATE ${error.code})`;
    throw new CodedError('AUDIT_RECORD_REFUSED', reason, { cause: error });
  }
  throw unavailable(messageOf(error), error);
}

function unavailable(reason: string, cause?: unknown): CodedError {
  return new CodedError('AUDIT_STORE_UNAVAILABLE', `the audit database cannot be used: ${reason}`, { cause });
}

/** What the server says, the driver and the network have a code; a fault of ours has none. */
function isOfDatabase(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && typeof (error as { code?: unknown }).code === 'string';
}

/** The address without its login, for messages. */
export function describePostgresUrl(url: string): string {
  const parsed = URL.parse(url);
  return parsed
    ? `${parsed.protocol}//${parsed.host}${parsed.pathname}`
    : 'the address in AUDIT_DATABASE_URL';
}

/** Why a database could not be opened, for the operator. */
export function describeOpenFailure(url: string, thrown: unknown): OperatorError {
  const cause = thrown instanceof CodedError && thrown.cause !== undefined ? thrown.cause : thrown;
  const code = String((cause as { code?: unknown }).code ?? '');
  const address = `The audit database at ${describePostgresUrl(url)}`;
  const reason = messageOf(cause) || code;
  if (/^28/.test(code)) {
    return new OperatorError(
      `${address} refuses the login (${reason}). Check user and password in AUDIT_DATABASE_URL.`,
    );
  }
  if (code === '3D000') {
    return new OperatorError(
      `${address} is not there (${reason}). Create it, or name another in AUDIT_DATABASE_URL.`,
    );
  }
  if (code === '42501') {
    return new OperatorError(
      `${address} does not let us make our tables (${reason}). Grant CREATE on its schema to the user.`,
    );
  }
  if (isOfDatabase(cause) && /^[0-9A-Z]{5}$/.test(code) && !/^(08|57)/.test(code)) {
    return new OperatorError(`${address} cannot be used (${reason}).`);
  }
  return new OperatorError(
    `${address} does not answer (${reason}). Start it, or set AUDIT_DATABASE_URL to where it is.`,
  );
}
