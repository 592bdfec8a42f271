import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { errorAnswer, generalCodeOf } from './answers/error-body.ts';
import { send } from './answers/send.ts';
import { mountControl } from './control/control.ts';
import { drain, MAX_BODY_BYTES, readFormBodies, readJsonBodies, unreadableBodyOf } from './input/body.ts';
import { checkClients, defaultClients, type SandboxClient } from './login/clients.ts';
import { createTokenEndpoint } from './login/oauth.ts';
import type { SandboxStats } from './observe/stats.ts';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';
import { createApiEndpoint, createUnknownEndpoint } from './requests/api-endpoint.ts';
import type { Endpoint } from './requests/endpoint.ts';
import { exchange } from './requests/exchange.ts';
import { createWorld, type World } from './world.ts';

export type { SandboxClient } from './login/clients.ts';
export type { SandboxStats } from './observe/stats.ts';

/** How a sandbox may be opened; everything has a default. */
export interface SandboxOptions {
  /** The address to listen on; 127.0.0.1 by default, so that nobody else reaches it. */
  host?: string;
  /** 0, the default, takes a free port. */
  port?: number;
  clients?: SandboxClient[];
  /** 3600 by default. */
  tokenLifetimeSeconds?: number;
  /** The time in milliseconds, for tokens, buckets and time stamps; the system's clock by default. */
  now?: () => number;
}

/** A running sandbox. */
export interface Sandbox {
  /** Where it listens, for example `http://127.0.0.1:41234`; the same for the API, the login and the control. */
  readonly url: string;
  stats(): SandboxStats;
  /** Ends at once: open connections and requests under way are cut off. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 30_000;
// Longer than any wait that faults can ask for, so that only a hung request meets it.
const CONNECTION_TIMEOUT_MS = 180_000;
// Longer than the idle time after which clients give a connection up (60 s at most), so that they do it first.
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** Starts the sandbox: login, the operations of docs/guides.md, and the control interface. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const closing = new AbortController();
  const world = createWorld({
    clients: checkClients(options.clients ?? defaultClients, 'options.clients'),
    tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? 3600,
    now: options.now ?? Date.now,
    closing: closing.signal,
  });
  const app = createApp(world);
  await app.listen({ host: options.host ?? '127.0.0.1', port: options.port ?? 0 });

  async function close(): Promise<void> {
    closing.abort();
    await app.close();
  }
  return {
    url: urlOf(app.server.address() as AddressInfo),
    stats: () => world.stats.snapshot(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function createApp(world: World): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    frameworkErrors: (error, _request, reply) => sendError(reply, error.statusCode ?? 400, error.message),
  });
  readJsonBodies(app);
  for (const operation of operations) mount(app, world, operation, createApiEndpoint(world, operation));
  app.register(async (scope) => {
    readFormBodies(scope);
    mount(scope, world, { method: 'POST', path: '/oauth/token' }, createTokenEndpoint(world));
  });
  app.register(async (scope) => mountControl(scope, world), { prefix: '/__sandbox' });
  mountUnknown(app, world);
  return app;
}

type Place = Pick<Operation, 'method' | 'path'>;

function mount(scope: FastifyInstance, world: World, { method, path }: Place, endpoint: Endpoint): void {
  scope.route({
    method,
    url: path,
    handler: (request, reply) => exchange(world, endpoint, request, reply),
    errorHandler: (error, request, reply) => exchangeUnread(world, endpoint, error, request, reply),
  });
}

function mountUnknown(app: FastifyInstance, world: World): void {
  const endpoint = createUnknownEndpoint(world);
  app.setNotFoundHandler((request, reply) => {
    if (request.url.startsWith('/api/')) return exchange(world, endpoint, request, reply);
    // Somebody looking around, not a client of the API: not worth a count.
    sendError(reply, 404, 'There is nothing here.');
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (request.is404) return exchangeUnread(world, endpoint, error, request, reply);
    sendError(reply, error.statusCode ?? 500, error.message);
  });
}

/** A request whose body could not be read goes the same way: faults, token and rate limit come before the body. */
async function exchangeUnread(
  world: World,
  endpoint: Endpoint,
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const body = unreadableBodyOf(error);
  if (body === undefined) return sendError(reply, error.statusCode ?? 500, error.message);
  await drain(request);
  await exchange(world, endpoint, request, reply, body);
}

function sendError(reply: FastifyReply, status: number, message: string): void {
  const correlationId = randomUUID();
  const answer = errorAnswer(correlationId, { status, code: generalCodeOf(status), message });
  send(reply, answer, correlationId);
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
