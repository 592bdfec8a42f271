import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onEnd } from './lifetime.ts';
import { type RedisProcess, startRedisProcess } from './redis-process.ts';
import { isInStep } from './replication.ts';
import { waitFor } from './wait-for.ts';

/** A master with a replica, and three sentinels that watch them. All end with the test or file. */
export interface TestSentinel {
  /** `redis+sentinel://` with the addresses of the sentinels. */
  readonly url: string;
  /** The password at the sentinels. */
  readonly password: string;
  /** The server that the sentinels call the master. */
  master(): Promise<RedisProcess>;
  /**
   * Kills the master when its replica has all of its data, and waits until the replica is the master.
   * @returns the dead server. Started again, it becomes a replica.
   */
  killMaster(): Promise<RedisProcess>;
}

const NAME = 'main';
const PASSWORD = 'secret-of-sentinels';

/** After this time without an answer a master counts as dead, ms. A loaded machine must not reach it. */
const DOWN_AFTER_MS = 3000;

export async function openTestSentinel(): Promise<TestSentinel> {
  const args = ['--appendonly', 'yes', '--maxmemory', '1gb', '--repl-diskless-sync-delay', '0'];
  const first = await startRedisProcess({ args });
  const second = await startRedisProcess({ args: [...args, '--replicaof', `127.0.0.1 ${first.port}`] });
  await waitFor(async () => isInStep(await first.client.info('replication')), { what: 'a replica in step' });
  const sentinels = await Promise.all([0, 1, 2].map(() => startSentinel(first.port)));
  await waitFor(
    async () => {
      const known = await Promise.all(
        sentinels.map(({ client }) => client.call('SENTINEL', 'CKQUORUM', NAME)),
      );
      const views = await Promise.all(
        sentinels.map(({ client }) => client.call('SENTINEL', 'REPLICAS', NAME)),
      );
      return (
        known.every((said) => String(said).startsWith('OK 3 usable')) &&
        views.every((replicas) => (replicas as unknown[]).length === 1)
      );
    },
    { what: 'sentinels that know each other and the replica' },
  );

  const masterPort = async () => {
    const answers = await Promise.all(
      sentinels.map(({ client }) => client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME)),
    );
    const ports = new Set(answers.map((answer) => Number((answer as string[])[1])));
    if (ports.size > 1) throw new Error('the sentinels do not agree');
    return [...ports][0];
  };
  const master = async () => ((await masterPort()) === first.port ? first : second);

  return {
    url: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/0?name=${NAME}`,
    password: PASSWORD,
    master,
    async killMaster() {
      const old = await master();
      await old.client.call('CLIENT', 'PAUSE', '60000', 'WRITE');
      await waitFor(async () => isInStep(await old.client.info('replication')), {
        what: 'a replica in step',
      });
      await old.kill();
      const next = old === first ? second : first;
      await waitFor(async () => (await masterPort()) === next.port, { what: 'a new master' });
      await waitFor(async () => /role:master/.test(await next.client.info('replication')), {
        what: 'a replica that is the master',
      });
      return old;
    },
  };
}

async function startSentinel(masterPort: number): Promise<RedisProcess> {
  const dir = await mkdtemp(join(tmpdir(), 'gwm-sentinel-'));
  onEnd(() => rm(dir, { recursive: true, force: true }));
  const file = join(dir, 'sentinel.conf');
  const lines = [
    `sentinel monitor ${NAME} 127.0.0.1 ${masterPort} 2`,
    `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${NAME} 10000`,
    `sentinel sentinel-pass ${PASSWORD}`,
    `requirepass ${PASSWORD}`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  return await startRedisProcess({ file, args: ['--sentinel'], login: { password: PASSWORD } });
}
