import { randomUUID } from 'node:crypto';
import { endConversation } from './conversation-store.ts';
import type { Frame } from './frames.ts';
import { notice, response } from './frames.ts';
import type { Connection, Session } from './model.ts';
import { closeConnection, type Sending, sendFrame } from './outbox.ts';
import { createRateWindow } from './rates.ts';
import { type ChannelState, deploymentOf } from './state.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

/** The session of a token. One whose time is over has expired, and says so. */
export function findSession(state: ChannelState, deploymentId: string, token: string): Session | undefined {
  const session = state.sessions.get(keyOf(deploymentId, token));
  if (session !== undefined) expireIfDue(state, session);
  return session;
}

/** A session before its first message. */
export function createSession(state: ChannelState, deploymentId: string, token: string): Session {
  const windowKind = () => state.settings.rates.window;
  const session: Session = {
    token,
    deploymentId,
    tenant: deploymentOf(state, { deploymentId })?.tenant ?? '',
    user: undefined,
    state: 'open',
    conversationId: randomUUID(),
    disconnectedAtMs: undefined,
    expiresAtMs: 0,
    history: [],
    log: [],
    attachments: new Map(),
    connections: [],
    messageRate: createRateWindow(SECOND_MS, windowKind),
    configureRate: createRateWindow(MINUTE_MS, windowKind),
    historyRate: createRateWindow(MINUTE_MS, windowKind),
    counters: {
      configures: 0,
      messagesStored: 0,
      echoes: 0,
      connectionsOpened: 0,
      connectionsEvicted: 0,
      rateLimited: 0,
      errors: {},
    },
  };
  state.sessions.set(keyOf(deploymentId, token), session);
  extendSession(state, session);
  watchExpiry(state, session);
  return session;
}

/** Makes a session new again: another conversation, and nothing in its history. */
export function restartSession(state: ChannelState, session: Session): void {
  endConversation(state, session);
  session.state = 'open';
  session.user = undefined;
  session.conversationId = randomUUID();
  session.disconnectedAtMs = undefined;
  session.history = [];
  session.attachments.clear();
  extendSession(state, session);
  watchExpiry(state, session);
}

/** The idle life of a session. Each message, in or out, begins it again. */
export function extendSession(state: ChannelState, session: Session): void {
  session.expiresAtMs = state.timeline.now() + durationSecondsOf(state, session) * SECOND_MS;
}

export function durationSecondsOf(state: ChannelState, session: { readonly deploymentId: string }): number {
  return deploymentOf(state, session)?.sessionDurationSeconds ?? state.settings.session.durationSeconds;
}

export function expireSession(state: ChannelState, session: Session): void {
  session.state = 'expired';
  endConversation(state, session);
  fanOut(state, session, response('SessionExpiredEvent', {}, undefined));
}

/** Sends a frame to every connection that a session has now. */
export function fanOut(
  state: ChannelState,
  session: Session,
  frame: Frame,
  sending: Sending = { fate: state.disorder.ofFrame() },
): void {
  for (const connection of session.connections) sendFrame(state, connection, frame, sending);
}

/** Adds a connection to a session. The oldest ones make room for it. */
export function attach(state: ChannelState, session: Session, connection: Connection): void {
  if (connection.session === session) return;
  detach(connection);
  connection.session = session;
  session.connections.push(connection);
  session.counters.connectionsOpened += 1;
  while (session.connections.length > state.settings.session.maxConnections) {
    const [oldest] = session.connections;
    if (oldest === undefined) return;
    session.counters.connectionsEvicted += 1;
    endConnection(state, oldest, state.settings.session.evictCloseCode);
  }
}

export function detach(connection: Connection): void {
  const { session } = connection;
  connection.session = undefined;
  const place = session?.connections.indexOf(connection) ?? -1;
  if (place >= 0) session?.connections.splice(place, 1);
}

/** Tells a connection that it is over, and closes it. @param reason `signedIn` is the known one */
export function endConnection(
  state: ChannelState,
  connection: Connection,
  closeCode: number,
  reason?: string,
): void {
  const { closedReasonField } = state.settings.session;
  const body = reason === undefined ? {} : { [closedReasonField]: reason };
  sendFrame(state, connection, notice('ConnectionClosedEvent', body));
  detach(connection);
  closeConnection(state, connection, closeCode);
}

function expireIfDue(state: ChannelState, session: Session): void {
  const isAlive = session.state === 'open' || session.state === 'read-only';
  if (isAlive && state.timeline.now() >= session.expiresAtMs) expireSession(state, session);
}

/** A message moves the end of the life, so the end is looked at again when it comes. */
function watchExpiry(state: ChannelState, session: Session): void {
  state.timeline.at(session.expiresAtMs, () => {
    if (state.sessions.get(keyOf(session.deploymentId, session.token)) !== session) return;
    expireIfDue(state, session);
    if (session.state === 'open' || session.state === 'read-only') watchExpiry(state, session);
  });
}

function keyOf(deploymentId: string, token: string): string {
  return JSON.stringify([deploymentId, token]);
}
