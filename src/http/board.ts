import { createBullBoard } from '@bull-board/api';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance } from 'fastify';
import { shownReason } from '../jobs/shown/reasons.ts';
import type { Queues } from '../queues/queues.ts';
import type { BoardAccess } from './access.ts';
import type { BasePath } from './base-path.ts';
import { boardPage } from './board-page.ts';
import { ShownAdapter } from './shown-adapter.ts';

export const BOARD_PATH = '/board';

/**
 * Serves Bull Board: every queue, read only. Its retry and remove buttons ignore idempotency and
 * order, so they are hidden.
 */
export async function registerBoard(
  app: FastifyInstance,
  queues: Queues,
  { access, basePath }: { readonly access: BoardAccess; readonly basePath: BasePath },
): Promise<void> {
  const serverAdapter = new FastifyAdapter().setBasePath(BOARD_PATH);
  createBullBoard({
    queues: queues.all().map((queue) => new ShownAdapter(queue)),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Web Messaging Worker', pollingInterval: { showSetting: true } } },
  });
  // The board's own error handler would answer with messages of Redis.
  serverAdapter.setErrorHandler((error) => {
    throw error;
  });
  await app.register(async (scope) => {
    scope.addHook('onRequest', access);
    scope.addHook('preSerialization', async (_request, _reply, payload) => withoutReasons(payload));
    scope.addHook('onSend', async (request, reply, payload) => {
      const isPage = /^text\/html/.test(String(reply.getHeader('content-type')));
      if (!isPage || typeof payload !== 'string') return payload;
      const page = boardPage(payload, `${basePath.of(request.raw)}${BOARD_PATH}`);
      reply.header('content-length', Buffer.byteLength(page));
      return page;
    });
    await scope.register(serverAdapter.registerPlugin(), { prefix: BOARD_PATH });
  });
}

/** Removes failure reasons and progress. The board reads these itself, past the masked jobs. */
function withoutReasons(payload: unknown): unknown {
  if (typeof payload !== 'object' || payload === null) return payload;
  if (Array.isArray(payload)) return payload.map(withoutReasons);
  return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, shownField(name, value)]));
}

function shownField(name: string, value: unknown): unknown {
  if (REASONS.has(name)) return maskedReasons(value);
  // Workers write no progress.
  return name === 'progress' ? 0 : withoutReasons(value);
}

const REASONS: ReadonlySet<string> = new Set(['ignoredChildFailureReasons', 'deferredFailure']);

function maskedReasons(value: unknown): unknown {
  if (typeof value === 'string') return shownReason(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, reason]) => [name, maskedReasons(reason)]));
}
