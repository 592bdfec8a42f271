import pino, { type DestinationStream, type Logger } from 'pino';
import { printableLines } from '../core/printable.ts';

export type { Logger } from 'pino';

/**
 * Where secrets and message text would stand if somebody logged a whole object by mistake. Nobody should:
 * log lines are made of named fields. This is the second lock.
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

/** JSON lines on standard output, or to `destination`. */
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

/** Names and reasons from outside must not move the cursor of whoever reads the log. The lines stay the same JSON. */
function printing(destination: DestinationStream): DestinationStream {
  return { write: (line) => destination.write(PLAIN.test(line) ? line : printableLines(line)) };
}
