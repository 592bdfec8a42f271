import { WebSocket } from 'ws';
import { type Fate, IN_ORDER } from './disorder.ts';
import type { Frame } from './frames.ts';
import type { Connection, Held } from './model.ts';
import type { ChannelState } from './state.ts';

/** When a frame leaves, and how. */
export interface Sending {
  readonly delayMs?: number;
  readonly fate?: Fate;
}

/**
 * Sends a frame to one connection. Frames keep their order: a frame with a short delay waits for
 * the frames before it. Only a fate lets frames overtake each other.
 */
export function sendFrame(
  state: ChannelState,
  connection: Connection,
  frame: Frame,
  { delayMs = 0, fate = IN_ORDER }: Sending = {},
): undefined {
  if (fate.isLost) return;
  const text = JSON.stringify(frame);
  schedule(state, connection, delayMs, fate.lateMs, () => {
    for (let copy = 0; copy < fate.copies; copy += 1) {
      if (fate.isHeld) hold(state, connection, text);
      else write(state, connection, text);
    }
  });
}

/** Sends a text that needs not be a frame. */
export function sendText(state: ChannelState, connection: Connection, text: string): void {
  schedule(state, connection, 0, 0, () => write(state, connection, text));
}

/** Closes a connection behind the frames that wait. */
export function closeConnection(
  state: ChannelState,
  connection: Connection,
  code: number,
  reason = '',
): void {
  schedule(state, connection, 0, 0, () => {
    flushHeld(state, connection);
    connection.closeCode ??= code;
    connection.socket.close(code, reason);
  });
}

/** Cuts a connection without a closing handshake. The client sees 1006. */
export function cutConnection(connection: Connection): void {
  connection.closeCode ??= 1006;
  connection.socket.terminate();
}

/** Cuts a connection behind the frames that wait. */
export function cutBehind(state: ChannelState, connection: Connection): void {
  schedule(state, connection, 0, 0, () => {
    flushHeld(state, connection);
    cutConnection(connection);
  });
}

function schedule(
  { timeline }: ChannelState,
  connection: Connection,
  delayMs: number,
  lateMs: number,
  act: () => void,
): void {
  const dueAtMs = Math.max(timeline.now() + delayMs, connection.lastDueAtMs);
  if (lateMs === 0) connection.lastDueAtMs = dueAtMs;
  timeline.at(dueAtMs + lateMs, act);
}

function write(state: ChannelState, connection: Connection, text: string): void {
  const { held } = connection;
  connection.held = [];
  put(state, connection, text);
  for (const { text: heldText, release } of held) {
    release();
    put(state, connection, heldText);
  }
}

function put({ timeline }: ChannelState, connection: Connection, text: string): void {
  if (connection.socket.readyState !== WebSocket.OPEN) return;
  connection.socket.send(text);
  connection.counters.framesSent += 1;
  connection.activeAtMs = timeline.now();
}

/** Keeps a frame until the next one. A connection without another frame sends it after a while. */
function hold(state: ChannelState, connection: Connection, text: string): void {
  const entry: Held = { text, release: () => {} };
  connection.held.push(entry);
  entry.release = state.timeline.after(state.settings.disorder.swapMs, () => {
    connection.held = connection.held.filter((each) => each !== entry);
    put(state, connection, text);
  });
}

function flushHeld(state: ChannelState, connection: Connection): void {
  for (const { text, release } of connection.held.splice(0)) {
    release();
    put(state, connection, text);
  }
}
