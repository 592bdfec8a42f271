import { z } from 'zod';
import type { OperationHandler } from '../../requests/arrival.ts';
import { check } from '../requests/check.ts';
import { brokenRule, notFound, PlatformError } from '../requests/errors.ts';
import { handled, ok } from '../requests/handler.ts';
import type { PlatformWorld } from '../world.ts';
import { shownMessage } from './shown.ts';

const bulkSchema = z.array(z.string());

/** Reads one message, by its id alone. */
export function createMessageDetails(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, params }) => {
    const message = world.conversations.findMessage(tenant, params['messageId'] ?? '');
    return message === undefined ? notFound() : ok(shownMessage(message));
  });
}

/** Reads one message of a conversation. */
export function createConversationMessageRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, params }) => {
    const message = world.conversations.findMessage(tenant, params['messageId'] ?? '');
    if (message?.conversationId !== params['conversationId'] || message === undefined) return notFound();
    return ok(shownMessage(message));
  });
}

/** Reads several messages of a conversation. Unknown ids are left out. */
export function createMessageBulkRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, params, body }) => {
    const conversation = world.conversations.find(tenant, params['conversationId'] ?? '');
    if (conversation === undefined) return notFound();
    const ids = check(bulkSchema, body);
    if (ids instanceof PlatformError) return ids;
    const { maxBulkMessages } = world.settings.current.messages;
    if (ids.length > maxBulkMessages) {
      const limit = { namespace: 'messaging', key: 'bulk.messages.max', value: maxBulkMessages };
      return brokenRule('body', `must not have more than ${maxBulkMessages} ids`, limit);
    }
    const found = conversation.messages.filter(({ id }) => ids.includes(id));
    return ok({ entities: found.map(shownMessage) });
  });
}
