import pino, { type DestinationStream, type Logger } from 'pino';
import { printableLines } from '../core/printable.ts';

export type { Logger } from 'pino';

/**
 * Fields that would hold secrets or message text if the program logged a whole object. Log lines
 * are made of named fields; this list catches mistakes.
 */
const REDACTED = [
  'authorization',
  'clientSecret',
  'client_secret',
  'password',
  'secret',
  'token',
  'access_token',
  'content',
  'payload',
];

const PLAIN = /^[\x20-\x7e]*\n$/;

/** Creates a logger of JSON lines, to standard output or `destination`. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service: 'gwm', pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: REDACTED.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
    serializers: { err: pino.stdSerializers.err },
  };
  return pino(options, printing(destination ?? pino.destination(1)));
}

/**
 * Escapes control characters, so that names from outside cannot control the reader's terminal. The
 * lines stay equal JSON.
 */
function printing(destination: DestinationStream): DestinationStream {
  return { write: (line) => destination.write(PLAIN.test(line) ? line : printableLines(line)) };
}
