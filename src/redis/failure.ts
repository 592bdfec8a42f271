import { CodedError, messageOf } from '../core/errors.ts';

const CONNECTION =
  /ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|Socket timeout|no answer for|Command aborted|Connection is closed|Command timed out|max retries per request|None of startup nodes|All sentinels are unreachable|no TLS connection/;

/** The server answers and takes no writes now. Its name may belong to another server by now. */
const DEMOTED = /(^|-)(READONLY|MASTERDOWN|UNBLOCKED) /;

/** The answers of a cluster in which a slot moves, or has no master now. */
const CLUSTER_CHANGE = /(^|-)(MOVED|ASK|TRYAGAIN|CLUSTERDOWN) /;

const OUT_OF_MEMORY = /(^|-)OOM /;

/** The end of a sentence about a node of a cluster, whose address stands for a single server. */
export const IS_CLUSTER =
  'is a node of a Redis Cluster. Set REDIS_URL to the addresses of several nodes, redis://host-1:6379,host-2:6379, or to one with redis+cluster:// in front.';

/** The end of a sentence about a single server, in the place of a cluster. */
export const IS_NO_CLUSTER =
  'is a single server and no node of a Redis Cluster. Set REDIS_URL to redis://host:6379, with one host and without +cluster.';

/** The end of a sentence about a sentinel, whose address stands for a server. */
export const IS_SENTINEL =
  'is a Sentinel, which keeps no jobs. Set REDIS_URL to redis+sentinel://host-1:26379,host-2:26379/0?name=mymaster, with the addresses of the sentinels and the name of the master.';

/** What the codes of Redis mean to the operator. The first match counts. */
const SENTENCES: readonly (readonly [RegExp, (reason: string) => string])[] = [
  [
    /(^|-)(READONLY|UNBLOCKED) /,
    () => 'is read-only (a replica). Set REDIS_URL to the master, by a name that follows it.',
  ],
  [/(^|-)MASTERDOWN /, () => 'is a replica that has lost its master. Set REDIS_URL to the master.'],
  [/(^|-)LOADING /, () => 'is loading its data, and takes no commands yet. Try again soon.'],
  [
    /All sentinels are unreachable/,
    (reason) =>
      `has no sentinel that names a master (${reason}). Check the addresses and the name in REDIS_URL, and REDIS_SENTINEL_PASSWORD.`,
  ],
  [
    /WRONGPASS|NOAUTH|invalid password/i,
    (reason) => `refuses the login (${reason}). Check user and password in REDIS_URL.`,
  ],
  [/NOPERM/, (reason) => `refuses the login (${reason}). Give this right to the user of REDIS_URL.`],
  [
    OUT_OF_MEMORY,
    () => 'has no memory left (maxmemory is reached). Raise maxmemory, or let the workers catch up.',
  ],
  [
    /(^|-)CLUSTERDOWN /,
    () =>
      'is a cluster that does not serve all its hash slots now (CLUSTERDOWN). Start the missing masters, or let their replicas take over.',
  ],
  [/(^|-)TRYAGAIN /, () => 'is moving a hash slot to another node (TRYAGAIN). Try again soon.'],
  [/(^|-)(MOVED|ASK|CROSSSLOT) /, () => IS_CLUSTER],
  [/cluster support disabled/, () => IS_NO_CLUSTER],
  [/(^|-)MISCONF /, () => 'takes no writes, because it cannot save its data. Check its disk and its log.'],
  [/(^|-)NOREPLICAS /, () => 'takes no writes, because it has too few replicas.'],
  [/(^|-)BUSY /, () => 'is busy with a script, and takes no commands.'],
  [
    /no TLS connection/,
    (reason) =>
      `is not reached (${reason}). Check rediss:// in REDIS_URL, and the files of REDIS_TLS_CA_FILE and REDIS_TLS_CERT_FILE.`,
  ],
  [CONNECTION, (reason) => `does not answer (${reason}). Start it, or set REDIS_URL to where it is.`],
];

/**
 * Whether an error is about the connection or the role of the server, and not about one command.
 */
export function isConnectionError(error: unknown): boolean {
  const reason = messageOf(error);
  return (
    CONNECTION.test(reason) ||
    DEMOTED.test(reason) ||
    CLUSTER_CHANGE.test(reason) ||
    /(^|-)LOADING /.test(reason)
  );
}

/** Whether a server says that it is no node of a cluster. It will say so again. */
export function isNoCluster(error: unknown): boolean {
  return /cluster support disabled/.test(messageOf(error));
}

/** Whether the server is not the master, or not any more. */
export function isDemotion(error: unknown): boolean {
  return DEMOTED.test(messageOf(error));
}

const TLS_TROUBLE = /certificate|altnames|SSL routines/i;

/** An error of a connection to Redis. That of TLS says so: connections to others have the same ones. */
export function troubleOf(error: Error): Error {
  return TLS_TROUBLE.test(error.message) ? new Error(`no TLS connection: ${error.message.trim()}`) : error;
}

/** Whether a cluster says that a slot moves, or has no master now. */
export function isClusterChange(error: unknown): boolean {
  return CLUSTER_CHANGE.test(messageOf(error));
}

/** Whether the server does not know the script that a caller named by its digest. */
export function isUnknownScript(error: unknown): boolean {
  return messageOf(error).startsWith('NOSCRIPT ');
}

/** Whether Redis refuses writes because its memory is used up. */
export function isOutOfMemory(error: unknown): boolean {
  return OUT_OF_MEMORY.test(causeOf(error));
}

/** Whether a key holds another type than the command needs. */
export function isWrongType(error: unknown): boolean {
  return /(^|-)WRONGTYPE /.test(messageOf(error));
}

/** Whether an error comes from Redis or from the connection. */
export function isRedisError(error: unknown): boolean {
  return (error instanceof Error && error.name === 'ReplyError') || isConnectionError(error);
}

/** Errors of a command, or of data in Redis. A second try fails as well. */
const LASTING = /^(ERR|WRONGTYPE) /;

/**
 * Whether an error means that Redis cannot work now. A coded error does not count: its message may
 * quote the failure of another connection.
 */
export function isRedisFailure(thrown: unknown): boolean {
  return !(thrown instanceof CodedError) && isRedisError(thrown) && !LASTING.test(messageOf(thrown));
}

/**
 * One sentence that says what is wrong with Redis and what to do. Undefined when the error has
 * another cause.
 */
export function describeRedisFailure(address: string, error: unknown): string | undefined {
  const reason = causeOf(error);
  const sentence = SENTENCES.find(([pattern]) => pattern.test(reason))?.[1];
  if (sentence) return `Redis at ${address} ${sentence(reason)}`;
  return isRedisError(error) ? `Redis at ${address} refused a command (${reason}).` : undefined;
}

/**
 * EXECABORT does not say why a transaction was discarded. The error of the first refused command
 * does.
 */
function causeOf(error: unknown): string {
  const { previousErrors } = Object(error) as { previousErrors?: readonly unknown[] };
  return messageOf(previousErrors?.[0] ?? error)
    .replace(/^Socket timeout\..* in (\d+)ms\.$/, (_, ms: string) => `no answer for ${Number(ms) / 1000} s`)
    .replace(/ Retrying from scratch after [\d.]+ms\./, '');
}
