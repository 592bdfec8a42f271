import type { Clock } from '../../src/core/clock.ts';
import { CodedError, type ErrorCode } from '../../src/core/errors.ts';
import type { GenesysClient } from '../../src/genesys/client.ts';
import {
  type AgentMessage,
  readConversation,
  readMessages,
} from '../../src/genesys/dialects/platform/agent-message.ts';
import type { Sent } from '../../src/genesys/dialects/platform/sent.ts';
import type { JobContext } from '../../src/runtime/handler.ts';
import { requestContext } from '../request-context.ts';

/** The most messages that one request reads. */
const MAX_READ = 1000;
/** The time in an answer has whole seconds. */
const TIME_STEP_MS = 1000;
/** Answers that leave the question open. */
const UNTOLD: ReadonlySet<ErrorCode> = new Set(['NOT_FOUND', 'PERMISSION_MISSING', 'CONTENT_REFUSED']);

/**
 * Looks for a message that an earlier run may have sent: outbound, with this text and these files,
 * and not older than that run. The clocks of worker and Genesys Cloud may differ, so the time in
 * the answer counts. It has whole seconds: an equal message of the second before counts as well.
 *
 * @returns undefined if the conversation does not have it, or cannot be read.
 */
export async function findSent(
  { genesys, clock }: { readonly genesys: GenesysClient; readonly clock: Clock },
  job: JobContext<unknown>,
  message: AgentMessage,
  sentAtMs: number,
): Promise<Sent | undefined> {
  const { tenant } = job;
  const { conversationId, text, mediaIds } = message;
  let differenceMs = -TIME_STEP_MS;
  const noteTime = (ms: number) => {
    differenceMs = ms - clock.now();
  };
  try {
    const context = requestContext(job);
    const conversation = await genesys.call(
      tenant,
      readConversation,
      { conversationId },
      { ...context, noteTime },
    );
    const ids = conversation.messages
      .filter(({ timeMs }) => timeMs >= sentAtMs + differenceMs)
      .map(({ id }) => id)
      .slice(-MAX_READ);
    if (ids.length === 0) return undefined;
    const found = await genesys.call(tenant, readMessages, { conversationId, ids }, context);
    const same = found.find(
      (each) =>
        each.isOutbound && each.text === text && mediaIds.every((mediaId) => each.mediaIds.includes(mediaId)),
    );
    return same && { messageId: same.id, conversationId };
  } catch (error) {
    if (error instanceof CodedError && UNTOLD.has(error.code)) return undefined;
    throw error;
  }
}
