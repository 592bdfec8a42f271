import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '../../support/wait-for.ts';
import type { Fault } from '../fault.ts';

const WORKS_MS = 4000;

export const SENTINEL_FAILOVER: Fault = {
  name: 'sentinel-failover',
  group: 6,
  what: 'Sentinel: SIGKILL ends the master. It has stopped to write, and its replica has all of its data. The sentinels make the replica the master, and the dead one comes back as a replica; there and back.',
  full: { rounds: 2, replicas: 3, perSecond: 100 },
  redis: 'sentinel',
  async prepare({ redis, scale }) {
    const sentinel = redis.sentinel();
    return async () => {
      for (let kill = 0; kill < scale.rounds; kill++) {
        const dead = await sentinel.killMaster();
        await sleep(WORKS_MS);
        await dead.restart();
        await waitFor(async () => /master_link_status:up/.test(await dead.client.info('replication')), {
          what: 'a dead master that comes back as a replica',
        });
      }
      return scale.rounds;
    };
  },
};
