import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { openPostgresServer, type PostgresServer } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /**
     * Answers with the address of the PostgreSQL that all tests of the run share. The first request
     * starts it.
     */
    postgresDoor: string;
  }
}

/** Gives the tests of a project one PostgreSQL, if one of them requests it. */
export default async function providePostgres(project: TestProject): Promise<() => Promise<void>> {
  let server: Promise<PostgresServer> | undefined;
  const door = createServer((_request, response) => {
    server ??= openPostgresServer();
    server.then(
      ({ url }) => response.end(url),
      (error: unknown) => response.writeHead(503).end(error instanceof Error ? error.message : String(error)),
    );
  });
  await once(door.listen(0, '127.0.0.1'), 'listening');
  project.provide('postgresDoor', `http://127.0.0.1:${(door.address() as AddressInfo).port}`);
  return async () => {
    door.close();
    await (await server?.catch(() => undefined))?.close();
  };
}
