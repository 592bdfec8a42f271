import pLimit from 'p-limit';
import type { Environment } from '../config/environment.ts';
import type { Config } from '../config/settings.ts';
import { systemClock } from '../core/clock.ts';
import { OperatorError } from '../core/errors.ts';
import type { TokenStore } from '../genesys/oauth.ts';
import { openGenesys } from '../genesys/open-genesys.ts';
import { createGuardedTransports } from '../outbound/guarded-transports.ts';
import { wayOut } from '../outbound/way-out.ts';
import { openRedis, type RedisClient } from '../redis/connect.ts';
import { asOperatorError } from '../redis/explain.ts';
import { createKeys, type Keys } from '../redis/keys.ts';
import { renewLayout } from '../redis/layout-store.ts';
import { redisTarget } from '../redis/target.ts';
import { openSeal } from '../seal/open-seal.ts';
import { CLEAR, type Seal } from '../seal/seal.ts';
import { requireTogether, type TenantRegistry } from '../tenants/registry.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { createWebhookRecords } from '../webhooks/records.ts';
import { endpointFindings, examineHosts, examineReceivers } from './examine-hosts.ts';
import { examineBacklog, examineClocks, examineServers } from './examine-redis.ts';
import { examineAuditStore } from './examine-store.ts';
import { aboutOf, examineClient, examineSecrets } from './examine-tenant.ts';
import { type Finding, failed, ok } from './finding.ts';
import { timed } from './timed.ts';

export interface ExamineOptions {
  readonly config: Config;
  readonly environment: Environment;
  readonly tenants: TenantRegistry;
  /** The tenants to examine. */
  readonly tenantIds: readonly string[];
}

/** Tenants that are examined at the same time. */
const TENANTS_AT_ONCE = 20;
const MAX_ANSWER_BYTES = 16 * 1024;

/**
 * Examines an installation, and changes nothing. All checks run beside each other, each with a
 * deadline; the findings come in a fixed order. A Redis that is away leaves out what only Redis shows.
 */
export async function* examine(options: ExamineOptions): AsyncGenerator<Finding> {
  const { config, environment } = options;
  const { seal, findings } = examinePayloadKeys(config, environment);
  const keys = createKeys(config.queuePrefix, config.partitions, seal);
  const opened = openRedis({ ...redisTarget(config), role: 'caller' });
  const inRedis = createRedisChecks(opened, keys);
  const outside = openOutside(options, keys);
  const limit = pLimit(TENANTS_AT_ONCE);
  const groups = [
    Promise.resolve(findings),
    timed('redis', 'connection', async () =>
      explained(await opened, (client) => examineServers(client, config)),
    ),
    inRedis('clock', 'this machine', examineClocks),
    inRedis('tenants file', 'partitions', async () => examinePartitions(options, keys)),
    timed('audit store', 'database', () => examineAuditStore(config, environment)),
    inRedis('audit store', 'waiting records', examineBacklog),
    ...options.tenantIds.map((id) =>
      limit(() => examineTenant(options.tenants.get(id), { environment, outside, inRedis })),
    ),
  ];
  // An error of this program ends the loop early; the groups behind it still end.
  for (const group of groups) group.catch(() => {});
  try {
    for (const group of groups) yield* await group;
  } finally {
    limit.clearQueue();
    await outside.close();
    await opened.then(
      (client) => client.disconnect(),
      () => {},
    );
  }
}

type RedisCheck = (client: RedisClient, keys: Keys) => Promise<readonly Finding[]>;

/** Runs a check in Redis. Without a connection there is no finding: one line says so already. */
type InRedis = (about: string, check: string, examineIn: RedisCheck) => Promise<readonly Finding[]>;

function createRedisChecks(opened: Promise<RedisClient>, keys: Keys): InRedis {
  const withLayout = opened.then(async (client) => {
    await renewLayout(client, keys);
    return client;
  });
  withLayout.catch(() => {});
  return (about, check, examineIn) =>
    timed(about, check, async () => {
      const client = await opened.catch(() => undefined);
      return client ? await explained(client, async () => examineIn(await withLayout, keys)) : [];
    });
}

/** A failure of Redis says what the connection knows of it. */
async function explained(
  client: RedisClient,
  examineIn: (client: RedisClient) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await examineIn(client);
  } catch (error) {
    throw asOperatorError(client, error);
  }
}

type Outside = ReturnType<typeof openOutside>;

/** The ways to Genesys Cloud and to receivers. Each login is a new one: a shared token proves nothing. */
function openOutside({ config, tenants }: ExamineOptions, keys: Keys) {
  const unshared = { get: async () => null, set: async () => 'OK', del: async () => 1 };
  const genesys = openGenesys({
    config,
    client: unshared as unknown as TokenStore,
    keys,
    clock: systemClock,
    tenants,
  });
  const receivers = createGuardedTransports({
    connectTimeoutMs: config.connectTimeoutMs,
    requestTimeoutMs: config.webhookTimeoutMs,
    maxAnswerBytes: MAX_ANSWER_BYTES,
    ...wayOut(config),
  });
  return {
    genesys,
    receivers,
    async close() {
      await Promise.all([genesys.close(), receivers.close()]);
    },
  };
}

interface TenantParts {
  readonly environment: Environment;
  readonly outside: Outside;
  readonly inRedis: InRedis;
}

async function examineTenant(
  tenant: Tenant,
  { environment, outside: { genesys, receivers }, inRedis }: TenantParts,
): Promise<readonly Finding[]> {
  const about = aboutOf(tenant);
  const found = await Promise.all([
    timed(about, 'secrets', async () => examineSecrets(tenant, environment)),
    timed(about, 'host', () => examineHosts(tenant, genesys.transport)),
    timed(about, 'credentials', () => examineClient(tenant, genesys)),
    timed(about, 'receivers', () => examineReceivers(tenant, receivers)),
    inRedis(about, 'endpoints', async (client, keys) =>
      endpointFindings(tenant, await createWebhookRecords(client, keys).endpoints(tenant.id)),
    ),
  ]);
  return found.flat();
}

/** With a wrong key the rest is examined as far as it can be read. */
function examinePayloadKeys(config: Config, environment: Environment): { seal: Seal; findings: Finding[] } {
  const names = (config.payloadKeys ?? []).map(({ id }) => id);
  const found = names.length === 0 ? 'not set: texts are in clear in Redis' : names.join(', ');
  try {
    const seal = openSeal(config, environment);
    return { seal, findings: [ok('settings', 'payload keys', found)] };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const todo = 'Correct PAYLOAD_KEYS (docs/security.md#payload-keys).';
    return { seal: CLEAR, findings: [failed('settings', 'payload keys', error.message, todo)] };
  }
}

function examinePartitions({ config, tenants }: ExamineOptions, { layout }: Keys): Finding[] {
  requireTogether(config.tenantsFile, tenants.ids().map(tenants.get), layout.aroundOf);
  return [
    ok('tenants file', 'partitions', `${layout.state.modulus}, and tenants that share a bucket are together`),
  ];
}
