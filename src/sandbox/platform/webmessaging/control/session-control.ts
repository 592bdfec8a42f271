import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { textOf } from '../../../../core/shapes.ts';
import { parseBody, refuse } from '../../../control/control-input.ts';
import { parseInput } from '../../../input/problems.ts';
import { clearConversation, disconnect, endSession, logOut, makeReadOnly } from '../conversation.ts';
import type { Connection, Session } from '../model.ts';
import { closeConnection, cutConnection } from '../outbox.ts';
import { runSteps } from '../script.ts';
import { stepsSchema } from '../script-schema.ts';
import { expireSession } from '../sessions.ts';
import type { ChannelState } from '../state.ts';

const tokenSchema = z.strictObject({ token: textOf({ min: 1 }) });
const saySchema = tokenSchema.extend({ steps: stepsSchema });
const closeSchema = tokenSchema.extend({ code: z.int().min(1000).max(4999).default(1001) });

/** What a test can do to a session, by the last part of the path. */
const ACTS: Readonly<Record<string, (state: ChannelState, session: Session) => void>> = {
  end: endSession,
  expire: expireSession,
  'read-only': (_state, session) => makeReadOnly(session),
  disconnect: (state, session) => disconnect(state, session, 'Human'),
  clear: (state, session) => clearConversation(state, session),
  'log-out': logOut,
  drop: (_state, session) => [...session.connections].forEach(cutConnection),
};

/** Control over sessions: lists them and their messages, ends them, and speaks for the agent. */
export function mountSessionControl(scope: FastifyInstance, state: ChannelState): void {
  scope.get('/sessions', () => [...state.sessions.values()].map(shownSession));

  scope.get('/sessions/messages', (request, reply) => {
    const query = parseInput(tokenSchema, request.query);
    if (!query.ok) return refuse(reply, query);
    return withSession(state, reply, query.value.token, ({ log }) => log);
  });

  for (const [path, act] of Object.entries(ACTS)) {
    scope.post(`/sessions/${path}`, (request, reply) => {
      const body = parseBody(tokenSchema, request.body);
      if (!body.ok) return refuse(reply, body);
      return withSession(state, reply, body.value.token, (session) => {
        act(state, session);
        return shownSession(session);
      });
    });
  }

  scope.post('/sessions/say', (request, reply) => {
    const body = parseBody(saySchema, request.body);
    if (!body.ok) return refuse(reply, body);
    const { token, steps } = body.value;
    return withSession(state, reply, token, (session) => {
      runSteps(state, session, steps, 0);
      return shownSession(session);
    });
  });

  scope.post('/sessions/close', (request, reply) => {
    const body = parseBody(closeSchema, request.body);
    if (!body.ok) return refuse(reply, body);
    const { token, code } = body.value;
    return withSession(state, reply, token, (session) => {
      for (const connection of session.connections) closeConnection(state, connection, code);
      return shownSession(session);
    });
  });
}

/** A connection as tests see it. */
export function shownConnection(connection: Connection) {
  const { id, deploymentId, origin, openedAtMs, activeAtMs, counters, session } = connection;
  return {
    id,
    deploymentId,
    origin: origin ?? null,
    openedAt: new Date(openedAtMs).toISOString(),
    activeAt: new Date(activeAtMs).toISOString(),
    token: session?.token ?? null,
    ...counters,
  };
}

function shownSession(session: Session) {
  const { token, deploymentId, state, user, conversationId, expiresAtMs } = session;
  return {
    token,
    deploymentId,
    state,
    user: user ?? null,
    conversationId,
    expiresAt: new Date(expiresAtMs).toISOString(),
    counters: session.counters,
    connections: session.connections.map(shownConnection),
    attachments: [...session.attachments.values()].map(({ id, fileName, state: fileState }) => ({
      id,
      fileName,
      state: fileState,
    })),
  };
}

function withSession<T>(
  state: ChannelState,
  reply: FastifyReply,
  token: string,
  act: (session: Session) => T,
): T | FastifyReply {
  const session = [...state.sessions.values()].find((each) => each.token === token);
  if (session !== undefined) return act(session);
  return reply.code(404).send({ message: 'No session has this token.', code: 'not.found', status: 404 });
}
