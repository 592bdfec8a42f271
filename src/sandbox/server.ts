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
import { drain, MAX_READ_BYTES, readFormBodies, readJsonBodies, unreadableBodyOf } from './input/body.ts';
import { checkClients, defaultClients, type SandboxClient } from './login/clients.ts';
import { createTokenEndpoint } from './login/oauth.ts';
import type { SandboxStats } from './observe/stats.ts';
import { operations } from './operations.ts';
import { mountPlatform } from './platform/mount.ts';
import type { PlatformOperation } from './platform/operation.ts';
import type { PlatformOptions } from './platform/settings.ts';
import { asksForChannel, type WebMessagingOptions } from './platform/webmessaging/channel.ts';
import { createApiEndpoint, createUnknownEndpoint } from './requests/api-endpoint.ts';
import type { Endpoint } from './requests/endpoint.ts';
import { exchange } from './requests/exchange.ts';
import { createWorld, type World } from './world.ts';

export type { SandboxClient } from './login/clients.ts';
export type { SandboxStats } from './observe/stats.ts';

/** The options of a sandbox. Each has a default. */
export interface SandboxOptions {
  /** The address to listen on. The default, 127.0.0.1, is for this machine only. */
  host?: string;
  /** The default, 0, takes a free port. */
  port?: number;
  clients?: SandboxClient[];
  /** For the guest dialect. The default is 3600. */
  tokenLifetimeSeconds?: number;
  /** The settings of the platform that differ from their defaults. */
  platform?: PlatformOptions;
  /** The time in ms, for tokens, buckets and time stamps. The default is the system clock. */
  now?: () => number;
  /** The WebSocket channel of guests: its settings and deployments. */
  webmessaging?: WebMessagingOptions;
}

/** A running sandbox. */
export interface Sandbox {
  /** The URL of the API, the login and the control, for example `http://127.0.0.1:41234`. */
  readonly url: string;
  stats(): SandboxStats;
  /** Closes at once, with all connections and all requests under way. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 30_000;
// Longer than the longest wait that a fault can have, so that only a hanging request reaches it.
const CONNECTION_TIMEOUT_MS = 180_000;
// A client closes an idle connection after 60 s at most. The server must not close it first.
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/**
 * Starts the sandbox: the login, the operations of docs/guides.md and the control interface.
 *
 *   login, rate-limits                who may call, and how often
 *   input, answers, requests          the way of a request, from the bytes to the answer
 *   conversations, configurations,
 *   audit, webmessaging               the operations, each beside the state that it works on
 *   platform                          the dialect `platform`: its login, operations and control
 *   platform/webmessaging             the WebSocket channel of guests
 *   faults                            the failures that a test asks for
 *   observe                           counts, duplicates and the log of requests
 *   control                           the interface under `/__sandbox`, for tests
 */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const closing = new AbortController();
  const world = createWorld({
    clients: checkClients(options.clients ?? defaultClients, 'options.clients'),
    tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? 3600,
    platform: options.platform ?? {},
    now: options.now ?? Date.now,
    closing: closing.signal,
    webmessaging: options.webmessaging ?? {},
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
    bodyLimit: MAX_READ_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: true,
    // A client may ask for HTTP/2 by an upgrade. It gets an answer of HTTP/1.1.
    http: { shouldUpgradeCallback: asksForChannel },
    exposeHeadRoutes: false,
    frameworkErrors: (error, _request, reply) => sendError(reply, error.statusCode ?? 400, error.message),
  });
  readJsonBodies(app, () => world.platform.settings.current.requests.maxBodyBytes);
  for (const operation of operations) mount(app, world, operation, createApiEndpoint(world, operation));
  mountPlatform(app, world, mount);
  app.register(async (scope) => {
    readFormBodies(scope);
    mount(scope, world, { method: 'POST', path: '/oauth/token' }, createTokenEndpoint(world));
  });
  app.register(async (scope) => mountControl(scope, world), { prefix: '/__sandbox' });
  world.channel.mount(app);
  mountUnknown(app, world);
  return app;
}

interface Route {
  method: PlatformOperation['method'];
  path: string;
}

function mount(scope: FastifyInstance, world: World, { method, path }: Route, endpoint: Endpoint): void {
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
    // A browser asks for such a path, and no client of the API. It is not counted.
    sendError(reply, 404, 'There is nothing here.');
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (request.is404) return exchangeUnread(world, endpoint, error, request, reply);
    sendError(reply, error.statusCode ?? 500, error.message);
  });
}

/** Handles an unreadable body. Faults, the token and the rate limit still come before the body. */
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
