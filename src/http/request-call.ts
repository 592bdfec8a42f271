import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiKey, Scope } from '../access/api-key.ts';
import type { Trace } from '../core/trace.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import { isStillAllowed } from './authenticate.ts';
import type { BasePath } from './base-path.ts';
import type { Door } from './door.ts';
import { traceOfRequest } from './request-span.ts';
import type { Call } from './routes/route.ts';
import { tenantsOf } from './scoped-tenants.ts';

/** Beside the request and its answer. */
interface CallSources {
  readonly door: Door;
  readonly basePath: BasePath;
  /** What the route needs of a key; null for a route that needs no key. */
  readonly keyScope: Scope | null;
}

/**
 * What a handler gets of a request. It is a class for its getter: V8 allocates the getter of an object
 * literal in the old space, where it would keep the request alive until a full collection.
 */
export class RequestCall implements Call<unknown, unknown, unknown> {
  readonly key: ApiKey;
  readonly tenants: TenantRegistry;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly trace: Trace | undefined;
  readonly link: (path: string) => string;
  readonly address: () => string;
  readonly mayGoOn: () => Promise<boolean>;
  readonly #reply: FastifyReply;

  constructor(request: FastifyRequest, reply: FastifyReply, { door, basePath, keyScope }: CallSources) {
    this.key = request.apiKey ?? NO_KEY;
    this.tenants = tenantsOf(this.key, door.tenants);
    this.params = request.params;
    this.query = request.query;
    this.body = request.body;
    this.headers = request.headers;
    this.rawHeaders = request.raw.rawHeaders;
    this.trace = traceOfRequest(request);
    const prefix = basePath.of(request.raw);
    this.link = (path) => `${prefix}${path}`;
    this.address = () => door.callers.of(request.raw);
    this.mayGoOn = async () => keyScope === null || (await isStillAllowed(door, request, keyScope));
    this.#reply = reply;
  }

  get signal(): AbortSignal {
    return leaving(this.#reply);
  }
}

/** Aborts when the caller has left before the answer was complete. */
function leaving(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  if (reply.raw.closed) controller.abort();
  reply.raw.once('close', () => controller.abort());
  return controller.signal;
}

/** The key of routes that need no key. */
const NO_KEY: ApiKey = {
  id: '',
  name: '',
  tenants: [],
  scopes: [],
  createdAt: '',
  expiresAt: null,
  lastUsedAt: null,
};
