import { CodedError, toCodedError } from '../../src/core/errors.ts';
import type { Awaited } from '../../src/webmessaging/answers.ts';
import { ChannelRefusal } from '../../src/webmessaging/codes.ts';
import type { Connection } from '../../src/webmessaging/connection.ts';
import type { MessageBody } from '../../src/webmessaging/frames.ts';
import { idOf } from '../../src/webmessaging/history.ts';
import type { GuestMessage } from '../../src/webmessaging/requests.ts';
import { type Prepared, prepareMessage, withFile } from './guest/guest-message.ts';
import { findMessage, known, lost, type Way } from './guest/lost-echo.ts';
import { type Progress, progressOf, saveProgress } from './guest/progress.ts';
import { type GuestOptions, openRunSession } from './guest/run-session.ts';
import { Wait } from './guest/wait.ts';
import { type Sender, type SentMessage, sent } from './sender.ts';

/** A typing event has no id. */
const TYPED: SentMessage = { messageId: null };

/**
 * Sends a message of a guest as the messenger in a browser does (docs/platform.md#webmessaging).
 *
 *                                     ┌─────────────── echo ───────────────► delivered
 *   lease ──► connect ──► save ──► send                                          ▲
 *     ▲                               └─ no echo ─► run again ─► ask the history ┤ delivered
 *     │                                                              │           │
 *     └───────────── absent: a failed attempt ───────────────────────┤           │
 *     └───────────── unclear: unknown outcome, by onUnknownOutcome ──┘
 *
 * The echo is the only sign of acceptance. A message is saved before it leaves, so whichever worker
 * runs the job next looks for it in the history of the session before it sends again.
 */
export function webmessagingSender(options: GuestOptions): Sender {
  return async function sendAsGuest(job, message) {
    const session = openRunSession(job, message.conversationId, options);
    const prepared = prepareMessage(message, job.jobId);
    try {
      return sent(await deliver({ ...options, job, session, prepared, hasBegun: false }));
    } catch (thrown) {
      if (thrown instanceof Wait) return thrown.outcome;
      throw thrown;
    } finally {
      await session.leave();
    }
  };
}

async function deliver(way: Way): Promise<SentMessage> {
  const progress = progressOf(way.job.steps);
  const { sentAtMs } = progress;
  return await (sentAtMs === undefined ? send(way, progress) : findMessage(way, { ...progress, sentAtMs }));
}

async function send(way: Way, progress: Progress): Promise<SentMessage> {
  let { attachmentId } = progress;
  const { job, session, prepared } = way;
  for (let repairs = 0; ; repairs++) {
    try {
      if (prepared.file && attachmentId === undefined) {
        attachmentId = await upload(way, prepared.file);
        await saveProgress(job.steps, { attachmentId });
      }
      return await sendOnce(way, { attachmentId }, repairs);
    } catch (error) {
      if (!(error instanceof ChannelRefusal) || repairs > 0) throw await consequenceOf(way, error);
      if (error.remedy === 'configure') session.drop();
      else if (error.remedy === 'upload' && prepared.file) attachmentId = undefined;
      else if (error.code === 'CONVERSATION_CLOSED') await session.endedWith(error);
      else throw await consequenceOf(way, error);
    }
  }
}

/**
 * Takes a token, and the connection. The first request has the token of the admission, so that a
 * wait for the session costs none. A further one takes its token first: the lease begins after the
 * wait for it.
 */
async function reach<Sends extends 'message' | 'typing' | 'file'>(way: Way, sends: Sends) {
  const { job, session } = way;
  if (way.hasBegun) await job.requests.token();
  const connection = await session.connect(sends);
  if (connection && !way.hasBegun) await job.requests.token();
  way.hasBegun = true;
  return connection;
}

async function upload(way: Way, file: NonNullable<Prepared['file']>): Promise<string> {
  const { job, session, channel } = way;
  const connection = (await reach(way, 'file')) as Connection;
  try {
    return await channel.upload(file, connection, job.tenant, job.signal);
  } catch (error) {
    if (!(error instanceof ChannelRefusal)) session.drop();
    // A file without a message is nothing yet, so nothing is unknown.
    throw known(error);
  }
}

async function sendOnce(way: Way, progress: Progress, repairs: number): Promise<SentMessage> {
  const { job, session, channel, prepared } = way;
  const connection = await reach(way, prepared.isTyping ? 'typing' : 'message');
  if (!connection) return TYPED;
  if (prepared.isTyping) return await sendTyping(way, connection);
  await saveProgress(job.steps, { ...progress, sentAtMs: channel.clock.now() });
  const message = withFile(prepared.message, progress.attachmentId);
  // An answer to an earlier one may come twice.
  const tracingId = `${job.jobId}-${job.run}-${repairs}`;
  const startedMs = performance.now();
  try {
    const request = { action: 'onMessage', message } as const;
    const echo = await connection.ask(request, echoOf(message), { signal: job.signal, tracingId });
    session.accepted(idOf(echo));
    return { messageId: idOf(echo), requestMs: Math.round(performance.now() - startedMs) };
  } catch (thrown) {
    const error = toCodedError(thrown);
    if (error.isUnknown) throw lost(way, error);
    // The channel has refused the message, or it never left.
    await saveProgress(job.steps, progress);
    throw error;
  }
}

/** A typing event has no echo: it is accepted if no error comes. */
async function sendTyping({ job, channel, prepared }: Way, connection: Connection): Promise<SentMessage> {
  const patience = { signal: job.signal, timeoutMs: channel.eventWaitMs };
  const request = { action: 'onMessage', message: prepared.message } as const;
  try {
    await connection.ask(request, ECHO_OF_EVENT, patience);
  } catch (error) {
    const isSilent = error instanceof CodedError && error.code === 'GENESYS_UNREACHABLE';
    if (!isSilent || !connection.isUsable() || job.signal.aborted) throw known(error);
  }
  return TYPED;
}

/** The echo, also one without a tracing id: its metadata is ours. */
function echoOf({ metadata = {} }: GuestMessage): Awaited<MessageBody> {
  return {
    take(frame, tracingId) {
      if (frame.kind !== 'message' || frame.message.direction === 'Outbound') return undefined;
      const { message } = frame;
      if (frame.tracingId !== undefined) return frame.tracingId === tracingId ? message : undefined;
      const isOurs = Object.entries(metadata).every(([name, value]) => message.metadata[name] === value);
      return isOurs ? message : undefined;
    },
  };
}

const ECHO_OF_EVENT: Awaited<true> = {
  take: (frame, tracingId) => (frame.kind === 'message' && frame.tracingId === tracingId ? true : undefined),
};

/**
 * An answer about the rate pauses the session alone: the other conversations of the tenant go on. A
 * refused connection says nothing about the pace of the session.
 */
async function consequenceOf({ session }: Way, thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof CodedError) || thrown.code !== 'RATE_LIMITED') return thrown;
  const pauseMs = thrown.retryAfterMs ?? 0;
  await session.pause(pauseMs, thrown instanceof ChannelRefusal);
  return new Wait(pauseMs, 'session-paused', thrown);
}
