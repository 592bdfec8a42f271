import { randomUUID } from 'node:crypto';
import { isKeyed } from '../core/ids.ts';
import { jobOf } from '../flow/notation.ts';
import type { Core } from '../queues/core.ts';
import type { PreparedJob } from '../queues/prepare.ts';
import type { EntryReport } from '../queues/submit.ts';
import { loadScript } from '../redis/script.ts';
import { ProblemError } from './problem.ts';

/** The idempotency keys of requests that are under way, the same for all processes that serve. */
export interface Claims {
  /**
   * Submits a job, unless another request with its idempotency key is under way.
   * @throws {ProblemError} IDEMPOTENCY_KEY_IN_USE
   */
  during(job: PreparedJob, submit: () => Promise<EntryReport>): Promise<EntryReport>;
}

/**
 * Longest time of a claim, ms: after the death of its process the key is free again. The commands of
 * one request take at most 4.5 s. A claim that ends earlier loses nothing: the ledger accepts a key once.
 */
export const CLAIM_MS = 5000;

/** A request under way has its answer within two seconds. */
const RETRY_AFTER_SECONDS = 1;

/**
 * A claim has nothing to do with the connection of its caller: after a caller has left, its request
 * goes on to its end, and keeps the claim.
 */
export function createClaims({ client, keys, queues }: Pick<Core, 'client' | 'keys' | 'queues'>): Claims {
  const claim = loadScript(client, new URL('./claim-request.lua', import.meta.url), []);
  const release = loadScript(client, new URL('./release-request.lua', import.meta.url), []);

  return {
    async during({ ref }, submit) {
      const { kind, tenantId, jobId } = ref;
      if (!isKeyed(jobId)) return await submit();
      const key = keys.apiClaim(tenantId, jobId);
      const request = randomUUID();
      const inQueue = queues.of(kind, tenantId).toKey(jobId);
      const inLedger = keys.ledger(tenantId, jobOf(ref));
      // A claim that fails on its way to Redis may arrive all the same.
      const end = () => void release.run(key, [key, request]).catch(() => {});
      let hasJob = false;
      try {
        if ((await claim.run(key, [key, request, CLAIM_MS, inQueue, inLedger])) !== 1) {
          throw new ProblemError('IDEMPOTENCY_KEY_IN_USE', { retryAfterSeconds: RETRY_AFTER_SECONDS });
        }
        const report = await submit();
        hasJob = report.status === 'accepted' || report.status === 'duplicate';
        return report;
      } finally {
        // Once Redis has the job, the ledger answers, and the claim is no longer asked.
        if (!hasJob) end();
      }
    },
  };
}
