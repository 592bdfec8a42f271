import { createApiKeys } from '../../../src/access/api-keys.ts';
import type { Act } from '../../../src/audit/act-record.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { redisDeadlineMs } from '../../../src/http/redis-deadline.ts';
import { type HttpServer, openHttpServer } from '../../../src/http/server.ts';
import { createLogger } from '../../../src/observe/logger.ts';
import { openTracing } from '../../../src/observe/open-tracing.ts';
import { createServerOperations } from '../../../src/operate/operations.ts';
import { openCore } from '../../../src/queues/core.ts';
import { openRedis } from '../../../src/redis/connect.ts';
import { processName } from '../../../src/runtime/heartbeat.ts';
import { openReloads } from '../../../src/runtime/reloads.ts';
import { loadTenants } from '../../../src/tenants/registry.ts';
import { onEnd } from '../../support/lifetime.ts';
import type { System } from '../../support/system.ts';
import { type TestKeys, testKeys } from './test-keys.ts';

export interface TestServer extends HttpServer {
  readonly keys: TestKeys;
  /** What operators did, by the audit records. */
  readonly acts: Act[];
  /** Unexpected failures, as the log would have them. */
  readonly errors: Error[];
}

/** What a test changes of the server. */
export interface ServerHooks {
  /** Called before an act is noted. */
  readonly beforeNote?: (act: Act) => Promise<void>;
}

/** Starts the server of `gwm serve` on a free port, in this process. */
export async function openServer(
  system: System,
  environment: Readonly<Record<string, string>> = {},
  { beforeNote = () => Promise.resolve() }: ServerHooks = {},
): Promise<TestServer> {
  const variables = { ...system.environment, HTTP_PORT: '0', ...environment };
  const config = loadConfig(variables);
  const client = await openRedis({
    url: config.redisUrl,
    role: 'caller',
    deadlineMs: redisDeadlineMs(config),
  });
  const core = openCore({ client, config, seal: system.keys.seal, onError: () => {} });
  onEnd(() => core.close().catch(() => {}));
  const tenants = loadTenants({ file: config.tenantsFile, environment: variables, requireSecrets: false });
  const clock = systemClock;
  const apiKeys = createApiKeys({ client, keys: core.keys, clock });
  const acts: Act[] = [];
  const note = async (act: Act) => {
    await beforeNote(act);
    acts.push(act);
  };
  const reloads = await openReloads({
    ...core,
    tenants,
    clock,
    logger: createLogger('silent'),
    environment: () => variables,
    name: processName(),
    command: 'serve',
  });
  onEnd(() => reloads.stop());
  const operations = createServerOperations({ core, config, tenants, apiKeys, acts: { note }, reloads });
  const errors: Error[] = [];
  const onError = (error: Error) => void errors.push(error);
  const logger = createLogger('silent');
  const tracing = await openTracing({ config, command: 'serve', name: 'serve-1', logger });
  onEnd(() => tracing.close());
  const server = await openHttpServer({ config, core, tenants, apiKeys, operations, tracing, onError });
  onEnd(() => server.close());
  return { ...server, keys: testKeys(apiKeys), acts, errors };
}

/** The header of a login. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
