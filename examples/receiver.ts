/**
 * Receives callbacks. It verifies each signature with the reference implementation of Standard
 * Webhooks, and finds repeated callbacks by their `webhook-id`.
 *
 *   WEBHOOK_SECRET=whsec_… PORT=8099 node examples/receiver.ts
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

interface Callback {
  readonly type: string;
  readonly timestamp: string;
  readonly data: { readonly jobId?: string; readonly status?: string };
}

const secret = process.env['WEBHOOK_SECRET'];
if (!secret) {
  console.error('Set WEBHOOK_SECRET to the secret that `callback.secret` of the tenant refers to.');
  process.exit(1);
}
const webhook = new Webhook(secret);

/** Ids of received callbacks. A real receiver stores them for four days, as callbacks repeat. */
const known = new Set<string>();

/** @returns the status of the answer. After a 2xx a callback is not repeated, so store it first. */
function receive(request: IncomingMessage, body: string): number {
  const id = String(request.headers['webhook-id']);
  // The signature covers the received bytes, so verify it before the body is parsed.
  const { type, data } = webhook.verify(body, request.headers as Record<string, string>) as Callback;
  if (known.has(id)) {
    console.log(`repeated ${id}`);
    return 200;
  }
  known.add(id);
  console.log(`${type} ${id} ${JSON.stringify(data)}`);
  return 204;
}

const server = createServer(async (request, response) => {
  try {
    response.statusCode = receive(request, await text(request));
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    console.log(`refused: ${error.message}`);
    response.statusCode = 401;
  }
  response.end();
});

server.listen(Number(process.env['PORT'] ?? 8099), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(`listening on http://127.0.0.1:${port}`);
});
