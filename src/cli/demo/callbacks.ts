import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { isSigned } from './signed.ts';

/** Counts of the callbacks that the receiver got. */
export interface CallbackCounts {
  /** First callbacks about a job of the tenant, with a valid signature. */
  verified: number;
  /** Callbacks with a wrong signature or body. */
  failed: number;
  /** Verified callbacks that repeat a `webhook-id`, or report a second end of a job. */
  duplicates: number;
}

/** Checks and counts callbacks. */
export interface CallbackCounter {
  /** @param tenantId the tenant whose address was called. */
  take(tenantId: string, headers: IncomingHttpHeaders, body: Buffer): keyof CallbackCounts;
  counts(): CallbackCounts;
}

const callback = z.object({
  type: z.string(),
  timestamp: z.iso.datetime(),
  data: z.object({ tenantId: z.string(), jobId: z.string() }),
});

/** @param secrets of all tenants, by id. */
export function createCallbackCounter(
  secrets: ReadonlyMap<string, string>,
  nowMs: () => number,
): CallbackCounter {
  const counts: CallbackCounts = { verified: 0, failed: 0, duplicates: 0 };
  const known = new Set<string>();

  /** True when no name is known yet. Remembers all of them. */
  const areNew = (...names: string[]) => {
    const news = names.every((name) => !known.has(name));
    for (const name of names) known.add(name);
    return news;
  };

  function judge(tenantId: string, headers: IncomingHttpHeaders, body: Buffer): keyof CallbackCounts {
    const secret = secrets.get(tenantId);
    if (secret === undefined || !isSigned(secret, headers, body, nowMs())) return 'failed';
    const { data } = callback.safeParse(jsonOf(body.toString())).data ?? {};
    if (data?.tenantId !== tenantId) return 'failed';
    return areNew(`callback ${headers['webhook-id']}`, `job ${data.jobId}`) ? 'verified' : 'duplicates';
  }

  return {
    take(tenantId, headers, body) {
      const verdict = judge(tenantId, headers, body);
      counts[verdict]++;
      return verdict;
    },
    counts: () => ({ ...counts }),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
