import { isKeyed } from '../core/ids.ts';
import type { Flow } from '../flow/flow.ts';
import type { Keys } from '../redis/keys.ts';
import type { PreparedJob } from './prepare.ts';

/** The entries that no partition knows which their tenant has left. Such a partition accepts no more. */
export async function notFormerly(
  { flow, keys }: { readonly flow: Flow; readonly keys: Keys },
  entries: readonly (readonly PreparedJob[])[],
  formers: Map<PreparedJob, number>,
): Promise<(readonly PreparedJob[])[]> {
  const asked = new Map<number, PreparedJob[]>();
  for (const [first] of entries) {
    if (!first || first.parentId !== undefined || !isKeyed(first.ref.jobId)) continue;
    for (const partition of keys.layout.formersOf(first.tenantId))
      asked.set(partition, [...(asked.get(partition) ?? []), first]);
  }
  await Promise.all(
    [...asked].map(async ([partition, jobs]) => {
      const known = await flow.known(
        partition,
        jobs.map(({ ref }) => ref),
      );
      for (const [index, job] of jobs.entries()) if (known[index]) formers.set(job, partition);
    }),
  );
  return entries.filter(([first]) => first && !formers.has(first));
}
