import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { response, structuredMessage } from '../frames.ts';
import type { MessageBody, Session } from '../model.ts';
import { sendFrame } from '../outbox.ts';
import { refuseRate } from '../refuse.ts';
import { mediaAnswer, sessionAnswer } from '../session-answer.ts';
import { detach, durationSecondsOf, endConnection, extendSession } from '../sessions.ts';
import { type ChannelState, deploymentOf } from '../state.ts';
import { type Action, openAction, sessionAction } from './action.ts';

const echoSchema = z.looseObject({
  message: z.looseObject({ type: z.literal('Text'), text: z.string() }),
});

/** `echo`: a sign of life. It needs no session, and one that is configured says how long it lives. */
export const echo: Action = openAction(echoSchema, (state, { connection, tracingId, input }) => {
  const waitMs = connection.echoRate.take(state.timeline.now(), state.settings.rates.echoesPerMinute);
  if (waitMs > 0) return refuseRate(state, { connection, tracingId }, waitMs, 'echo requests');
  const { session } = connection;
  if (session?.state === 'open' && state.settings.session.echoExtends) extendSession(state, session);
  const body: MessageBody = {
    id: randomBytes(16).toString('hex'),
    type: 'Text',
    text: input.message.text,
    direction: 'Inbound',
    channel: { time: new Date(state.timeline.now()).toISOString(), messageId: randomUUID() },
    metadata: { correlationId: randomUUID(), ...(session && lifeOf(state, session)) },
    content: [],
  };
  sendFrame(state, connection, structuredMessage(body, tracingId, 'response'));
});

/** `getJwt`: the token for the history. */
export const getJwt: Action = sessionAction({}, (state, { connection, session, tracingId }) => {
  const body = state.jwts.issue(session, state.timeline.now(), state.settings.history.jwtLifeSeconds);
  sendFrame(state, connection, response('JwtResponse', body, tracingId));
});

/** `getConfiguration`: what a guest may send. It needs no session. */
export const getConfiguration: Action = openAction(z.looseObject({}), (state, { connection, tracingId }) => {
  const body = {
    ...mediaAnswer(state),
    maxCustomDataBytes: state.settings.limits.attributesBytes,
    messageRoutingEnabled: deploymentOf(state, connection)?.conversationsEnabled ?? false,
    sessionDurationSeconds: durationSecondsOf(state, connection),
  };
  sendFrame(state, connection, response('GetConfigurationResponse', body, tracingId));
});

/** `closeSession`: this connection leaves the session, and with `closeAllConnections` all do. */
export const closeSession: Action = sessionAction(
  { closeAllConnections: z.boolean() },
  (state, { connection, session, tracingId, input }) => {
    const deployment = deploymentOf(state, session);
    if (deployment === undefined) return { code: 404, text: 'Deployment not found.' };
    const body = sessionAnswer(state, session, deployment, { connected: false, newSession: false });
    detach(connection);
    sendFrame(state, connection, response('SessionResponse', body, tracingId));
    if (!input.closeAllConnections) return;
    for (const other of [...session.connections]) endConnection(state, other, 1000);
  },
);

/** The life of a session, as texts. */
function lifeOf(state: ChannelState, session: Session): Record<string, string> {
  return {
    durationSeconds: String(durationSecondsOf(state, session)),
    expirationDate: String(Math.floor(session.expiresAtMs / 1000)),
  };
}
