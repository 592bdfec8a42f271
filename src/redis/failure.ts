import { CodedError, messageOf } from '../core/errors.ts';

const CONNECTION =
  /ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|Socket timeout|no answer for|Command aborted|Connection is closed|Command timed out|max retries per request/;

/** The server is there, and cannot be written to now; that of its name may be another one by now. */
const DEMOTED = /(^|-)(READONLY|MASTERDOWN|UNBLOCKED) /;

/** What the codes of Redis mean to the person at the terminal. First match. */
const SENTENCES: readonly (readonly [RegExp, (reason: string) => string])[] = [
  [
    /(^|-)(READONLY|UNBLOCKED) /,
    () => 'is read-only (a replica). Set REDIS_URL to the master, by a name that follows it.',
  ],
  [/(^|-)MASTERDOWN /, () => 'is a replica that has lost its master. Set REDIS_URL to the master.'],
  [/(^|-)LOADING /, () => 'is loading its data, and takes no commands until it has. Try again soon.'],
  [
    /WRONGPASS|NOAUTH|invalid password/i,
    (reason) => `refuses the login (${reason}). Check user and password in REDIS_URL.`,
  ],
  [/NOPERM/, (reason) => `refuses the login (${reason}). Give the user of REDIS_URL this right.`],
  [
    /(^|-)OOM /,
    () => 'has no memory left (maxmemory is reached). Raise maxmemory, or let the workers catch up.',
  ],
  [
    /^(MOVED|ASK|CROSSSLOT|CLUSTERDOWN|TRYAGAIN) ?/,
    (reason) =>
      `is a node of a Redis Cluster, which is not supported yet (${reason.split(' ', 1)[0]}). Set REDIS_URL to a Redis that holds all keys.`,
  ],
  [/(^|-)MISCONF /, () => 'takes no writes, since it cannot save its data. Look at its disk and its log.'],
  [/(^|-)NOREPLICAS /, () => 'takes no writes, since it has too few replicas.'],
  [/(^|-)BUSY /, () => 'is busy with a script, and takes no commands.'],
  [CONNECTION, (reason) => `does not answer (${reason}). Start it, or set REDIS_URL to where it is.`],
];

/** Whether an error is about the connection, or the role of the server, and not about one command. */
export function isConnectionError(error: unknown): boolean {
  const reason = messageOf(error);
  return CONNECTION.test(reason) || DEMOTED.test(reason) || /(^|-)LOADING /.test(reason);
}

/** Whether the server is not, or no longer, the one to write to. */
export function isDemotion(error: unknown): boolean {
  return DEMOTED.test(messageOf(error));
}

/** Whether a key holds something else than the command is for. */
export function isWrongType(error: unknown): boolean {
  return /(^|-)WRONGTYPE /.test(messageOf(error));
}

/** Whether an error comes from Redis, or from the way to it. */
export function isRedisError(error: unknown): boolean {
  return (error instanceof Error && error.name === 'ReplyError') || isConnectionError(error);
}

/** What is wrong with a command, or with what lies in Redis: it comes again each time. */
const LASTING = /^(ERR|WRONGTYPE) /;

/**
 * Whether what a worker has caught is a Redis that cannot work now. The words of a coded error may quote a failure of another
 * connection.
 */
export function isRedisFailure(thrown: unknown): boolean {
  return !(thrown instanceof CodedError) && isRedisError(thrown) && !LASTING.test(messageOf(thrown));
}

/** In one sentence what is wrong with a Redis, and what to do; undefined where the error is about something else. */
export function describeRedisFailure(address: string, error: unknown): string | undefined {
  const reason = causeOf(error);
  const sentence = SENTENCES.find(([pattern]) => pattern.test(reason))?.[1];
  if (sentence) return `Redis at ${address} ${sentence(reason)}`;
  return isRedisError(error) ? `Redis at ${address} refused a command (${reason}).` : undefined;
}

/** A transaction that was discarded says so, and not why; the first command that was refused does. */
function causeOf(error: unknown): string {
  const { previousErrors } = Object(error) as { previousErrors?: readonly unknown[] };
  return messageOf(previousErrors?.[0] ?? error).replace(
    /^Socket timeout\..* in (\d+)ms\.$/,
    (_, ms: string) => `no answer for ${Number(ms) / 1000} s`,
  );
}
