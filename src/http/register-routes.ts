import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ZodObject, type z } from 'zod';
import type { ApiKey } from '../access/api-key.ts';
import { checked } from '../core/checked.ts';
import { type Issue, quotedKey, shownName } from '../core/issues.ts';
import { startPatience } from '../core/patience.ts';
import { authenticated } from './authenticate.ts';
import type { BasePath } from './base-path.ts';
import { requireOneType } from './content-type.ts';
import type { Door } from './door.ts';
import { announceEarlyEnd, closeBehindEarlyEnd } from './early-end.ts';
import { problemBehind, unavailable } from './failing-requests.ts';
import { hasEmptyBody } from './json-body.ts';
import { isCheckedByHandler, schemaOf } from './openapi-routes.ts';
import { ProblemError, sendProblem } from './problem.ts';
import { RequestCall } from './request-call.ts';
import { keepSpan, startRequestSpan } from './request-span.ts';
import { boundBody } from './request-time.ts';
import type { Answer, Route } from './routes/route.ts';

/** Longest time for a stream. Its handler sees when the caller leaves. */
const STREAM_WITHIN_MS = 86_400_000;
/** Unknown parameters that a problem names. */
const MAX_UNKNOWN = 10;

declare module 'fastify' {
  interface FastifyRequest {
    /** The key of the request; null for a route that needs no key. */
    apiKey: ApiKey | null;
    /** What is left of the time for the key and the handler together, ms. */
    leftMs: number;
  }
}

export interface Registration {
  readonly door: Door;
  readonly basePath: BasePath;
}

/** Registers routes in a scope of their own, which checks, answers and fails in one way. */
export function registerRoutes(
  scope: FastifyInstance,
  routes: readonly Route[],
  { door, basePath }: Registration,
): void {
  if (!scope.hasRequestDecorator('apiKey')) {
    scope.decorateRequest('apiKey', null);
    scope.decorateRequest('span', null);
    scope.decorateRequest('leftMs', door.config.httpAnswerTimeoutMs);
  }
  const unchecked = new Set(routes.filter(isCheckedByHandler).map(({ body }) => body?.schema));
  scope.setValidatorCompiler<z.ZodType>(({ schema, httpPart = 'body' }) =>
    unchecked.has(schema) ? (value) => ({ value }) : validator(schema, httpPart),
  );
  scope.setSerializerCompiler(() => (data) => JSON.stringify(data));
  scope.setErrorHandler<Error>(async (error, request, reply) =>
    sendProblem(
      reply,
      request,
      await problemBehind(error, request, door.core.client, door.onError),
      basePath,
    ),
  );
  for (const route of routes) register(scope, route, { door, basePath });
}

function register(scope: FastifyInstance, route: Route, { door, basePath }: Registration): void {
  const { method, url, scope: keyScope, isStreamed = false, isSlow = false, isLong = false } = route;
  scope.route({
    method,
    url,
    schema: schemaOf(route),
    // A HEAD request would run the stream, and send none of it.
    exposeHeadRoute: method === 'GET' && !isStreamed,
    config: { boundsItself: true, takesJob: isCheckedByHandler(route) },
    ...timeoutOf(route, door.config),
    async onRequest(request, reply) {
      if (route.body && !hasEmptyBody(request)) requireOneType(request);
      if (route.body && !route.body.isStream) refuseEncoding(request);
      if (keyScope === null) return;
      const startedMs = performance.now();
      const span = startRequestSpan(door.tracing, route, request);
      const { key, headers } = await within(request.leftMs, authenticated(door, request, keyScope));
      request.apiKey = key;
      keepSpan(request, reply, span);
      request.leftMs -= performance.now() - startedMs;
      reply.headers(headers);
    },
    preParsing(request, reply, _payload, done) {
      if (!mayArriveSlowly(route)) boundBody(request, reply, door.config.httpBodyTimeoutMs);
      done();
    },
    async handler(request, reply) {
      if (!route.body) announceEarlyEnd(request, reply);
      if (isStreamed && route.body?.isStream) closeBehindEarlyEnd(request.raw, reply.raw);
      const call = new RequestCall(request, reply, { door, basePath, keyScope });
      const handle = () => Promise.resolve(route.handler(door, call));
      const handled = request.span ? door.tracing.within(request.span, handle) : handle();
      if (isStreamed || isSlow || isLong) return send(reply, await handled);
      // A handler may read the body itself. The time of the answer begins behind the body.
      if (route.body?.isStream) await Promise.race([handled, arrival(request.raw)]);
      return send(reply, await within(request.leftMs, handled));
    },
  });
}

/** The time of a handler that this file does not bound: a stream, or one that waits for another server. */
function timeoutOf(route: Route, config: Door['config']): { readonly handlerTimeout?: number } {
  if (route.isSlow) return { handlerTimeout: config.httpBodyTimeoutMs + config.httpAnswerTimeoutMs };
  return mayArriveSlowly(route) ? { handlerTimeout: STREAM_WITHIN_MS } : {};
}

/** Whether the body and the answer of a route are streams, which bound their time themselves. */
function mayArriveSlowly({ body, isStreamed = false }: Route): boolean {
  return isStreamed && (body === undefined || body.isStream === true);
}

/** Resolves as soon as the handler has read the body, or the caller has left. */
async function arrival(request: IncomingMessage): Promise<void> {
  if (!request.closed) await new Promise((resolve) => request.once('close', resolve));
}

/** Only routes that read the body themselves undo its encoding. */
function refuseEncoding({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== '' && encoding.toLowerCase() !== 'identity')
    throw new ProblemError('ENCODING_UNSUPPORTED', { headers: { 'accept-encoding': 'identity' } });
}

/** The time in which this process is busy with other requests is not counted. */
function within<Value>(ms: number, work: Promise<Value>): Promise<Value> {
  let isOver = false;
  // Requests wait here: one promise costs less than a race.
  return new Promise((resolve, reject) => {
    const end = () => {
      isOver = true;
    };
    work.finally(end).then(resolve, reject);
    startPatience({
      timeoutMs: Math.max(1, ms),
      isOver: () => isOver,
      onLate: () => reject(unavailable()),
    });
  });
}

function send(reply: FastifyReply, { status, headers = {}, body }: Answer): FastifyReply {
  reply.code(status).headers(headers);
  if (body === undefined) return reply.send();
  return reply.send(isIterable(body) && !(body instanceof Readable) ? Readable.from(body) : body);
}

function isIterable(body: unknown): body is AsyncIterable<string> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** Checks one part of a request. The contract of a kind checks the body of a job, with its tenant. */
function validator(schema: z.ZodType, part: string) {
  return (data: unknown) => {
    const result = checked(schema, data);
    if (result.ok) return { value: result.data };
    const { issues } = result;
    if (part === 'body') return { error: new ProblemError('REQUEST_INVALID', { issues }) };
    const parameters = [...issues.filter(({ path }) => path !== ''), ...unknownIn(schema, data, issues)];
    return {
      error: new ProblemError('PARAMETERS_INVALID', {
        parameters: parameters.length > 0 ? parameters : issues,
      }),
    };
  };
}

/** One issue for each parameter that the address does not have. */
function unknownIn(schema: z.ZodType, data: unknown, issues: readonly Issue[]): Issue[] {
  if (!(schema instanceof ZodObject) || issues.every(({ path }) => path !== '')) return [];
  const known = schema.shape as Readonly<Record<string, unknown>>;
  return Object.keys(Object(data))
    .filter((name) => !Object.hasOwn(known, name))
    .slice(0, MAX_UNKNOWN)
    .map((name) => ({
      path: shownName(name) === name ? name : '',
      message: `unknown parameter ${quotedKey(name)}`,
    }));
}
