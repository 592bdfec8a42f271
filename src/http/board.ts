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
      adapter.setFormatter('returnValue', withoutText);
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

/**
 * What a customer reads: the text of a message, all of a card, greetings, the title of a widget and its welcome. Of what a
 * rollout changes or found, and of what a rollback restores, nothing is shown, since greetings may be among it under any name.
 */
const READ_BY_CUSTOMERS = new Set([
  'content',
  'fields',
  'components',
  'greetings',
  'title',
  'welcomeMessage',
  'restore',
  'changes',
  'seen',
  'messages',
]);

/** A job's data as the board may show it: what a customer reads is replaced by its length. */
export function withoutText(data: unknown): unknown {
  return masked(JSON.parse(JSON.stringify(data ?? null)), false);
}

function masked(value: unknown, isHidden: boolean): unknown {
  if (typeof value === 'string') return isHidden ? `(${value.length} characters)` : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((held) => masked(held, isHidden));
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, held]) => [key, masked(held, isHidden || READ_BY_CUSTOMERS.has(key))]),
  );
}
