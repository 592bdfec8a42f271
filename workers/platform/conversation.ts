import { z } from 'zod';
import type { Clock } from '../../src/core/clock.ts';
import { CodedError, type ErrorCode, reworded } from '../../src/core/errors.ts';
import {
  type AgentMessage,
  type Communication,
  readConversation,
  sendAgentMessage,
} from '../../src/genesys/dialects/platform/agent-message.ts';
import type { Sent } from '../../src/genesys/dialects/platform/sent.ts';
import type { JobContext } from '../../src/runtime/handler.ts';
import { requestContext } from '../request-context.ts';
import { type Sender, sent } from './sender.ts';
import { findSent } from './sent-before.ts';
import { createUploader, type UploadOptions, uploadProgress } from './upload.ts';

export interface ConversationOptions extends UploadOptions {
  readonly clock: Clock;
}

const progressSchema = z.object({
  ...uploadProgress,
  /** When a request left whose outcome is not known, ms since the epoch. */
  sentAtMs: z.number().optional(),
});

type Progress = z.output<typeof progressSchema>;

/** Refusals that an ended conversation may cause: the platform does not say which. */
const MAY_BE_ENDED: ReadonlySet<ErrorCode> = new Set(['CONFLICT', 'NOT_FOUND', 'CONTENT_REFUSED']);

/**
 * Sends messages of an agent into a live conversation (docs/platform.md#conversation). Before a
 * repetition it asks the conversation whether the message is there.
 */
export function conversationSender(options: ConversationOptions): Sender {
  const { genesys, clock } = options;
  const bring = createUploader(options);

  return async function sendAsAgent(job, { conversationId, communicationId = '', text, file }) {
    const progress = job.steps.saved(progressSchema) ?? {};
    const communication = { conversationId, communicationId };
    try {
      const media = file && (await bring(job, file, communication, progress));
      if (media && 'kind' in media) return media;
      const mediaIds = media ? [media.mediaId] : [];
      const known: Progress = { ...progress, ...(media && { ...media, isValid: true }) };
      const message = { ...communication, text, mediaIds };
      return sent(await sendOnce(job, message, known));
    } catch (error) {
      throw await explained(job, conversationId, error);
    }
  };

  async function sendOnce(
    job: JobContext<unknown>,
    message: AgentMessage,
    { sentAtMs, ...known }: Progress,
  ): Promise<Sent> {
    if (sentAtMs !== undefined) {
      const before = await findSent(options, job, message, sentAtMs);
      if (before) return before;
    }
    await job.steps.save({ ...known, sentAtMs: sentAtMs ?? clock.now() });
    try {
      const { messageId } = await genesys.call(job.tenant, sendAgentMessage, message, requestContext(job));
      return { messageId, conversationId: message.conversationId };
    } catch (error) {
      // The next run need not ask after a request that was certainly not carried out.
      if (error instanceof CodedError && !error.isUnknown && sentAtMs === undefined)
        await job.steps.save(known);
      throw error;
    }
  }

  /** CONVERSATION_CLOSED in place of a refusal whose cause is the end of the conversation. */
  async function explained(
    job: JobContext<unknown>,
    conversationId: Communication['conversationId'],
    error: unknown,
  ): Promise<unknown> {
    if (!(error instanceof CodedError) || !MAY_BE_ENDED.has(error.code)) return error;
    const isEnded = await genesys
      .call(job.tenant, readConversation, { conversationId }, requestContext(job))
      .then((conversation) => conversation.isEnded)
      .catch((failure: unknown) => {
        if (failure instanceof CodedError) return false;
        throw failure;
      });
    if (!isEnded) return error;
    const message = `${error.message}; the conversation has ended`;
    return reworded(error, { code: 'CONVERSATION_CLOSED', message });
  }
}
