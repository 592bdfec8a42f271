import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that all tests of a run share. */
export interface SharedServer {
  readonly url: string;
  close(): Promise<void>;
}

/** An address that starts a server at the first request for it, so that a run without need has none. */
export interface Door {
  /** Answers with the address of the server. Its status is 503 if the server cannot start. */
  readonly url: string;
  /** Closes the server too. */
  close(): Promise<void>;
}

export async function openDoor(open: () => Promise<SharedServer>): Promise<Door> {
  let server: Promise<SharedServer> | undefined;
  const door = createServer((_request, response) => {
    server ??= open();
    server.then(
      ({ url }) => response.end(url),
      (error: unknown) => response.writeHead(503).end(error instanceof Error ? error.message : String(error)),
    );
  });
  await once(door.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    async close() {
      door.close();
      await (await server?.catch(() => undefined))?.close();
    },
  };
}

/** Asks a door for the address of its server. Throws with its reason if the server cannot start. */
export async function addressBehind(doorUrl: string): Promise<string> {
  const answer = await fetch(doorUrl);
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}
