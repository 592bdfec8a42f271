import { createLogins, type Logins } from '../access/logins.ts';
import type { Config } from '../config/settings.ts';
import { createSeriesReader, type SeriesReader } from '../counts/series.ts';
import { createWindowReader, type WindowReader } from '../counts/windows.ts';
import { NO_TRACING, type Tracing } from '../observe/tracing.ts';
import type { Nothing } from '../operate/bind.ts';
import type { OperationsBy, ServerOperations } from '../operate/operations.ts';
import type { Core } from '../queues/core.ts';
import type { JobReads } from '../queues/jobs.ts';
import { createPace, type Pace } from '../queues/pace.ts';
import type { Replays } from '../queues/replays.ts';
import { createWebhookControl } from '../queues/webhook-control.ts';
import { createMemoryGuard, type MemoryGuard } from '../redis/memory-guard.ts';
import { createSnapshots, type Snapshot } from '../survey/overview.ts';
import { createSharedSnapshots, type SharedSnapshots } from '../survey/shared-snapshots.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import type { WebhookRecords } from '../webhooks/records.ts';
import { createSlices, type Slices } from './batch/breaths.ts';
import { type CallerAddress, createCallerAddress } from './caller-address.ts';
import { type Claims, createClaims } from './claims.ts';
import { createIntake, type Intake } from './intake.ts';
import { createLoginTries, type LoginTries } from './login-tries.ts';
import { createQuota, type Quota } from './quota.ts';
import { createRoom, type Room } from './room.ts';
import type { Verifying } from './serving-keys.ts';
import { shareSeries } from './shared-series.ts';

/** The parts that the handlers of the HTTP API use. */
export interface Door {
  readonly config: Config;
  /** Without the acts of operators: {@link Door.operations} alone has these, and records them. */
  readonly core: Omit<Core, 'jobs'> & { readonly jobs: JobReads };
  /** All tenants; a handler uses those of its call. */
  readonly tenants: TenantRegistry;
  readonly apiKeys: Verifying;
  /** Of browsers. */
  readonly logins: Logins;
  readonly loginTries: LoginTries;
  readonly callers: CallerAddress;
  readonly quota: Quota;
  readonly intake: Intake;
  /** Refuses jobs while Redis is nearly full. */
  readonly memory: MemoryGuard;
  /** What batches have under way in Redis together. */
  readonly pace: Pace;
  /** The time that batches calculate together. */
  readonly slices: Slices;
  /** What the jobs of a tenant did in the last minute, hour and day. */
  readonly windows: WindowReader;
  /** What all tenants do now. One snapshot serves all callers. */
  readonly snapshots: SharedSnapshots<Snapshot>;
  /** Points of charts. Callers at the same time share them. */
  readonly series: SeriesReader;
  readonly claims: Claims;
  /** Streams of events. */
  readonly streams: Room;
  readonly batches: Room;
  /** Acts on many jobs: no sender of batches keeps an operator out. */
  readonly bulkActs: Room;
  readonly records: WebhookRecords;
  readonly replays: Pick<Replays, 'about'>;
  /** What operators do. Each act leaves an audit record. */
  readonly operations: OperationsBy<ServerOperations>;
  /** Makes the spans of requests. */
  readonly tracing: Tracing;
  /** Called with an unexpected failure. The caller of the request does not see its text. */
  onError(error: Error): void;
  /** Called with an act on an unknown id. */
  onNothing(act: Nothing): void;
}

export interface DoorOptions {
  readonly config: Config;
  readonly core: Core;
  readonly tenants: TenantRegistry;
  readonly apiKeys: Verifying;
  readonly operations: OperationsBy<ServerOperations>;
  /** Off by default. */
  readonly tracing?: Tracing;
  readonly onError?: (error: Error) => void;
  readonly onNothing?: (act: Nothing) => void;
}

export function createDoor(options: DoorOptions): Door {
  const { config, core, tenants, apiKeys, operations, onError = () => {}, onNothing = () => {} } = options;
  const { tracing = NO_TRACING } = options;
  const { client, keys } = core;
  const { httpKeyShare: keyShare } = config;
  const memory = createMemoryGuard(client);
  const { records, replays } = createWebhookControl(core, config);
  return {
    config,
    core,
    tenants,
    apiKeys,
    logins: createLogins({
      client,
      keys,
      apiKeys,
      idleMs: config.loginIdleMs,
      lifetimeMs: config.loginLifetimeMs,
    }),
    loginTries: createLoginTries({ client, keys }),
    callers: createCallerAddress(config),
    quota: createQuota({ client, keys, config }),
    intake: createIntake(core, memory),
    memory,
    pace: createPace(),
    slices: createSlices(),
    windows: createWindowReader({ client, keys }),
    snapshots: createSharedSnapshots(createSnapshots({ ...core, tenants, records })),
    series: shareSeries(createSeriesReader({ client, keys })),
    claims: createClaims(core),
    records,
    replays,
    streams: createRoom({ places: config.httpMaxStreams, keyShare, code: 'TOO_MANY_STREAMS' }),
    batches: createRoom({ places: config.httpMaxBatches, keyShare, code: 'TOO_MANY_BATCHES' }),
    bulkActs: createRoom({ places: config.httpMaxBulkActs, keyShare, code: 'TOO_MANY_ACTS' }),
    operations,
    tracing,
    onError,
    onNothing,
  };
}
