import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '../../support/wait-for.ts';
import type { Fault } from '../fault.ts';
import type { Stage } from '../stage.ts';

const WORKS_MS = 4000;
/** How long the keys of a slot are at two masters, ms. */
const BETWEEN_MS = 1000;

export const CLUSTER_MASTER_KILLED: Fault = {
  name: 'cluster-master-killed',
  group: 7,
  what: 'Redis Cluster: SIGKILL ends the master of one tenant, and then that of the other. It has stopped to write, and its replica has all of its data. The replica takes over, and the dead one comes back as a replica.',
  full: { rounds: 4, replicas: 3, perSecond: 100 },
  redis: 'cluster',
  async prepare(stage) {
    const { redis, scale } = stage;
    const cluster = redis.cluster();
    return async () => {
      for (let kill = 0; kill < scale.rounds; kill++) {
        const key = keyOfTenant(stage, kill);
        const dead = await cluster.killMasterOf(key);
        await sleep(WORKS_MS);
        await dead.restart();
        await waitFor(async () => (await cluster.replicasOf(await cluster.masterOf(key))) === 1, {
          what: 'a dead master that comes back as a replica',
        });
      }
      return scale.rounds;
    };
  },
};

export const CLUSTER_SLOTS_MOVED: Fault = {
  name: 'cluster-slots-moved',
  group: 7,
  what: 'Redis Cluster: the slot of one tenant, and then that of the other, moves to another master, key by key, and stays for a second at both.',
  full: { rounds: 6, replicas: 3, perSecond: 100 },
  redis: 'cluster',
  async prepare(stage) {
    const { redis, scale } = stage;
    return async () => {
      for (let move = 0; move < scale.rounds; move++) {
        await redis.cluster().moveSlot(keyOfTenant(stage, move), () => sleep(BETWEEN_MS));
        await redis.cluster().settled();
        if (move < scale.rounds - 1) await sleep(WORKS_MS);
      }
      return scale.rounds;
    };
  },
};

/** A key in the slot of a tenant, the tenants in turn. */
function keyOfTenant({ system: { keys }, tenants }: Stage, turn: number): string {
  return keys.own(tenants[turn % tenants.length]?.id ?? '');
}
