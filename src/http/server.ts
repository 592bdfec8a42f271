import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { ApiKeys } from '../access/api-keys.ts';
import type { Config } from '../config/settings.ts';
import { messageOf, OperatorError } from '../core/errors.ts';
import type { OperationsBy, ServerOperations } from '../operate/operations.ts';
import type { Core } from '../queues/core.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import { boardAccess } from './access.ts';
import { registerApi } from './api.ts';
import { type BasePath, createBasePath } from './base-path.ts';
import { BOARD_PATH, registerBoard } from './board.ts';
import { createDoor } from './door.ts';
import { problemOfStatus } from './failing-requests.ts';
import { failureOf, HANDLER_TIMEOUT_MS, sendFailure } from './failures.ts';
import { SAFE_HEADERS, secureAnswers } from './headers.ts';
import { registerHealth } from './health.ts';
import { readJsonBodies } from './json-body.ts';
import { allowedMethods } from './methods.ts';
import { PROBLEM_TYPE, ProblemError, problemOf, sendProblem } from './problem.ts';

export interface HttpServer {
  /** Base address, with the actual port. */
  readonly url: string;
  close(): Promise<void>;
}

export interface HttpServerOptions {
  readonly config: Config;
  readonly core: Core;
  readonly tenants: TenantRegistry;
  readonly apiKeys: Pick<ApiKeys, 'verify'>;
  /** What operators do. */
  readonly operations: OperationsBy<ServerOperations>;
  /** Called with an unexpected failure. The caller of the request does not see its text. */
  readonly onError?: (error: Error) => void;
}

const MAX_BODY_BYTES = 1024 * 1024;
/** A batch may take long. A body that must be whole before its handler runs has a shorter time. */
const LONGEST_REQUEST_MS = 3_600_000;
const MAX_PARAM_LENGTH = 16 * 1024;

/**
 * @throws {OperatorError} when the network could reach it without a password, or it cannot listen.
 */
export async function openHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { config, core } = options;
  const access = boardAccess(config);
  const basePath = createBasePath(config);
  const app = createApp(options, basePath);
  registerHealth(app, core.client, config);
  await registerBoard(app, core.queues, { access, basePath });
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
function createApp({ core, onError = () => {} }: HttpServerOptions, basePath: BasePath): FastifyInstance {
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: LONGEST_REQUEST_MS,
    http: { headersTimeout: 20_000 },
    connectionTimeout: 60_000,
    handlerTimeout: HANDLER_TIMEOUT_MS,
    forceCloseConnections: true,
    // The routes check ids themselves. Node limits the length of the whole address.
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    rewriteUrl: (request) => basePath.ownUrl(request),
    // An address that cannot be decoded fails before all hooks.
    frameworkErrors: (error, request, reply) => {
      const problem = problemOfStatus(error.statusCode ?? 400);
      void sendProblem(reply.headers(SAFE_HEADERS), request, problem, basePath);
    },
    clientErrorHandler: refuseUnreadable,
  });
  secureAnswers(app);
  readJsonBodies(app);
  app.setNotFoundHandler((request, reply) => {
    const allowed = allowedMethods(request.url);
    const problem =
      allowed.length === 0
        ? new ProblemError('RESOURCE_UNKNOWN')
        : new ProblemError('METHOD_NOT_ALLOWED', { headers: { allow: allowed.join(', ') } });
    return sendProblem(reply, request, problem, basePath);
  });
  app.setErrorHandler<FastifyError>(async (error, _request, reply) =>
    sendFailure(reply, await failureOf(error, core.client, onError)),
  );
  app.get('/', (request, reply) => reply.redirect(`${basePath.of(request.raw)}${BOARD_PATH}`));
  return app;
}

const OF_PARSER: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Answers a request that is not HTTP, with the same headers. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const { code, statusCode } = problemOfStatus(OF_PARSER[error.code ?? ''] ?? 400);
  const body = JSON.stringify(problemOf(code, ''));
  const headers = { ...SAFE_HEADERS, 'content-type': PROBLEM_TYPE, 'content-length': body.length };
  const head = Object.entries({ ...headers, connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  socket.end([`HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}`, ...head, '', body].join('\r\n'));
}
