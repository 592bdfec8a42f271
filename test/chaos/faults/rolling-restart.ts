import type { Fault, Strike } from '../fault.ts';
import type { Stage } from '../stage.ts';

export const ROLLING_RESTART: Fault = {
  name: 'rolling-restart',
  group: 2,
  what: 'All workers are replaced one after the other, several times: SIGTERM, end, start.',
  full: { rounds: 3, replicas: 3, perSecond: 100 },
  rules: { nothingTwice: true },
  prepare: async (stage) => replaceAll(stage),
};

export const ROLLING_RESTART_SHORT_LOCKS: Fault = {
  ...ROLLING_RESTART,
  name: 'rolling-restart-short-locks',
  what: 'The same with locks of two seconds.',
  settings: { REQUEST_TIMEOUT: '1s', LOCK_DURATION: '2s' },
};

function replaceAll({ crew, scale }: Stage): Strike {
  return async () => {
    let restarts = 0;
    for (let round = 0; round < scale.rounds; round++) {
      for (const worker of crew.living()) {
        await crew.end(worker, 'SIGTERM');
        await crew.start();
        restarts++;
      }
    }
    return restarts;
  };
}
