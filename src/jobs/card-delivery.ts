import { z } from 'zod';
import type { CardComponent, CardFields } from '../content/card/card.ts';
import { cardIssues } from '../content/card/card-issues.ts';
import { seen } from '../content/fields/declarations.ts';
import { isRecord } from '../core/json.ts';
import { cardCapabilityIssues } from './card-capabilities.ts';
import { conditions, schedule, scheduleIssues } from './conditions.ts';
import { defineJob } from './define.ts';
import { id, tenantId } from './fields.ts';
import { ROUTES } from './routes.ts';

const NAME = /^[a-zA-Z0-9][\w.:-]{0,99}$/;
const name = () =>
  seen.identifier(z.string().regex(NAME, 'expected letters, digits, "_", ".", ":" or "-", at most 100'));

const schema = z.strictObject({
  tenantId,
  /**
   * Cards and messages of one conversation are delivered in the order in which they were accepted.
   */
  conversationId: id,
  /** On the route `agentless`: the address of the guest. */
  guestId: id.optional(),
  /** In the dialect `platform`: the way of the card's text, if it is not that of its tenant. */
  route: z.enum(ROUTES).optional(),
  /** On the route `conversation`: the communication of the agent. */
  communicationId: id.optional(),
  /** The guest session, where it has another id than the conversation. */
  sessionId: id.optional(),
  template: z.strictObject({
    id: name(),
    version: name().default('2.1'),
    layoutEngine: name().default('flexbox'),
    fallbackBehavior: name().default('textOnly'),
  }),
  // Any value, since zod recurses and these two may be nested without end: `violations` reads them.
  /** The values of the template. Header, body and buttons are made from the first three. */
  fields: seen.tree('rich-text', z.custom<CardFields>()).optional(),
  /** Components that replace those made from the fields. */
  components: seen.tree('rich-text', z.custom<readonly CardComponent[]>()).optional(),
  /** Leaves surplus buttons out instead of refusing the card. */
  truncate: z.boolean().default(false),
  ...conditions,
  ...schedule,
});

/** One rich card to a guest's conversation (docs/guides.md#send-a-card). */
export const cardDelivery = defineJob({
  kind: 'card-delivery',
  schema,
  eventOf: () => 'card',
  bucket: 'cards',
  kindCode: 'c',
  lane: (card) => card.conversationId,
  violations(input, policy) {
    if (!isRecord(input)) return [];
    const { fields, components, truncate } = input;
    return [...scheduleIssues(input), ...cardIssues({ fields, components, truncate }, policy)];
  },
  capabilityIssues: cardCapabilityIssues,
});

export type CardDelivery = z.output<typeof schema>;
