import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { onEnd } from './lifetime.ts';

/** A database for one test, or for a file if opened outside a test. It is removed at the end. */
export interface TestDatabase {
  readonly url: string;
  /** The address of the server, without a database. */
  readonly serverUrl: string;
  /** A direct connection, to read what the product wrote and to change it. */
  sql(text: string): Promise<Record<string, unknown>[]>;
}

/**
 * Creates a database on the PostgreSQL that all tests of the run share. On a machine without
 * PostgreSQL it fails, with the remedy.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const answer = await fetch(inject('postgresDoor'));
  const serverUrl = await answer.text();
  if (!answer.ok) throw new Error(serverUrl);
  const name = `t_${randomBytes(6).toString('hex')}`;
  const server = connect(`${serverUrl}/postgres`);
  await server.query(`CREATE DATABASE ${name}`);
  const url = `${serverUrl}/${name}`;
  const pool = connect(url);
  onEnd(async () => {
    await pool.end();
    await server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await server.end();
  });
  return { url, serverUrl, sql: async (text) => (await pool.query(text)).rows };
}

function connect(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 2 });
  // The server that a test kills.
  pool.on('error', () => {});
  return pool;
}
