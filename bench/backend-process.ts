import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Arrival } from './backend.ts';

/** The process of backend.ts. It gives the smallest valid answers, and notes each message. */
interface Command {
  readonly expect?: number;
  readonly warmUp?: number;
  readonly record?: true;
  readonly report?: true;
  readonly limit?: string;
  readonly ratePerSecond?: number;
  readonly delayMs?: number;
}

const ACCEPTED = Buffer.from('{"id":"m"}');
const REFUSED = Buffer.from('{"code":"too.many.requests"}');
const now = () => performance.timeOrigin + performance.now();

let count = 0;
let expected = 0;
let warmUp = 0;
let firstMs = 0;
let warmMs = 0;
let delayMs = 0;
let arrivals: Arrival[] | undefined;
/** The requests that a tenant may still send. They refill with time, up to those of one second. */
const limits = new Map<string, { ratePerSecond: number; left: number; atMs: number }>();

process.on('message', (command: Command) => {
  if (command.expect !== undefined) {
    count = 0;
    expected = command.expect;
    warmUp = command.warmUp ?? 0;
  }
  if (command.record) arrivals = [];
  if (command.report) process.send?.({ arrivals: arrivals ?? [] });
  if (command.delayMs !== undefined) delayMs = command.delayMs;
  if (command.limit !== undefined) {
    const { ratePerSecond = 1 } = command;
    limits.set(command.limit, { ratePerSecond, left: ratePerSecond, atMs: now() });
  }
});
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  if (request.url === '/oauth/token') return grantToken(request, response);
  request.resume();
  request.on('end', () => takeMessage(request, response));
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ ready: true, url: `http://127.0.0.1:${port}` });
});

/** The token is the id of the client, so that a message names its tenant. */
function grantToken(request: IncomingMessage, response: ServerResponse): void {
  let form = '';
  request.setEncoding('utf8').on('data', (text: string) => {
    form += text;
  });
  request.on('end', () => {
    const token = new URLSearchParams(form).get('client_id');
    answer(response, 200, Buffer.from(JSON.stringify({ access_token: token, expires_in: 3600 })));
  });
}

function takeMessage(request: IncomingMessage, response: ServerResponse): void {
  const atMs = now();
  const tenantId = request.headers.authorization?.slice('Bearer '.length) ?? '';
  const isAccepted = mayCome(tenantId, atMs);
  const reply = () => answer(response, isAccepted ? 200 : 429, isAccepted ? ACCEPTED : REFUSED);
  if (delayMs === 0) reply();
  else setTimeout(reply, delayMs);
  if (!isAccepted) return;
  arrivals?.push([tenantId, String(request.headers['x-genesys-request-id']), atMs]);
  count++;
  if (count === 1) firstMs = atMs;
  if (count === Math.max(1, warmUp)) warmMs = atMs;
  if (count === expected) process.send?.({ firstMs, warmMs, lastMs: atMs });
}

function mayCome(tenantId: string, atMs: number): boolean {
  const limit = limits.get(tenantId);
  if (!limit) return true;
  const { ratePerSecond, left } = limit;
  limit.left = Math.min(ratePerSecond, left + ((atMs - limit.atMs) / 1000) * ratePerSecond);
  limit.atMs = atMs;
  if (limit.left < 1) return false;
  limit.left--;
  return true;
}

function answer(response: ServerResponse, status: number, body: Buffer): void {
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  response.writeHead(status, status === 429 ? { ...headers, 'retry-after': '1' } : headers).end(body);
}
