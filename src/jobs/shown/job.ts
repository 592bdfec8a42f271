import { isJobKind } from '../catalog.ts';
import { readData } from '../stored-data.ts';
import { PAYLOADS } from './payloads.ts';
import { shownReason } from './reasons.ts';
import { result, saved } from './results.ts';
import { fields, hidden, identifier, plain, word, wordOrPlain } from './shapes.ts';

/**
 * The view of a job on the board, in `/v1/jobs` and in `gwm jobs`. All of them use this function.
 * It shows only what this folder names, and masks every other value in Redis.
 */

/** The data of a job: its envelope, as the queue holds it. */
export function shownData(kind: string, data: unknown): unknown {
  const payload = isJobKind(kind) ? PAYLOADS[kind] : hidden;
  const whole = isJobKind(kind) ? readData(kind, data) : undefined;
  return fields({ tenantId: identifier, payload, saved })(whole ?? data ?? null);
}

/** Its result. */
export function shownResult(value: unknown): unknown {
  return value === null || value === undefined ? null : result(value);
}

/** Its lane: ids, but for deployments, which may be known by a name that people read. */
export function shownLane(lane: string | null): string | null {
  if (lane === null) return null;
  const [, subject = '', name = ''] =
    /^((?:all|deployment|organization|widget) )?([\s\S]*)$/.exec(lane) ?? [];
  const isId = subject !== 'deployment ' || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name);
  return `${subject}${isId ? identifier(name) : hidden(name)}`;
}

/** Options that BullMQ keeps with a job. */
export const shownOptions = fields({
  attempts: plain,
  delay: plain,
  jobId: identifier,
  timestamp: plain,
  priority: plain,
  removeOnComplete: wordOrPlain,
  removeOnFail: wordOrPlain,
  backoff: fields({ type: word, delay: plain }),
  parent: fields({ id: identifier, queue: identifier }),
  repeatJobKey: identifier,
  ignoreDependencyOnFailure: plain,
});

/** Where in the program it failed, without the sentence that errors begin their stack with. */
export function shownStack(stack: string): string {
  const [first = '', ...places] = stack.split('\n').filter((line) => line.trim() !== '');
  const isPlace = (line: string) => /^\s+at /.test(line);
  const name = /^(Error|UnrecoverableError|RetryLater|[A-Z]\w*Error): /.exec(first)?.[0] ?? '';
  const said = isPlace(first) ? first : `${name}${shownReason(first.slice(name.length))}`;
  return [said, ...places.filter(isPlace)].join('\n');
}
