import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';

const EVERY_MS = 1000;

export const WORKER_KILLS: Fault = {
  name: 'worker-kills',
  group: 1,
  what: 'Every second SIGKILL ends a random worker, and another one takes its place.',
  full: { rounds: 30, replicas: 3, perSecond: 100 },
  // A job that is in hand at four of the kills counts as poison.
  rules: { deadLetters: ['JOB_CRASHED_WORKERS'] },
  async prepare({ crew, random, scale }) {
    return async () => {
      for (let kill = 0; kill < scale.rounds; kill++) {
        const next = sleep(EVERY_MS);
        await crew.end(random.pick(crew.living()), 'SIGKILL');
        await crew.start();
        await next;
      }
      return scale.rounds;
    };
  },
};
