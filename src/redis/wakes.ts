/** A job that BullMQ should run after the delay: its turn has come, or comes then. */
export interface Wake {
  readonly partition: number;
  readonly queue: string;
  readonly jobId: string;
  readonly delayMs: number;
  /** The caller has nothing to do: the script has woken the job, or a worker has it. */
  readonly isDone?: boolean;
}

/** What bullmq-promote.lua replies in the place of a delay: the caller has nothing to do. */
const WOKEN = -1;

/** @param reply three values per job: queue, id, delay. */
export function readWakes(partition: number, reply: unknown): Wake[] {
  const values = reply as (string | number)[];
  const wakes: Wake[] = [];
  for (let at = 0; at < values.length; at += 3) {
    const [queue, jobId, delayMs] = values.slice(at, at + 3);
    const isDone = Number(delayMs) === WOKEN;
    const delay = Math.max(0, Number(delayMs));
    wakes.push({ partition, queue: String(queue), jobId: String(jobId), delayMs: delay, isDone });
  }
  return wakes;
}
