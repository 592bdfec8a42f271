import { startDeadline } from '../core/deadline.ts';
import { CodedError } from '../core/errors.ts';
import { describeNetworkFailure } from '../outbound/transport.ts';
import { ChannelRefusal } from './codes.ts';
import type { ServerFrame } from './frames.ts';

/** What a request waits for. Frames that it does not take are left out. */
export interface Awaited<Answer> {
  /** @returns undefined for a frame of something else. */
  take(frame: ServerFrame, tracingId: string): Answer | undefined;
  /** The file that the request is about: an error about another one is not its answer. */
  readonly attachmentId?: string;
  /** The request stores nothing. So the end of the session is its answer, also without its id. */
  readonly storesNothing?: boolean;
}

/** How long a request may take. */
export interface Patience {
  readonly signal: AbortSignal;
  /** The setting by default, ms. */
  readonly timeoutMs?: number;
}

/** One request whose answer is awaited. */
export interface Asked {
  /** Of the request, for messages. */
  readonly name: string;
  readonly tracingId: string;
  /** Whether the server may have got it. */
  readonly wasSent: boolean;
}

/** Brings the frames of one connection to the request under way. There is one at a time. */
export interface Answers {
  isAwaited(): boolean;
  /**
   * @throws {ChannelRefusal} for an error frame; {CodedError} GENESYS_UNREACHABLE if no answer comes,
   *   with `isUnknown` if the request was sent.
   */
  wait<Answer>(asked: Asked, awaited: Awaited<Answer>, patience: Patience): Promise<Answer>;
  frame(frame: ServerFrame): void;
  /** Nothing more will come. */
  lose(reason: string): void;
}

interface Waiting {
  frame(frame: ServerFrame): void;
  lose(reason: string): void;
}

/**
 * An error without a tracing id belongs to the request under way. Frames with another tracing id
 * come from other connections of the session, or are late.
 *
 * @param host of the channel, for messages
 */
export function createAnswers(host: string, timeoutMs: number): Answers {
  let waiting: Waiting | undefined;

  return {
    isAwaited: () => waiting !== undefined,
    async wait(asked, awaited, patience) {
      using deadline = startDeadline(patience.timeoutMs ?? timeoutMs, patience.signal);
      const { signal } = deadline;
      const { promise, resolve, reject } = Promise.withResolvers<NonNullable<unknown>>();
      const lose = (reason: string) => {
        const message = `${asked.name}: no answer from ${host}: ${reason}`;
        reject(new CodedError('GENESYS_UNREACHABLE', message, { isUnknown: asked.wasSent }));
      };
      const onAbort = () => lose(describeNetworkFailure(signal.reason, patience.timeoutMs ?? timeoutMs));
      signal.addEventListener('abort', onAbort);
      if (signal.aborted) onAbort();
      waiting = {
        lose,
        frame(frame) {
          const answer = awaited.take(frame, asked.tracingId);
          if (answer !== undefined && answer !== null) resolve(answer);
          else if (frame.kind === 'refused' && isAbout(frame, asked, awaited)) {
            reject(new ChannelRefusal(frame.refusal, asked.name, frame.tracingId !== undefined));
          } else if (isEndFor(frame, asked, awaited)) {
            reject(new ChannelRefusal(EXPIRED, asked.name, frame.tracingId !== undefined));
          }
        },
      };
      try {
        return (await promise) as never;
      } finally {
        waiting = undefined;
      }
    },
    frame: (frame) => waiting?.frame(frame),
    lose: (reason) => waiting?.lose(reason),
  };
}

/** The code of the error that other servers send in place of the event. */
const EXPIRED = { code: 4006 };

/**
 * Whether the session has expired in place of an answer. Without the id of the request, the event may
 * follow a message that was stored.
 */
function isEndFor(
  frame: ServerFrame,
  { tracingId }: Asked,
  { storesNothing = false }: Awaited<unknown>,
): boolean {
  if (frame.kind !== 'ended' || frame.by !== 'expiry') return false;
  return frame.tracingId === undefined ? storesNothing : frame.tracingId === tracingId;
}

type Refused = Extract<ServerFrame, { kind: 'refused' }>;

function isAbout({ tracingId, refusal }: Refused, asked: Asked, awaited: Awaited<unknown>): boolean {
  if (tracingId !== undefined) return tracingId === asked.tracingId;
  return refusal.attachmentId === undefined || refusal.attachmentId === awaited.attachmentId;
}
