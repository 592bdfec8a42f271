import type { Socket } from 'node:net';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { Config } from '../config/settings.ts';
import { messageOf, OperatorError } from '../core/errors.ts';
import type { Jobs } from '../queues/jobs.ts';
import type { Queues } from '../queues/queues.ts';
import type { RedisClient } from '../redis/connect.ts';
import { boardAccess } from './access.ts';
import { type BasePath, createBasePath } from './base-path.ts';
import { BOARD_PATH, registerBoard } from './board.ts';
import { failureOf, HANDLER_TIMEOUT_MS, sendFailure, wordsFor } from './failures.ts';
import { SAFE_HEADERS, secureAnswers } from './headers.ts';
import { registerHealth } from './health.ts';
import { registerJobs } from './jobs.ts';
import { readJsonBodies } from './json-body.ts';

export interface HttpServer {
  /** Base address, with the actual port. */
  readonly url: string;
  close(): Promise<void>;
}

export interface HttpServerOptions {
  readonly config: Config;
  readonly redis: RedisClient;
  readonly queues: Queues;
  readonly jobs: Jobs;
  /** Called with an unexpected failure. The caller of the request does not see its text. */
  readonly onError?: (error: Error) => void;
}

const MAX_BODY_BYTES = 1024 * 1024;
const MAX_PARAM_LENGTH = 16 * 1024;

/**
 * @throws {OperatorError} when the network could reach it without a password, or it cannot listen.
 */
export async function openHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { config } = options;
  const access = boardAccess(config);
  const basePath = createBasePath(config);
  const app = createApp(options, basePath);
  registerHealth(app, options.redis, config);
  await registerBoard(app, options.queues, { access, basePath });
  await registerJobs(app, options.jobs, access);
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
function createApp({ redis, onError = () => {} }: HttpServerOptions, basePath: BasePath): FastifyInstance {
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    handlerTimeout: HANDLER_TIMEOUT_MS,
    forceCloseConnections: true,
    // The routes check ids themselves. Node limits the length of the whole address.
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    rewriteUrl: (request) => basePath.ownUrl(request),
    // An address that cannot be decoded fails before all hooks.
    frameworkErrors: (error, _request, reply) => {
      const status = error.statusCode ?? 400;
      void sendFailure(reply.headers(SAFE_HEADERS), { status, error: wordsFor(status) });
    },
    clientErrorHandler: refuseUnreadable,
  });
  secureAnswers(app);
  readJsonBodies(app);
  app.setNotFoundHandler((_request, reply) => sendFailure(reply, { status: 404, error: wordsFor(404) }));
  app.setErrorHandler<FastifyError>(async (error, _request, reply) =>
    sendFailure(reply, await failureOf(error, redis, onError)),
  );
  app.get('/', (request, reply) => reply.redirect(`${basePath.of(request.raw)}${BOARD_PATH}`));
  return app;
}

/** Answers a request that is not HTTP, with the same headers. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const body = JSON.stringify({ error: wordsFor(400) });
  const headers = { ...SAFE_HEADERS, 'content-type': 'application/json', 'content-length': body.length };
  const head = Object.entries({ ...headers, connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  socket.end(['HTTP/1.1 400 Bad Request', ...head, '', body].join('\r\n'));
}
