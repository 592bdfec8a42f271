import { errorFrame, type Refusal, type TracingId, tooManyRequests, withoutTracingId } from './frames.ts';
import type { Connection, Session } from './model.ts';
import { sendFrame } from './outbox.ts';
import { retryAfterSeconds } from './rates.ts';
import type { ChannelState } from './state.ts';

/** The request that is refused. */
export interface Refused {
  readonly connection: Connection;
  readonly tracingId: TracingId;
  readonly session?: Session | undefined;
}

/** Answers with an error. */
export function refuse(state: ChannelState, request: Refused, refusal: Refusal): void {
  const { connection, session = connection.session } = request;
  if (session !== undefined) {
    const { errors } = session.counters;
    errors[refusal.code] = (errors[refusal.code] ?? 0) + 1;
  }
  const frame = errorFrame(refusal, request.tracingId, state.settings.errors.shape);
  const isBare = state.disorder.losesTracingId();
  const fate = state.disorder.ofFrame();
  sendFrame(state, connection, isBare ? withoutTracingId(frame) : frame, { fate });
}

/** Answers that a window is full. The connection stays open. It is the answer of an action too. */
export function refuseRate(state: ChannelState, request: Refused, waitMs: number, what: string): undefined {
  throttle(state, request, retryAfterSeconds(state.settings, waitMs), what);
}

/** Answers that the client has to wait for some seconds. */
export function throttle(state: ChannelState, request: Refused, seconds: number, what: string): undefined {
  const { connection, tracingId, session = connection.session } = request;
  connection.counters.rateLimited += 1;
  if (session !== undefined) session.counters.rateLimited += 1;
  sendFrame(state, connection, tooManyRequests(seconds, `Too many ${what}.`, tracingId));
}
