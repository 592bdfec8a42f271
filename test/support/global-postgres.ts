import type { TestProject } from 'vitest/node';
import { openDoor } from './door.ts';
import { openPostgresServer } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The door of the PostgreSQL that all tests of the project share. */
    postgresDoor: string;
  }
}

/** Gives the tests of a project one PostgreSQL, if one of them requests it. */
export default async function providePostgres(project: TestProject): Promise<() => Promise<void>> {
  const door = await openDoor(() => openPostgresServer());
  project.provide('postgresDoor', door.url);
  return door.close;
}
