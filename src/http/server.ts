import Fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Config } from '../config/settings.ts';
import { messageOf, OperatorError } from '../core/errors.ts';
import type { Tracing } from '../observe/tracing.ts';
import type { Nothing } from '../operate/bind.ts';
import type { OperationsBy, ServerOperations } from '../operate/operations.ts';
import type { Core } from '../queues/core.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import { boardAccess } from './access.ts';
import { registerApi } from './api.ts';
import { type BasePath, createBasePath } from './base-path.ts';
import { registerBoard } from './board.ts';
import { createDoor } from './door.ts';
import { problemBehind, problemOfStatus } from './failing-requests.ts';
import { failureOf, sendFailure } from './failures.ts';
import { SAFE_HEADERS, secureAnswers } from './headers.ts';
import { registerHealth } from './health.ts';
import { readJsonBodies } from './json-body.ts';
import { allowedMethods } from './methods.ts';
import { registerPage } from './page/serve-page.ts';
import { ProblemError, sendProblem } from './problem.ts';
import { boundRequests } from './request-time.ts';
import type { Verifying } from './serving-keys.ts';
import { answerUnreadable, refuseOddFraming } from './unreadable.ts';

export interface HttpServer {
  /** Base address, with the actual port. */
  readonly url: string;
  close(): Promise<void>;
}

export interface HttpServerOptions {
  readonly config: Config;
  readonly core: Core;
  readonly tenants: TenantRegistry;
  readonly apiKeys: Verifying;
  /** What operators do. */
  readonly operations: OperationsBy<ServerOperations>;
  /** Makes the spans of requests; off by default. */
  readonly tracing?: Tracing;
  /** Called with an unexpected failure. The caller of the request does not see its text. */
  readonly onError?: (error: Error) => void;
  /** Called with an act of an operator on an unknown id. It has no audit record. */
  readonly onNothing?: (act: Nothing) => void;
}

const MAX_BODY_BYTES = 1024 * 1024;
const MAX_PARAM_LENGTH = 16 * 1024;
/** How often the server looks for requests that are late. */
const CHECK_EVERY_MS = 5000;

/**
 * @throws {OperatorError} when the network could reach it without a password, or it cannot listen.
 */
export async function openHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { config, core } = options;
  const access = boardAccess(config);
  const basePath = createBasePath(config);
  const app = createApp(options, basePath);
  registerHealth(app, core.client, config);
  await app.register(async (older) => {
    older.setErrorHandler<FastifyError>(async (error, _request, reply) =>
      sendFailure(reply, await failureOf(error, core.client, options.onError ?? (() => {}))),
    );
    await registerBoard(older, core.queues, { access, basePath });
  });
  await registerApi(app, { door: createDoor(options), basePath });
  try {
    const url = await app.listen({ host: config.httpHost, port: config.httpPort });
    return { url, close: () => app.close() };
  } catch (error) {
    await app.close();
    throw new OperatorError(
      `Cannot listen on ${config.httpHost} port ${config.httpPort} (${messageOf(error)}). Set HTTP_HOST and HTTP_PORT.`,
      'unavailable',
    );
  }
}

/** Creates a server whose every answer has our words and headers. */
function createApp(
  { config, core, onError = () => {} }: HttpServerOptions,
  basePath: BasePath,
): FastifyInstance {
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    // A batch may take long. The routes give other bodies a shorter time.
    requestTimeout: Math.max(config.httpBatchTimeoutMs, config.httpHeadersTimeoutMs),
    http: {
      headersTimeout: config.httpHeadersTimeoutMs,
      connectionsCheckingInterval: Math.min(CHECK_EVERY_MS, config.httpHeadersTimeoutMs),
      // Node's own answer would be no problem document.
      requireHostHeader: false,
    },
    connectionTimeout: config.httpIdleTimeoutMs,
    keepAliveTimeout: config.httpIdleTimeoutMs,
    forceCloseConnections: true,
    // The routes check ids themselves. Node limits the length of the whole address.
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    rewriteUrl: (request) => basePath.ownUrl(request),
    // An address that cannot be decoded fails before all hooks.
    frameworkErrors: (error, request, reply) => {
      const problem = problemOfStatus(error.statusCode ?? 400);
      void sendProblem(reply.headers(SAFE_HEADERS), request, problem, basePath);
    },
  });
  app.server.maxConnections = config.httpMaxConnections;
  answerUnreadable(app);
  boundRequests(app);
  secureAnswers(app);
  app.addHook('onRequest', refuseOddFraming);
  readJsonBodies(app);
  app.setNotFoundHandler((request, reply) => sendProblem(reply, request, unknownAddress(request), basePath));
  // The framework reads a body before it calls the handler above.
  app.addHook('onRequest', (request, _reply, done) => {
    done(request.is404 ? unknownAddress(request) : undefined);
  });
  app.setErrorHandler<FastifyError>(async (error, request, reply) =>
    sendProblem(reply, request, await problemBehind(error, request, core.client, onError), basePath),
  );
  registerPage(app, { basePath });
  return app;
}

/** There is no such address, or it does not take the method. */
function unknownAddress({ url }: FastifyRequest): ProblemError {
  const allowed = allowedMethods(url);
  if (allowed.length === 0) return new ProblemError('RESOURCE_UNKNOWN');
  return new ProblemError('METHOD_NOT_ALLOWED', { headers: { allow: allowed.join(', ') } });
}
