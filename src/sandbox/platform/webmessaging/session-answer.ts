import type { Deployment } from './deployments.ts';
import type { Session } from './model.ts';
import { durationSecondsOf } from './sessions.ts';
import type { ChannelState } from './state.ts';

/** What a configure says about the session, beside the state of the session itself. */
export interface SessionFlags {
  readonly connected: boolean;
  readonly newSession: boolean;
  readonly clearedExistingSession?: boolean;
}

/** The body of a SessionResponse. */
export function sessionAnswer(
  state: ChannelState,
  session: Session,
  deployment: Deployment,
  { connected, newSession, clearedExistingSession = false }: SessionFlags,
): Record<string, unknown> {
  const isAutoStarted = state.settings.session.autoStarted && deployment.autoStart && newSession;
  return {
    connected,
    newSession,
    readOnly: session.state === 'read-only',
    ...mediaAnswer(state),
    maxCustomDataBytes: state.settings.limits.attributesBytes,
    durationSeconds: durationSecondsOf(state, session),
    expirationDate: Math.floor(session.expiresAtMs / 1000),
    ...(clearedExistingSession && { clearedExistingSession }),
    ...(isAutoStarted && { autoStarted: true }),
  };
}

/** The files that a guest may send. */
export function mediaAnswer({ settings }: ChannelState): Record<string, unknown> {
  const { fileTypes, maxFileSizeKB, blockedExtensions } = settings.media;
  return {
    allowedMedia: { inbound: { fileTypes: fileTypes.map((type) => ({ type })), maxFileSizeKB } },
    blockedExtensions,
  };
}
