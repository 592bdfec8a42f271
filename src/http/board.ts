import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance } from 'fastify';
import type { Queues } from '../queues/queues.ts';
import type { BoardAccess } from './access.ts';

export const BOARD_PATH = '/board';

/**
 * Bull Board: every queue, read only. Its own retry and remove buttons know nothing of idempotency and
 * order, so they are not offered.
 */
export async function registerBoard(
  app: FastifyInstance,
  queues: Queues,
  access: BoardAccess,
): Promise<void> {
  const serverAdapter = new FastifyAdapter().setBasePath(BOARD_PATH);
  createBullBoard({
    queues: queues.all().map((queue) => {
      // The board tells queues apart by their names, which are the same in every partition.
      const partition = /\{(\d+)\}$/.exec(queue.opts.prefix ?? '')?.[1] ?? '0';
      const prefix = partition === '0' ? '' : `${partition}/`;
      const adapter = new BullMQAdapter(queue, { readOnlyMode: true, prefix });
      adapter.setFormatter('data', withoutText);
      return adapter;
    }),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Web Messaging Worker', pollingInterval: { showSetting: true } } },
  });
  await app.register(async (scope) => {
    scope.addHook('onRequest', access);
    await scope.register(serverAdapter.registerPlugin(), { prefix: BOARD_PATH });
  });
}

/** A job's data as the board may show it: what a customer reads is replaced by its length. */
export function withoutText(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data ?? null), (key, value: unknown) =>
    key === 'content' && typeof value === 'string' ? `(${value.length} characters)` : value,
  );
}
