import { randomBytes } from 'node:crypto';
import { type Environment, processEnvironment } from '../../config/environment.ts';
import { loadConfig } from '../../config/load.ts';
import { OperatorError } from '../../core/errors.ts';
import { openRedis, removeKeys } from '../../redis/connect.ts';
import { refuseOtherServers } from '../../redis/installation.ts';
import { openLocalRedis } from '../../redis/local-server.ts';
import { type RedisTarget, redisTarget } from '../../redis/target.ts';
import { reaching } from '../reach.ts';
import { type ApiAccess, makeApiKey } from './api.ts';
import { PLATFORM_TENANTS, prepareSandbox } from './platform.ts';
import { type DemoProcess, startGwm } from './processes.ts';
import { openReceiver, type Receiver } from './receiver.ts';
import type { Scenario } from './scenario.ts';
import { writeSetup } from './setup.ts';
import { startWorkers } from './workers.ts';

/** All parts of the demo, started. */
export interface System {
  readonly redisUrl: string;
  readonly queuePrefix: string;
  readonly tenantsFile: string;
  readonly environment: Environment;
  readonly auditDatabaseUrl: string;
  readonly sandbox: DemoProcess;
  readonly receiver: Receiver;
  readonly api: ApiAccess;
  readonly isOwnRedis: boolean;
  readonly partitions: string | undefined;
  /** Workers that died and were replaced. */
  deadWorkers(): number;
  /** Rejects when a part ends unexpectedly. */
  readonly broken: Promise<never>;
  stop(): Promise<void>;
}

const WORKERS = 2;

/**
 * Starts Redis, the sandbox, the receiver, the HTTP process and the workers. When one does not
 * start, it stops the others.
 */
export async function startSystem(scenario: Scenario, say: (line: string) => void): Promise<System> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    return { ...(await start(scenario, say, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  scenario: Scenario,
  say: (line: string) => void,
  stops: (() => Promise<unknown>)[],
): Promise<Omit<System, 'stop'>> {
  // The variables of this process alone: a .env file in the checkout is not for the demo.
  const outer = processEnvironment();
  const config = loadConfig(outer);
  const { partitions } = config;
  const queuePrefix = `demo-${randomBytes(4).toString('hex')}`;
  const redis = outer['REDIS_URL']
    ? await useRedis(redisTarget(config), queuePrefix, stops)
    : await startRedis(stops);
  const redisUrl = redis.url;
  const setup = await writeSetup(scenario);
  stops.push(setup.remove);
  const environment: Environment = {
    ...outer,
    ...setup.secrets,
    ENV_FILE: '',
    REDIS_URL: redisUrl,
    QUEUE_PREFIX: queuePrefix,
    TENANTS_FILE: setup.tenantsFile,
    AUDIT_DATABASE_URL: setup.auditDatabaseUrl,
    HTTP_PORT: outer['HTTP_PORT'] || '0',
    // Several workers cannot share one port.
    METRICS_PORT: '',
    // All requests stay on this machine.
    NO_PROXY: '*',
    no_proxy: '*',
    LOG_LEVEL: outer['LOG_LEVEL'] || 'warn',
    // The system notices a killed worker after seconds, not after half a minute.
    REQUEST_TIMEOUT: outer['REQUEST_TIMEOUT'] || '5s',
    LOCK_DURATION: outer['LOCK_DURATION'] || '10s',
    WEBHOOK_TIMEOUT: outer['WEBHOOK_TIMEOUT'] || '5s',
    // A failing callback becomes a dead letter within the demo, not after three days.
    WEBHOOK_SCHEDULE: outer['WEBHOOK_SCHEDULE'] || '1s,2s,5s,10s',
    // The summary reads every ended job. A long text may be several jobs.
    KEEP_COMPLETED: String(10_000 + scenario.messages * 16),
  };
  const startPart = async (name: string, args: readonly string[]) => {
    const part = await startGwm(name, args, environment);
    stops.push(part.stop);
    return part;
  };
  const sandbox = await startPart('sandbox', ['sandbox', '--port', '0', '--clients', setup.clientsFile]);
  await prepareSandbox(sandbox.url);
  const receiver = await openReceiver(setup.callbackSecrets);
  stops.push(receiver.close);
  await setup.writeTenants({ sandboxUrl: sandbox.url, receiver });
  const key = await makeApiKey({ redis, queuePrefix, partitions });
  const serve = await startPart('HTTP process', ['serve']);
  const workers = await startWorkers(WORKERS, environment, say);
  stops.push(workers.stop);

  say(`Redis     ${outer['REDIS_URL'] ? 'of REDIS_URL' : redisUrl}`);
  say(`Sandbox   ${sandbox.url}/__sandbox/stats`);
  say(`Receiver  ${receiver.url}`);
  say(`API       ${serve.url}/docs`);
  say(`Board     ${serve.url}/board`);
  say(`Workers   processes ${workers.pids().join(' and ')}`);
  const { ratePerSecond } = scenario.limit;
  say(
    `Limit     ${ratePerSecond} messages per second for each of ${[...scenario.tenants.keys()].join(', ')}`,
  );
  say(
    `Platform  ${PLATFORM_TENANTS.map(({ id }) => id).join(', ')}: the API and the WebSocket of Genesys Cloud\n`,
  );

  const broken = Promise.race([workers.broken, ends(sandbox), ends(serve)]);
  // `work` awaits it; without work a rejection has no listener.
  broken.catch(() => {});
  const { tenantsFile, auditDatabaseUrl } = setup;
  const deadWorkers = workers.dead;
  return {
    redisUrl,
    queuePrefix,
    tenantsFile,
    environment,
    auditDatabaseUrl,
    sandbox,
    receiver,
    api: { url: serve.url, key },
    isOwnRedis: !outer['REDIS_URL'],
    partitions: outer['PARTITIONS'],
    deadWorkers,
    broken,
  };
}

async function startRedis(stops: (() => Promise<unknown>)[]): Promise<RedisTarget> {
  const redis = await openLocalRedis();
  stops.push(redis.close);
  return { url: redis.url };
}

/** Uses the Redis of REDIS_URL, and removes every key of the demo from it at the end. */
async function useRedis(
  given: RedisTarget,
  queuePrefix: string,
  stops: (() => Promise<unknown>)[],
): Promise<RedisTarget> {
  const client = await reaching(openRedis({ ...given, role: 'caller' }));
  await refuseOtherServers(client).catch((error: unknown) => {
    client.disconnect();
    throw error;
  });
  stops.push(async () => {
    await removeKeys(client, queuePrefix);
    client.disconnect();
  });
  return given;
}

async function ends(part: DemoProcess): Promise<never> {
  throw new OperatorError(`The ${part.name} ${await part.ended}.`);
}
