import { type ErrorCode, isErrorCode } from '../core/errors.ts';
import type { JobKind } from '../jobs/catalog.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { openText } from '../seal/job-values.ts';
import type { Seal } from '../seal/seal.ts';
import { MAX_PAGE, type PageParts, readPage } from './index-pages.ts';
import type { JobFilter } from './job-filter.ts';
import { codeIn } from './job-view.ts';
import type { Queues } from './queues.ts';

/** Dead letters of a tenant that failed for the same reason. */
export interface DeadLetterGroup {
  /** Null for a reason of another program, and for one that cannot be opened. */
  readonly code: ErrorCode | null;
  readonly count: number;
  /** When the first and the last of them ended, ms since the epoch. */
  readonly oldestMs: number;
  readonly newestMs: number;
}

export interface DeadLetterPage {
  /** The largest group first. */
  readonly groups: readonly DeadLetterGroup[];
  /** Jobs of the index that the page has looked at. */
  readonly seen: number;
  /** Where the next page begins: its groups add to these. Null when all dead letters are counted. */
  readonly cursor: string | null;
}

export interface DeadLetterRequest extends Pick<JobFilter, 'tenantId' | 'kind' | 'from' | 'to'> {
  /** From the page before. */
  readonly cursor?: string | undefined;
  /** Jobs that the page looks at; {@link MAX_SEEN} by default. */
  readonly limit?: number | undefined;
}

export interface DeadLetterParts extends PageParts {
  readonly client: RedisClient;
  readonly queues: Pick<Queues, 'at'>;
  readonly keys: Pick<Keys, 'layout' | 'within' | 'seal'>;
}

/** Jobs of the index that one page looks at. They take Redis some tens of milliseconds altogether. */
export const MAX_SEEN = 20_000;

/** A dead letter: its code, and when it ended. */
interface DeadLetter {
  readonly code: ErrorCode | null;
  readonly endedAtMs: number;
}

/**
 * Groups the dead letters of a tenant by the code of their failure. It reads the index of jobs, and of each
 * dead letter the reason alone.
 */
export function createDeadLetters(parts: DeadLetterParts): (r: DeadLetterRequest) => Promise<DeadLetterPage> {
  return async ({ cursor: first, limit = MAX_SEEN, ...fields }) => {
    const filter = { ...fields, state: 'failed' } as const;
    const groups = new Map<ErrorCode | null, DeadLetterGroup>();
    let [seen, cursor] = [0, first];
    do {
      const page = await readPage(parts, {
        filter,
        cursor,
        limit: Math.min(MAX_PAGE, limit - seen),
        order: 'oldest',
      });
      for (const { code, endedAtMs } of await deadLettersIn(parts, page))
        addGroup(groups, { code, count: 1, oldestMs: endedAtMs, newestMs: endedAtMs });
      seen += page.seen;
      cursor = page.cursor ?? undefined;
    } while (cursor !== undefined && seen < limit);
    const sorted = [...groups.values()].sort((one, other) => other.count - one.count);
    return { groups: sorted, seen, cursor: cursor ?? null };
  };
}

/** Adds a group to those of other pages. */
export function addGroup(
  groups: Map<DeadLetterGroup['code'], DeadLetterGroup>,
  { code, count, oldestMs, newestMs }: DeadLetterGroup,
): void {
  const known = groups.get(code);
  groups.set(code, {
    code,
    count: count + (known?.count ?? 0),
    oldestMs: Math.min(oldestMs, known?.oldestMs ?? oldestMs),
    newestMs: Math.max(newestMs, known?.newestMs ?? newestMs),
  });
}

async function deadLettersIn(
  parts: DeadLetterParts,
  { entries, partition }: Awaited<ReturnType<typeof readPage>>,
): Promise<DeadLetter[]> {
  const kinds = [...new Set(entries.map(({ kind }) => kind))];
  const ofKinds = kinds.map((kind) => {
    const ids = entries.filter((entry) => entry.kind === kind).map(({ jobId }) => jobId);
    return deadLettersOf(parts, { kind, partition, ids });
  });
  return (await Promise.all(ofKinds)).flat();
}

interface OfOneQueue {
  readonly kind: JobKind;
  readonly partition: number;
  readonly ids: readonly string[];
}

/** Of some jobs of a queue those that are dead letters. */
async function deadLettersOf(
  { client, queues, keys }: DeadLetterParts,
  { kind, partition, ids }: OfOneQueue,
): Promise<DeadLetter[]> {
  const queue = queues.at(kind, partition);
  const scores = await client.zmscore(queue.toKey('failed'), [...ids]);
  const failed = ids.flatMap((id, at) => {
    const score = scores[at];
    return score === null || score === undefined ? [] : [{ id, endedAtMs: Number(score) }];
  });
  if (failed.length === 0) return [];
  const pipeline = client.pipeline();
  for (const { id } of failed) pipeline.hget(queue.toKey(id), 'failedReason');
  const reasons = (await pipeline.exec()) ?? [];
  return failed.map(({ id, endedAtMs }, at) => {
    // The key of a job that another program damaged may hold another type.
    const reason = reasons[at]?.[1];
    return { endedAtMs, code: typeof reason === 'string' ? codeOf(keys.seal, id, reason) : null };
  });
}

function codeOf(seal: Seal, jobId: string, stored: string): ErrorCode | null {
  try {
    const code = codeIn(openText(seal, 'reason', jobId, stored));
    return code !== undefined && isErrorCode(code) ? code : null;
  } catch {
    return null;
  }
}
