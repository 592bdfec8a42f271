import { freePort } from './listen.ts';
import { type RedisProcess, startRedisProcess } from './redis-process.ts';
import { isInStep } from './replication.ts';
import { type TlsFiles, tlsServer } from './tls-files.ts';
import { waitFor } from './wait-for.ts';

/** A Redis Cluster of three masters and three replicas. It ends with the test or file. */
export interface TestCluster {
  /** `redis://`, or `rediss://`, with the addresses of all nodes. */
  readonly url: string;
  readonly nodes: readonly RedisProcess[];
  /** The node that has the slot of a key now. */
  masterOf(key: string): Promise<RedisProcess>;
  /** The replicas of a node that can take over from it. */
  replicasOf(node: RedisProcess): Promise<number>;
  /**
   * Moves the slot of a key to another master, key by key, as `redis-cli --cluster reshard` does.
   * @param during runs while the first half of the keys has moved.
   */
  moveSlot(key: string, during?: () => Promise<void>): Promise<void>;
  /**
   * Kills the master of a key when its replica has all of its data: what a replica lacks is lost. Its
   * replica takes over after some seconds.
   * @returns the dead node. Started again, it becomes a replica.
   */
  killMasterOf(key: string): Promise<RedisProcess>;
  /** Takes the cluster down for the time of an act: each node answers CLUSTERDOWN. */
  whileDown(act: () => Promise<void>): Promise<void>;
  /** Waits until all slots are served, by masters of which all know. */
  settled(): Promise<void>;
}

const MASTERS = 3;
const SLOTS = 16_384;

/** After this time without an answer a master counts as dead, ms. A loaded machine must not reach it. */
const NODE_TIMEOUT_MS = 3000;

/** A node as `CLUSTER NODES` has it. */
interface NodeLine {
  readonly id: string;
  readonly port: number;
  readonly flags: readonly string[];
  readonly masterId: string;
  readonly slots: readonly string[];
}

/** Starts six servers and makes a cluster of them. @param tls with it, all connections are encrypted. */
export async function openTestCluster({ tls }: { tls?: TlsFiles } = {}): Promise<TestCluster> {
  const nodes = await Promise.all(Array.from({ length: 2 * MASTERS }, () => startNode(tls)));
  const masters = nodes.slice(0, MASTERS);
  await Promise.all(
    masters.map(({ node }, index) => node.client.call('CLUSTER', 'ADDSLOTSRANGE', ...range(index))),
  );
  await Promise.all(
    nodes.map(({ node }, index) => node.client.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1))),
  );
  const [first] = nodes as [ClusterNode];
  for (const { node, busPort } of nodes.slice(1)) {
    await first.node.client.call('CLUSTER', 'MEET', '127.0.0.1', String(node.port), String(busPort));
  }
  const all = nodes.map(({ node }) => node);
  await waitFor(
    async () => (await Promise.all(all.map(linesOf))).every(({ length }) => length === all.length),
    {
      what: 'nodes that know each other',
    },
  );
  for (const [index, { node }] of nodes.slice(MASTERS).entries()) {
    const master = masters[index] as ClusterNode;
    await node.client.call('CLUSTER', 'REPLICATE', await idOf(master.node));
  }
  const cluster = clusterOf(all, tls ? 'rediss' : 'redis');
  await cluster.settled();
  for (const { node } of masters) {
    await waitFor(async () => (await cluster.replicasOf(node)) === 1, { what: 'a replica that is in step' });
  }
  return cluster;
}

interface ClusterNode {
  readonly node: RedisProcess;
  readonly busPort: number;
}

async function startNode(tls: TlsFiles | undefined): Promise<ClusterNode> {
  const busPort = await freePort();
  const cluster = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)];
  const timeouts = ['--cluster-node-timeout', String(NODE_TIMEOUT_MS), '--repl-diskless-sync-delay', '0'];
  const { args = [], ...secure } = tls ? await tlsServer(tls) : {};
  const node = await startRedisProcess({
    args: [...cluster, ...timeouts, '--appendonly', 'yes', '--maxmemory', '1gb', ...args],
    ...secure,
  });
  return { node, busPort };
}

function range(master: number): [string, string] {
  const size = Math.ceil(SLOTS / MASTERS);
  return [String(master * size), String(Math.min(SLOTS, (master + 1) * size) - 1)];
}

function clusterOf(nodes: readonly RedisProcess[], scheme: string): TestCluster {
  const alive = async () => {
    const answers = await Promise.all(nodes.map(async (node) => node.client.status === 'ready' && node));
    return answers.filter((node) => node !== false);
  };
  const slotLines = async () => {
    const [node] = await alive();
    if (!node) throw new Error('no node of the cluster is alive');
    return await linesOf(node);
  };
  const nodeAt = (port: number) => nodes.find((node) => node.port === port) as RedisProcess;

  const slotOf = async (key: string) => {
    const [node] = await alive();
    return Number(await node?.client.call('CLUSTER', 'KEYSLOT', key));
  };

  const masterOf = async (key: string) => {
    const slot = await slotOf(key);
    const line = (await slotLines()).find(
      ({ flags, slots }) => flags.includes('master') && hasSlot(slots, slot),
    );
    if (!line) throw new Error(`no master has the slot ${slot}`);
    return nodeAt(line.port);
  };

  const settled = async () => {
    await waitFor(async () => await isServing(await alive()), { what: 'a cluster that serves all slots' });
  };

  return {
    url: `${scheme}://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    nodes,
    masterOf,
    async replicasOf(node) {
      const info = await node.client.info('replication');
      return [...info.matchAll(/^slave\d+:.*state=online/gm)].length;
    },
    async moveSlot(key, during) {
      const slot = await slotOf(key);
      const from = await masterOf(key);
      const other = (await slotLines()).find(
        ({ port, flags, slots }) => flags.includes('master') && slots.length > 0 && port !== from.port,
      );
      const to = nodeAt(other?.port ?? 0);
      const [fromId, toId] = await Promise.all([idOf(from), idOf(to)]);
      await to.client.call('CLUSTER', 'SETSLOT', String(slot), 'IMPORTING', fromId);
      await from.client.call('CLUSTER', 'SETSLOT', String(slot), 'MIGRATING', toId);
      const total = Number(await from.client.call('CLUSTER', 'COUNTKEYSINSLOT', String(slot)));
      let isHalf = false;
      for (let moved = 0; ; ) {
        const keys = (await from.client.call('CLUSTER', 'GETKEYSINSLOT', String(slot), '20')) as string[];
        if (keys.length === 0) break;
        await from.client.call('MIGRATE', '127.0.0.1', String(to.port), '', '0', '5000', 'KEYS', ...keys);
        moved += keys.length;
        if (isHalf || moved < total / 2) continue;
        isHalf = true;
        await during?.();
      }
      for (const { client } of [to, from])
        await client.call('CLUSTER', 'SETSLOT', String(slot), 'NODE', toId);
    },
    async killMasterOf(key) {
      const master = await masterOf(key);
      await master.client.call('CLIENT', 'PAUSE', '60000', 'WRITE');
      await waitFor(async () => isInStep(await master.client.info('replication')), {
        what: 'a replica with all data',
      });
      await master.kill();
      await waitFor(async () => (await masterOf(key)) !== master, { what: 'a replica that takes over' });
      await settled();
      return master;
    },
    async whileDown(act) {
      const unused = 'a key that no test uses';
      const [slot, owner, all] = await Promise.all([slotOf(unused), masterOf(unused), alive()]);
      await Promise.all(all.map(({ client }) => client.call('CLUSTER', 'DELSLOTS', String(slot))));
      await act();
      await owner.client.call('CLUSTER', 'ADDSLOTS', String(slot));
      await settled();
    },
    settled,
  };
}

async function isServing(nodes: readonly RedisProcess[]): Promise<boolean> {
  const states = await Promise.all(
    nodes.map(async ({ client }) => String(await client.call('CLUSTER', 'INFO'))),
  );
  return states.every((state) => /cluster_state:ok/.test(state) && /cluster_slots_ok:16384/.test(state));
}

async function idOf({ client }: RedisProcess): Promise<string> {
  return String(await client.call('CLUSTER', 'MYID'));
}

async function linesOf({ client }: RedisProcess): Promise<NodeLine[]> {
  const text = String(await client.call('CLUSTER', 'NODES'));
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [id = '', address = '', flags = '', masterId = '', , , , , ...slots] = line.split(' ');
      return { id, port: Number(/:(\d+)@/.exec(address)?.[1]), flags: flags.split(','), masterId, slots };
    });
}

function hasSlot(ranges: readonly string[], slot: number): boolean {
  return ranges.some((range) => {
    const [first = Number.NaN, last = first] = range.split('-').map(Number);
    return slot >= first && slot <= last;
  });
}
