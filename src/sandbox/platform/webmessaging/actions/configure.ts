import { z } from 'zod';
import { textOf } from '../../../../core/shapes.ts';
import { replaceBySignIn } from '../conversation.ts';
import type { Deployment } from '../deployments.ts';
import { type Refusal, response } from '../frames.ts';
import type { Connection, Session } from '../model.ts';
import { sendFrame } from '../outbox.ts';
import { refuseRate } from '../refuse.ts';
import { sessionAnswer } from '../session-answer.ts';
import { attach, createSession, endConnection, findSession, restartSession } from '../sessions.ts';
import { type ChannelState, deploymentOf } from '../state.ts';
import { type Action, type Answer, type Call, openAction } from './action.ts';

const fields = {
  deploymentId: textOf({ min: 1 }),
  token: textOf({ min: 1 }),
  startNew: z.boolean().exactOptional(),
  journeyContext: z.looseObject({}).exactOptional(),
};

const guestSchema = z.looseObject(fields);
const userSchema = z.looseObject({ ...fields, data: z.looseObject({ code: textOf({ min: 1 }) }) });

type Input = z.infer<typeof guestSchema>;

/** `configureSession`: makes or resumes the session of a guest's token. */
export const configureSession: Action = openAction(guestSchema, (state, call) => {
  const opened = openSession(state, call);
  if ('code' in opened) return opened;
  if (opened.session?.user !== undefined && opened.session.state !== 'ended') {
    return { code: 4017, text: 'An authenticated session cannot become one of a guest.' };
  }
  return settle(state, call, opened, undefined);
});

/** `configureAuthenticatedSession`: the same for a user who has signed in. */
export const configureAuthenticatedSession: Action = openAction(userSchema, (state, call) => {
  const opened = openSession(state, call);
  if ('code' in opened) return opened;
  const { auth } = opened.deployment;
  if (!auth.enabled) return { code: 403, text: 'Authentication is not enabled for this deployment.' };
  const { users, expiredCodes } = state.settings.auth;
  const { code } = call.input.data;
  if (expiredCodes.includes(code)) return { code: 401, text: 'The authorization has expired.' };
  const user = Object.hasOwn(users, code) ? users[code] : undefined;
  if (user === undefined) return { code: 403, text: 'Session authentication failed.' };
  const isStepUp = opened.session?.state === 'open' && opened.session.user === undefined;
  if (isStepUp && !auth.allowSessionUpgrade) {
    return { code: 403, text: 'Session authentication failed: the session cannot be upgraded.' };
  }
  return settle(state, call, opened, user);
});

interface Opened {
  readonly deployment: Deployment;
  readonly session: Session | undefined;
}

/** The checks that both actions share. */
function openSession(state: ChannelState, { connection, input }: Call<Input>): Opened | Refusal {
  const { limits } = state.settings;
  if (input.token.length > limits.tokenCharacters) {
    return { code: 400, text: `The token is longer than ${limits.tokenCharacters} characters.` };
  }
  if (input.deploymentId !== connection.deploymentId) {
    return { code: 400, text: 'The deployment is not the one of this connection.' };
  }
  const deployment = deploymentOf(state, connection);
  if (deployment?.status !== 'Active') return { code: 404, text: 'Deployment not found.' };
  return { deployment, session: findSession(state, input.deploymentId, input.token) };
}

/** Makes, resumes or restarts the session, and joins the connection to it. */
function settle(
  state: ChannelState,
  { connection, tracingId, input }: Call<Input>,
  { deployment, session: found }: Opened,
  user: string | undefined,
): Answer {
  const { settings, timeline } = state;
  if (found?.state === 'expired' && settings.session.afterExpiry === 'refuse') {
    return { code: 4006, text: 'Session expired.' };
  }
  const session = found ?? createSession(state, input.deploymentId, input.token);
  const waitMs = session.configureRate.take(timeline.now(), settings.rates.configuresPerMinute);
  if (waitMs > 0) return refuseRate(state, { connection, tracingId, session }, waitMs, 'configure requests');

  const isNew = found === undefined || beginsAnew(state, found, input.startNew === true);
  if (found !== undefined && isNew) restartSession(state, session);
  session.counters.configures += 1;
  const clearedExistingSession = user !== undefined && signIn(state, session, user, { connection, isNew });
  attach(state, session, connection);
  const flags = { connected: true, newSession: isNew, clearedExistingSession };
  const body = sessionAnswer(state, session, deployment, flags);
  sendFrame(state, connection, response('SessionResponse', body, tracingId));
}

function beginsAnew({ settings }: ChannelState, { state }: Session, startNew: boolean): boolean {
  if (state === 'open') return startNew && settings.session.startNewWhenLive === 'new';
  return state === 'read-only' ? startNew : true;
}

/**
 * Makes a session one of a user. A guest who signs in ends the other connections of the session, and
 * the sessions that the user has with other tokens.
 * @returns whether there was such a session
 */
function signIn(
  state: ChannelState,
  session: Session,
  user: string,
  { connection, isNew }: { connection: Connection; isNew: boolean },
): boolean {
  const isStepUp = !isNew && session.user === undefined;
  session.user = user;
  if (!isStepUp) return false;
  for (const other of [...session.connections]) {
    if (other !== connection) endConnection(state, other, 1000, 'signedIn');
  }
  const replaced = [...state.sessions.values()].filter(
    (other) =>
      other !== session &&
      other.user === user &&
      other.deploymentId === session.deploymentId &&
      other.state !== 'ended',
  );
  for (const other of replaced) replaceBySignIn(state, other);
  return replaced.length > 0;
}
