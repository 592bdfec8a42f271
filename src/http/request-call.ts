import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiKey } from '../access/api-key.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import type { BasePath } from './base-path.ts';
import type { Door } from './door.ts';
import type { Call } from './routes/route.ts';
import { tenantsOf } from './scoped-tenants.ts';

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
  readonly link: (path: string) => string;
  readonly #reply: FastifyReply;

  constructor(
    request: FastifyRequest,
    reply: FastifyReply,
    { door, basePath }: { readonly door: Pick<Door, 'tenants'>; readonly basePath: BasePath },
  ) {
    this.key = request.apiKey ?? NO_KEY;
    this.tenants = tenantsOf(this.key, door.tenants);
    this.params = request.params;
    this.query = request.query;
    this.body = request.body;
    this.headers = request.headers;
    this.rawHeaders = request.raw.rawHeaders;
    const prefix = basePath.of(request.raw);
    this.link = (path) => `${prefix}${path}`;
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
