import { type Batches, createBatches } from '../redis/batches.ts';
import type { FlowOptions, Scripts } from './scripts.ts';

/** Performs admissions and conclusions, those of one turn of the event loop as one script (acts.lua). */
export function createActs(scripts: Scripts, { requestMs, ledgerTtlMs }: FlowOptions): Batches {
  return createBatches(async (partition, acts) => {
    const replies = await scripts.run('acts', partition, [requestMs, ledgerTtlMs, ...acts]);
    return replies as unknown[];
  });
}
