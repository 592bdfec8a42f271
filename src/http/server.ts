import Fastify from 'fastify';
import type { Config } from '../config/settings.ts';
import { messageOf, OperatorError } from '../core/errors.ts';
import type { Jobs } from '../queues/jobs.ts';
import type { Queues } from '../queues/queues.ts';
import type { RedisClient } from '../redis/connect.ts';
import { boardAccess } from './access.ts';
import { BOARD_PATH, registerBoard } from './board.ts';
import { registerHealth } from './health.ts';
import { registerJobs } from './jobs.ts';

export interface HttpServer {
  /** Base address, with the port that was taken. */
  readonly url: string;
  close(): Promise<void>;
}

export interface HttpServerOptions {
  readonly config: Config;
  readonly redis: RedisClient;
  readonly queues: Queues;
  readonly jobs: Jobs;
}

/** @throws {OperatorError} when it would be open without a password, or cannot listen. */
export async function openHttpServer({
  config,
  redis,
  queues,
  jobs,
}: HttpServerOptions): Promise<HttpServer> {
  const access = boardAccess(config);
  const app = Fastify({
    bodyLimit: 1024 * 1024,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    forceCloseConnections: true,
  });
  registerHealth(app, redis, config);
  await registerBoard(app, queues, access);
  await registerJobs(app, jobs, access);
  app.get('/', (_request, reply) => reply.redirect(BOARD_PATH));
  try {
    const url = await app.listen({ host: config.httpHost, port: config.httpPort });
    return { url, close: () => app.close() };
  } catch (error) {
    await app.close();
    throw new OperatorError(
      `Cannot listen on ${config.httpHost} port ${config.httpPort} (${messageOf(error)}). Set HTTP_HOST and HTTP_PORT.`,
    );
  }
}
