import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HANDLER_TIMEOUT_MS } from './failures.ts';
import { ProblemError } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route bounds the time of its handler itself. Fastify's time costs more than such a handler. */
    readonly boundsItself?: boolean;
  }
}

/** Bounds the time of every route that does not do so itself. */
export function boundRequests(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (!route.config?.boundsItself) route.handlerTimeout ??= HANDLER_TIMEOUT_MS;
  });
}

/**
 * Answers with a problem when the body of a request does not arrive in time. Most bodies come together
 * with their headers, and need no timer.
 */
export function boundBody({ raw }: FastifyRequest, reply: FastifyReply, timeoutMs: number): void {
  if (raw.complete || raw.closed) return;
  const timer = setTimeout(() => {
    if (!raw.complete && !reply.sent) reply.send(new ProblemError('REQUEST_TIMEOUT'));
  }, timeoutMs);
  raw.once('close', () => clearTimeout(timer));
}
