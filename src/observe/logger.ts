import pino, { type DestinationStream, type Logger } from 'pino';

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

/** JSON lines on standard output, or to `destination`. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service: 'gwm', pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: REDACTED.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
    serializers: { err: pino.stdSerializers.err },
  };
  return destination ? pino(options, destination) : pino(options);
}
