import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import { lastChangeOf, openWorktree } from '../worktree.ts';

const EACH_MS = 3000;
/** The files that say how Redis keeps a job. */
const FORMAT_OF_DATA = ['src/redis/installation.ts', 'src/queues/arrivals.ts', 'src/jobs/stored-data.ts'];

export const TWO_VERSIONS: Fault = {
  name: 'two-versions',
  group: 17,
  what: 'An upgrade under load: workers of the oldest commit with the same format of data in Redis give way to those of this version, and back. Both run side by side.',
  full: { rounds: 2, replicas: 1, perSecond: 60 },
  async prepare({ crew, scale }) {
    const older = join(await openWorktree(await lastChangeOf(FORMAT_OF_DATA)), 'src/cli/main.ts');
    return async () => {
      let replaced = 0;
      let old = await crew.start({}, older);
      for (let round = 0; round < scale.rounds; round++) {
        await sleep(EACH_MS);
        const next = await crew.start();
        await crew.end(old, 'SIGTERM');
        await sleep(EACH_MS);
        old = await crew.start({}, older);
        await crew.end(next, 'SIGTERM');
        replaced += 2;
      }
      await sleep(EACH_MS);
      await crew.end(old, 'SIGTERM');
      return replaced + 1;
    };
  },
};
