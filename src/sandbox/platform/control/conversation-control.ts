import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { textOf } from '../../../core/shapes.ts';
import { nameSchema, parseBody, refuse, tenantQuerySchema } from '../../control/control-input.ts';
import { parseInput } from '../../input/problems.ts';
import type { World } from '../../world.ts';
import type { Conversation } from '../messages/conversations.ts';
import { DEFAULT_OPEN_INTEGRATION_ID, messengerTypes } from '../messages/settings.ts';
import { generalError } from '../requests/errors.ts';
import { threadsOf } from './threads.ts';

/** A live conversation, as a test needs it to send into it. */
export interface StartedConversation {
  conversationId: string;
  communicationId: string;
  participantId: string;
}

/** Control over conversations: shows their messages, starts one with an agent, ends one. */
export function mountConversationControl(
  scope: FastifyInstance,
  world: World,
  tenants: readonly string[],
): void {
  const tenantQuery = tenantQuerySchema(tenants);
  const tenant = nameSchema(tenants);
  const starts = z.strictObject({
    tenant,
    messengerType: z.enum(messengerTypes).default('open'),
    organizationAddress: textOf({ min: 1 }).default(DEFAULT_OPEN_INTEGRATION_ID),
    customerAddress: textOf({ min: 1 }),
  });
  const joins = z.strictObject({ tenant, conversationId: textOf({ min: 1 }) });

  scope.get('/messages', (request, reply) => {
    const query = parseInput(tenantQuery, request.query);
    if (!query.ok) return refuse(reply, query);
    return threadsOf(world.platform.conversations.all(query.value.tenant));
  });

  scope.post('/conversations', (request, reply) => {
    const start = parseBody(starts, request.body);
    if (!start.ok) return refuse(reply, start);
    const { conversations } = world.platform;
    const conversation = conversations.live(start.value) ?? conversations.start(start.value, world.now());
    return started(world, conversation);
  });

  scope.post('/conversations/agent', (request, reply) => {
    const join = parseBody(joins, request.body);
    if (!join.ok) return refuse(reply, join);
    const conversation = world.platform.conversations.find(join.value.tenant, join.value.conversationId);
    return conversation === undefined
      ? reply.code(404).send(generalError(404))
      : started(world, conversation);
  });

  scope.post('/conversations/end', (request, reply) => {
    const end = parseBody(joins, request.body);
    if (!end.ok) return refuse(reply, end);
    const { conversations } = world.platform;
    const conversation = conversations.find(end.value.tenant, end.value.conversationId);
    if (conversation === undefined) return reply.code(404).send(generalError(404));
    conversations.end(conversation, world.now());
    return end.value;
  });
}

function started({ platform }: World, conversation: Conversation): StartedConversation {
  const { communicationId, participantId } = platform.conversations.connectAgent(conversation);
  return { conversationId: conversation.id, communicationId, participantId };
}
