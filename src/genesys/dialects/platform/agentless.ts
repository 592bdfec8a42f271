import type { Operation } from '../../operation.ts';
import { MESSAGE_CODES, readSent, type Sent } from './sent.ts';

/** A message of the organization without an agent. */
export interface AgentlessMessage {
  /** The number of SMS; the id of the integration, or of the deployment, for other channels. */
  readonly fromAddress: string;
  readonly toAddress: string;
  readonly toAddressMessengerType: string;
  /** Whether it joins a conversation that is under way. */
  readonly useExistingActiveConversation: boolean;
  readonly text: string;
}

/** Sends a message without an agent (docs/platform.md#agentless). */
export const sendAgentless: Operation<AgentlessMessage, Sent> = {
  name: 'agentless.message',
  method: 'POST',
  isHot: true,
  permissions: { names: ['conversation:message:create'] },
  codes: MESSAGE_CODES,
  path: () => '/api/v2/conversations/messages/agentless',
  body: ({ text, ...addresses }) => ({ ...addresses, textBody: text }),
  read: readSent,
};
