import { CodedError, reworded, toCodedError } from '../../../src/core/errors.ts';
import type { JobContext } from '../../../src/runtime/handler.ts';
import type { Found } from '../../../src/webmessaging/history.ts';
import type { SentMessage } from '../sender.ts';
import type { Prepared } from './guest-message.ts';
import { type Progress, saveProgress } from './progress.ts';
import type { GuestOptions, RunSession } from './run-session.ts';
import { Wait } from './wait.ts';

/** One message on its way, in one run. */
export interface Way extends GuestOptions {
  readonly job: JobContext<unknown>;
  readonly session: RunSession;
  readonly prepared: Prepared;
  /** The run has used the token of its admission. */
  hasBegun: boolean;
}

/** No echo came, or an error that leaves open whether the message was stored: the next run asks. */
export function lost({ job, session }: Way, error: CodedError): Error {
  session.drop();
  // The next worker waits until this attempt is certainly over.
  if (job.ending.aborted) return error;
  return new Wait(0, 'echo-lost', reworded(error, { isUnknown: false }));
}

interface Doubtful extends Progress {
  readonly sentAtMs: number;
}

/** Looks for a message that left without an echo. */
export async function findMessage(way: Way, progress: Doubtful): Promise<SentMessage> {
  const { job, session, channel } = way;
  const found = await ask(way, progress);
  if (found.verdict === 'delivered') {
    session.accepted(found.messageId);
    return { messageId: found.messageId, requestMs: null };
  }
  const leftMs = progress.sentAtMs + channel.historyDelayMs - channel.clock.now();
  if (found.verdict === 'absent' && leftMs > 0) throw new Wait(leftMs, 'echo-lost');
  await saveProgress(job.steps, { attachmentId: progress.attachmentId });
  if (found.verdict === 'absent') {
    throw new CodedError(
      'GENESYS_UNREACHABLE',
      'onMessage: no echo came, and the history has no such message',
    );
  }
  const message = `onMessage: no echo came, and the history does not tell: ${found.why}`;
  const { correlationId } = found;
  throw new CodedError('GENESYS_UNREACHABLE', message, {
    isUnknown: true,
    ...(correlationId !== undefined && { correlationId }),
  });
}

async function ask({ job, session, channel, prepared }: Way, progress: Doubtful): Promise<Found> {
  try {
    const connection = await session.connectToRead();
    const { metadata = {}, text = '' } = prepared.message;
    const mark = { ...progress, metadata, text, after: session.lastMessageId() };
    return await channel.lookFor(mark, connection, job.tenant, job.signal);
  } catch (thrown) {
    if (thrown instanceof Wait) throw thrown;
    session.drop();
    const error = toCodedError(thrown);
    if (error.code === 'RATE_LIMITED') throw new Wait(error.retryAfterMs ?? 0, 'history-rate', error);
    if (error.disposition === 'reject') {
      return { verdict: 'unclear', why: error.message, correlationId: error.correlationId };
    }
    // Another attempt may get an answer. After the last one the outcome stays unknown.
    throw job.isLastAttempt ? reworded(error, { isUnknown: true }) : known(error);
  }
}

/** The same error, of a request that may be sent again. */
export function known(thrown: unknown): unknown {
  if (!(thrown instanceof CodedError) || !thrown.isUnknown) return thrown;
  return reworded(thrown, { isUnknown: false });
}
