import { setTimeout as delay } from 'node:timers/promises';
import { OperatorError } from '../../core/errors.ts';
import type { Queues } from '../../queues/queues.ts';
import { openProgress } from '../progress.ts';
import type { Enqueued } from './enqueue.ts';
import { type JobCounts, jobCounts } from './summary.ts';

const POLL_MS = 200;
/**
 * After this time without a finished job a part is broken. The system notices a dead worker much
 * earlier.
 */
const STANDSTILL_MS = 60_000;

/** Waits until every job has ended and its callback has arrived, and shows progress. */
export async function untilEnded(
  queues: Queues,
  { jobs, total }: Enqueued,
  stream: NodeJS.WriteStream,
): Promise<void> {
  const progress = openProgress({ label: 'deliver', total, stream });
  let last = { count: 0, atMs: performance.now() };
  try {
    for (;;) {
      const counts = await Promise.all([...jobs.keys()].map((kind) => jobCounts(queues, kind)));
      const callbacks = await jobCounts(queues, 'webhook-delivery');
      const ended = counts.reduce((sum, each) => sum + endedOf(each), 0);
      const arrived = endedOf(callbacks);
      const failed = counts.reduce((sum, each) => sum + each.failed, callbacks.failed);
      progress.update(ended, `${arrived} callbacks${failed > 0 ? `, ${failed} failed` : ''}`);
      if (ended >= total && arrived >= Math.max(total, callbacks.enqueued)) return;
      if (ended + arrived > last.count) last = { count: ended + arrived, atMs: performance.now() };
      if (performance.now() - last.atMs > STANDSTILL_MS) {
        throw new OperatorError(
          `Nothing has changed for ${STANDSTILL_MS / 1000} s; ${total - ended} of ${total} jobs have not ended, ${total - arrived} callbacks have not arrived.`,
        );
      }
      await delay(POLL_MS);
    }
  } finally {
    progress.stop();
  }
}

function endedOf({ delivered, failed }: JobCounts): number {
  return delivered + failed;
}
