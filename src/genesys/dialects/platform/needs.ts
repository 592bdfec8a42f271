import type { JobKind } from '../../../jobs/catalog.ts';
import type { Route } from '../../../jobs/routes.ts';
import type { Operation } from '../../operation.ts';
import { readConversation, readMessages, sendAgentMessage } from './agent-message.ts';
import { sendAgentless } from './agentless.ts';
import { readMedia, requestUpload } from './media.ts';
import { sendOpenClick, sendOpenMessage, sendOpenReceipt, sendOpenTyping } from './open.ts';

/** The operations that the jobs of a kind call, on one route where the kind has routes. */
export interface KindNeeds {
  readonly kind: JobKind;
  readonly route?: Route;
  readonly operations: readonly Pick<Operation<never, unknown>, 'name' | 'permissions'>[];
}

const AS_AGENT = [sendAgentMessage, requestUpload, readMedia, readConversation, readMessages];

/** Every kind of the dialect `platform`, with the operations of each route. */
export const NEEDS: readonly KindNeeds[] = [
  {
    kind: 'message-transmission',
    route: 'open',
    operations: [sendOpenMessage, sendOpenTyping, sendOpenReceipt, sendOpenClick],
  },
  { kind: 'message-transmission', route: 'agentless', operations: [sendAgentless] },
  { kind: 'message-transmission', route: 'conversation', operations: AS_AGENT },
  { kind: 'card-delivery', route: 'agentless', operations: [sendAgentless] },
  {
    kind: 'card-delivery',
    route: 'conversation',
    operations: [sendAgentMessage, readConversation, readMessages],
  },
];
