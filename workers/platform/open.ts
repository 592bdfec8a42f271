import type { GenesysClient } from '../../src/genesys/client.ts';
import {
  type OpenGuest,
  sendOpenClick,
  sendOpenMessage,
  sendOpenReceipt,
  sendOpenTyping,
} from '../../src/genesys/dialects/platform/open.ts';
import type { Sent } from '../../src/genesys/dialects/platform/sent.ts';
import type { JobContext } from '../../src/runtime/handler.ts';
import { requestContext } from '../request-context.ts';
import { settingsOf } from './route.ts';
import { type OutgoingMessage, type Sender, sent } from './sender.ts';

/**
 * Sends messages and events of guests by Open Messaging (docs/platform.md#open).
 * `channel.messageId` is the id of the job, the same in every attempt.
 */
export function openSender(genesys: GenesysClient): Sender {
  return async function sendOpen(job, message) {
    const { integrationId, idType } = settingsOf(job.tenant, 'open');
    const guest = { integrationId, idType, guestId: message.guestId ?? '' };
    return sent(await (message.event ? report : say)(genesys, job, message, guest));
  };
}

function say(
  genesys: GenesysClient,
  job: JobContext<unknown>,
  { text, file }: OutgoingMessage,
  guest: OpenGuest,
): Promise<Sent> {
  const { prefetchConversationId } = settingsOf(job.tenant, 'open');
  const input = { ...guest, messageId: job.jobId, text, file, prefetchConversationId };
  return genesys.call(job.tenant, sendOpenMessage, input, requestContext(job));
}

/** One of the three, as the contract says. */
async function report(
  genesys: GenesysClient,
  job: JobContext<unknown>,
  { event = {} }: OutgoingMessage,
  guest: OpenGuest,
): Promise<Sent> {
  const { tenant, jobId } = job;
  const { receipt, click } = event;
  const context = requestContext(job);
  if (click) return await genesys.call(tenant, sendOpenClick, { ...guest, messageId: jobId, click }, context);
  if (receipt) return await genesys.call(tenant, sendOpenReceipt, { ...guest, receipt }, context);
  return await genesys.call(tenant, sendOpenTyping, guest, context);
}
