import { type ApiKeys, createApiKeys } from '../access/api-keys.ts';
import { createActs } from '../audit/act-record.ts';
import { createAuditOutbox } from '../audit/outbox.ts';
import { readEnvironment } from '../config/environment.ts';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/settings.ts';
import { messageOf } from '../core/errors.ts';
import type { Flow } from '../flow/flow.ts';
import { commandLineAuthor } from '../operate/author.ts';
import { createOperations, type Operations } from '../operate/operations.ts';
import { type PartitionsView, readPartitions } from '../partitions/overview.ts';
import { openCore } from '../queues/core.ts';
import type { LayoutFollower } from '../queues/follow-layout.ts';
import type { JobReads } from '../queues/jobs.ts';
import type { Queues } from '../queues/queues.ts';
import type { Replays } from '../queues/replays.ts';
import { createSchedules, type Schedules } from '../queues/schedules.ts';
import { createWebhookControl } from '../queues/webhook-control.ts';
import { adviceFor } from '../redis/advice.ts';
import type { RedisClient } from '../redis/connect.ts';
import { openRedis } from '../redis/connect.ts';
import { asOperatorError } from '../redis/explain.ts';
import { claimInstallation, partitionsAdvice } from '../redis/installation.ts';
import type { Keys } from '../redis/keys.ts';
import { openRedisClock, type RedisClock } from '../redis/redis-clock.ts';
import { redisTarget } from '../redis/target.ts';
import { readClockSkews } from '../runtime/clock-watch.ts';
import { openSeal } from '../seal/open-seal.ts';
import { createSnapshots, type Snapshot } from '../survey/overview.ts';
import { loadTenants, type TenantRegistry } from '../tenants/registry.ts';
import type { WebhookRecords } from '../webhooks/records.ts';
import { exitCode } from './exit-codes.ts';
import { remark } from './output.ts';
import { reaching } from './reach.ts';

/** The parts that commands for operators use. */
export interface Operator {
  readonly flow: Flow;
  readonly queues: Queues;
  readonly jobs: JobReads;
  readonly records: WebhookRecords;
  readonly replays: Pick<Replays, 'about'>;
  readonly tenants: TenantRegistry;
  /** Scheduled audit syncs. */
  readonly schedules: Pick<Schedules, 'list'>;
  readonly apiKeys: Pick<ApiKeys, 'list'>;
  /** What the operator does. Each act leaves an audit record. */
  readonly operations: Operations;
  readonly clock: RedisClock;
  /** Which tenant is in which partition. */
  readonly partitions: () => Promise<PartitionsView>;
  /** Looks at what the installation does now. */
  readonly read: () => Promise<Snapshot>;
  /** Follows the layout of partitions from now on. */
  readonly follow: () => LayoutFollower;
  /** Problems that do not stop the system. */
  readonly warnings: readonly string[];
}

/**
 * Connects, runs `act`, and closes again.
 * @throws {OperatorError} in plain words.
 */
export async function asOperator<Result>(act: (operator: Operator) => Promise<Result>): Promise<Result> {
  const environment = readEnvironment();
  const config = loadConfig(environment);
  const tenants = loadTenants({ file: config.tenantsFile, environment, requireSecrets: false });
  const seal = openSeal(config, environment);
  const client = await reaching(openRedis({ ...redisTarget(config), role: 'caller' }));
  const core = openCore({ client, config, seal, onError: () => {} });
  const { keys, flow, queues, jobs } = core;
  try {
    await claimInstallation(client, keys);
    await queues.ready();
    const clock = await openRedisClock(client);
    const apiKeys = createApiKeys({ client, keys, clock });
    const acts = createActs({ outbox: createAuditOutbox({ client, keys }), clock });
    const { records, replays } = createWebhookControl(core, config);
    return await act({
      flow,
      queues,
      tenants,
      jobs,
      records,
      replays,
      warnings: [
        ...(await adviceFor(client)).warnings,
        ...partitionsWarning(config, keys),
        ...(await clockWarnings(client, keys, clock)),
      ],
      schedules: createSchedules({ queues, keys, kind: 'audit-sync' }),
      apiKeys,
      operations: createOperations({ core, config, tenants, apiKeys, acts }).by(
        commandLineAuthor(),
        reportUnrecorded,
      ),
      clock,
      partitions: () => readPartitions(core, tenants.ids()),
      read: createSnapshots({ ...core, tenants, records }),
      follow: core.follow,
    });
  } catch (error) {
    throw asOperatorError(client, error);
  } finally {
    // A Redis that is away must not keep the command from ending.
    queues.close().catch(() => {});
    client.disconnect();
  }
}

/** The act stays: only its record is missing. */
function reportUnrecorded({ message, cause }: Error): void {
  remark(`${message}: ${messageOf(cause)}`);
  process.exitCode = exitCode('failed');
}

function partitionsWarning(config: Config, keys: Keys): string[] {
  const advice = partitionsAdvice(config.partitions, keys);
  return advice === undefined ? [] : [advice];
}

/** One sentence for each worker machine whose clock is wrong. */
async function clockWarnings(client: RedisClient, keys: Keys, clock: RedisClock): Promise<string[]> {
  const skews = await readClockSkews(client, keys, clock);
  return skews.map(({ process, skewMs }) => {
    const direction = skewMs > 0 ? 'ahead of' : 'behind';
    const by = (Math.abs(skewMs) / 1000).toFixed(1);
    return `the clock of the machine of ${process} is ${by} s ${direction} Redis; set it, for example with NTP`;
  });
}
