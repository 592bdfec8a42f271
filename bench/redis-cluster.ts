import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Lab } from './lab.ts';

/** A Redis Cluster of masters without replicas. It ends with the lab. */
export interface BenchCluster {
  readonly url: string;
  /** A connection to each master. */
  readonly shards: readonly Redis[];
}

interface Node extends AsyncDisposable {
  readonly port: number;
  readonly busPort: number;
  readonly client: Redis;
}

const SLOTS = 16_384;
const SLOTS_AT_ONCE = 2000;
const LOOK_AGAIN_MS = 50;

/**
 * Starts the masters, and deals the partitions out to them in turn. The slots of a few partitions lie
 * anywhere: the usual ranges would give one master more of them than another.
 */
export async function startCluster(lab: Lab, masters: number, partitions: number): Promise<BenchCluster> {
  const starts = Array.from({ length: masters }, async () => lab.keep(await startNode(lab.folder)));
  const nodes = await Promise.all(starts);
  const [first] = nodes as [Node];
  const owners = await ownersOfSlots(first.client, masters, partitions);
  for (const [index, { client, port, busPort }] of nodes.entries()) {
    const slots = owners.flatMap((owner, slot) => (owner === index ? [slot] : []));
    for (let at = 0; at < slots.length; at += SLOTS_AT_ONCE) {
      await client.cluster('ADDSLOTS', ...slots.slice(at, at + SLOTS_AT_ONCE));
    }
    await client.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
    if (index > 0) await first.client.call('CLUSTER', 'MEET', '127.0.0.1', String(port), String(busPort));
  }
  for (const { client } of nodes) {
    while (!(await servesAllSlots(client, masters))) await sleep(LOOK_AGAIN_MS);
  }
  return {
    url: `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    shards: nodes.map(({ client }) => client),
  };
}

/** The master of each slot. */
async function ownersOfSlots(client: Redis, masters: number, partitions: number): Promise<number[]> {
  const owners = Array.from({ length: SLOTS }, (_, slot) => Math.floor((slot * masters) / SLOTS));
  for (let partition = 0; partition < partitions; partition++) {
    owners[Number(await client.cluster('KEYSLOT', `{${partition}}`))] = partition % masters;
  }
  return owners;
}

async function servesAllSlots(client: Redis, masters: number): Promise<boolean> {
  const info = String(await client.cluster('INFO'));
  return /cluster_state:ok/.test(info) && info.includes(`cluster_known_nodes:${masters}`);
}

async function startNode(folder: string): Promise<Node> {
  const [port, busPort] = [await freePort(), await freePort()];
  const dir = await mkdtemp(join(folder, 'node-'));
  // A node that has met no other one does not know its address, and clients need it.
  const announce = ['--cluster-announce-ip', '127.0.0.1'];
  const cluster = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort), ...announce];
  const memoryOnly = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction', '--hz', '100'];
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, ...cluster, ...memoryOnly];
  const server = spawn('redis-server', args, { stdio: 'ignore' });
  const client = new Redis({ host: '127.0.0.1', port, maxRetriesPerRequest: null });
  client.on('error', () => {});
  await client.ping();
  return {
    port,
    busPort,
    client,
    async [Symbol.asyncDispose]() {
      client.disconnect();
      await end(server);
    },
  };
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGKILL');
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
