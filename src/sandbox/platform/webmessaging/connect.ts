import type { RawData, WebSocket } from 'ws';
import { decodeUtf8 } from '../../../core/utf8.ts';
import type { Connection } from './model.ts';
import { closeConnection } from './outbox.ts';
import { createRateWindow } from './rates.ts';
import { receive } from './receive.ts';
import { detach } from './sessions.ts';
import type { ChannelState } from './state.ts';

const MINUTE_MS = 60_000;
/** The server goes away. A client may connect again. */
const GOING_AWAY = 1001;
const LONGEST_LOOK_MS = 1000;

type Opening = Pick<Connection, 'deploymentId' | 'origin' | 'host'>;

/** Begins a connection: it hears frames, and closes when it is idle or old. */
export function openConnection(state: ChannelState, socket: WebSocket, opening: Opening): void {
  const nowMs = state.timeline.now();
  const windowKind = () => state.settings.rates.window;
  state.openedConnections += 1;
  const connection: Connection = {
    ...opening,
    id: `connection-${state.openedConnections}`,
    socket,
    openedAtMs: nowMs,
    requestRate: createRateWindow(MINUTE_MS, windowKind),
    echoRate: createRateWindow(MINUTE_MS, windowKind),
    counters: { requests: 0, framesSent: 0, rateLimited: 0 },
    session: undefined,
    activeAtMs: nowMs,
    lastDueAtMs: 0,
    held: [],
    closeCode: undefined,
  };
  state.connections.add(connection);
  socket.on('message', (data, isBinary) => {
    // A frame may come while the connection closes.
    if (connection.closeCode !== undefined) return;
    receive(state, connection, isBinary ? undefined : textOf(data));
  });
  socket.on('ping', () => {
    if (state.settings.connection.pingIsActivity) connection.activeAtMs = state.timeline.now();
  });
  // A frame that is too long, for example. The socket closes itself, with the code for it.
  socket.on('error', () => {});
  socket.on('close', (code) => {
    connection.closeCode ??= code;
    for (const { release } of connection.held.splice(0)) release();
    detach(connection);
    state.connections.delete(connection);
  });
  watchEnd(state, connection);
}

/** Closes the connection when it is idle or too old. */
function watchEnd(state: ChannelState, connection: Connection): void {
  let stop = () => {};
  const look = () => {
    const { idleSeconds, maxAgeSeconds } = state.settings.connection;
    const nowMs = state.timeline.now();
    const idleAtMs = connection.activeAtMs + idleSeconds * 1000;
    const oldAtMs = connection.openedAtMs + maxAgeSeconds * 1000;
    if (idleAtMs <= nowMs) return closeConnection(state, connection, GOING_AWAY, 'idle');
    if (oldAtMs <= nowMs) return closeConnection(state, connection, GOING_AWAY, 'too old');
    // Not later, because a test may shorten the settings meanwhile.
    stop = state.timeline.at(Math.min(idleAtMs, oldAtMs, nowMs + LONGEST_LOOK_MS), look);
  };
  connection.socket.on('close', () => stop());
  look();
}

function textOf(data: RawData): string | undefined {
  return Buffer.isBuffer(data) ? decodeUtf8(data) : undefined;
}
