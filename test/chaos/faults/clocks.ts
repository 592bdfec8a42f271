import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Fault } from '../fault.ts';

const SKEWED = fileURLToPath(new URL('../../support/skewed-clock.ts', import.meta.url));
const HOUR_MS = 3_600_000;
const EACH_MS = 8000;

export const CLOCKS: Fault = {
  name: 'clocks',
  group: 13,
  what: 'The clock of one worker is an hour ahead, and that of another an hour behind. Then they change places.',
  full: { rounds: 2, replicas: 1, perSecond: 100 },
  async prepare({ crew, scale }) {
    return async () => {
      for (let round = 0; round < scale.rounds; round++) {
        const skews = round % 2 === 0 ? [HOUR_MS, -HOUR_MS] : [-HOUR_MS, HOUR_MS];
        const wrong = await Promise.all(
          skews.map((ms) => crew.start({ NODE_OPTIONS: `--import ${SKEWED}`, CLOCK_SKEW_MS: String(ms) })),
        );
        await sleep(EACH_MS);
        await Promise.all(wrong.map((worker) => crew.end(worker, 'SIGTERM')));
      }
      return 2 * scale.rounds;
    };
  },
};
