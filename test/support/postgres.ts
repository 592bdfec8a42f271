import { randomBytes } from 'node:crypto';
import postgres, { type Sql } from 'postgres';
import { inject } from 'vitest';
import { onEnd } from './lifetime.ts';

/** A database for one test, or for a whole file when called outside a test; gone at its end. */
export interface TestDatabase {
  readonly url: string;
  /** Of the server, without a database. */
  readonly serverUrl: string;
  /** Around the product, to look at what it wrote and to tamper with it. */
  readonly sql: Sql;
}

/**
 * Makes a database on the PostgreSQL that all tests of the run share. Fails, with what to do, where there is
 * none.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const answer = await fetch(inject('postgresDoor'));
  const serverUrl = await answer.text();
  if (!answer.ok) throw new Error(serverUrl);
  const name = `t_${randomBytes(6).toString('hex')}`;
  const server = postgres(`${serverUrl}/postgres`, { max: 1, onnotice: () => {} });
  await server.unsafe(`CREATE DATABASE ${name}`);
  const url = `${serverUrl}/${name}`;
  const sql = postgres(url, { max: 2, onnotice: () => {} });
  onEnd(async () => {
    await sql.end({ timeout: 1 });
    await server.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await server.end({ timeout: 1 });
  });
  return { url, serverUrl, sql };
}
