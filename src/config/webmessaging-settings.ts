import { duration, integer } from './kinds.ts';
import { setting } from './setting.ts';

/**
 * Settings of the connections of guests. Genesys Cloud documents none of these numbers
 * (docs/platform.md#webmessaging).
 */
export const WEBMESSAGING_SETTINGS = {
  guestEchoTimeoutMs: setting({
    env: 'GUEST_ECHO_TIMEOUT',
    group: 'Guest channel',
    description:
      'Longest wait for the echo of a message, or for another answer of the guest channel. At most REQUEST_TIMEOUT counts.',
    default: '10s',
    schema: duration('10ms', '5m'),
  }),
  guestIdleMs: setting({
    env: 'GUEST_IDLE',
    group: 'Guest channel',
    description:
      'How long a worker keeps the connection of a guest open without a message. The session of the guest goes on.',
    default: '1m',
    schema: duration('0s', '2h'),
  }),
  guestMaxIdle: setting({
    env: 'GUEST_MAX_IDLE',
    group: 'Guest channel',
    description:
      'Most connections of guests that one process keeps open without a message. It closes the one that has waited longest.',
    default: '500',
    schema: integer(0, 10_000),
  }),
  guestPingMs: setting({
    env: 'GUEST_PING',
    group: 'Guest channel',
    description:
      'Time between two pings of a connection of a guest. A connection whose last ping has no answer is broken.',
    default: '20s',
    schema: duration('100ms', '10m'),
  }),
  guestHistoryDelayMs: setting({
    env: 'GUEST_HISTORY_DELAY',
    group: 'Guest channel',
    description:
      'How long after the departure of a message without an echo the history of the session must show it. A worker sends it again only after this time.',
    default: '5s',
    schema: duration('0s', '5m'),
  }),
  guestEventWaitMs: setting({
    env: 'GUEST_EVENT_WAIT',
    group: 'Guest channel',
    description:
      'How long a worker waits for an error after a typing event. The event has no echo, so no error means that it was accepted.',
    default: '500ms',
    schema: duration('0s', '10s'),
  }),
  guestMaxFrameBytes: setting({
    env: 'GUEST_MAX_FRAME_BYTES',
    group: 'Guest channel',
    description:
      'Longest frame of the guest channel that a worker reads. A longer one breaks the connection.',
    default: '1048576',
    schema: integer(4096, 104_857_600),
  }),
} as const;
