import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type CallbackCounts, createCallbackCounter } from './callbacks.ts';

/** The receiver of all callbacks of the demo: an HTTP server that verifies each one. */
export interface Receiver {
  readonly url: string;
  /** The receiver's address for a tenant. */
  urlOf(tenantId: string): string;
  counts(): CallbackCounts;
  close(): Promise<void>;
}

const STATUS = { verified: 204, duplicates: 204, failed: 401 } satisfies Record<keyof CallbackCounts, number>;

/** @param secrets of all tenants, by id. */
export async function openReceiver(secrets: ReadonlyMap<string, string>): Promise<Receiver> {
  const counter = createCallbackCounter(secrets, Date.now);
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    if (!body) return;
    const tenantId = request.url?.slice(1) ?? '';
    response.writeHead(STATUS[counter.take(tenantId, request.headers, body)]).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    urlOf: (tenantId) => `${url}/${tenantId}`,
    counts: counter.counts,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/**
 * Undefined when the connection ends during the request, for example because a worker was killed.
 * Another worker sends the callback again.
 */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  try {
    return await buffer(request);
  } catch {
    return undefined;
  }
}
