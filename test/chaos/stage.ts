import type { FaultPlan } from '../../src/sandbox/faults/faults.ts';
import { createRandom, type Random } from '../fuzz/random.ts';
import { steady } from '../support/flow/rate.ts';
import { GWM } from '../support/gwm.ts';
import { openSystem, type System, type TenantSpec } from '../support/system.ts';
import { type Crew, createCrew } from './crew.ts';
import { createDeliveryLog, type DeliveryLog } from './delivery-log.ts';
import type { Scale, Trait } from './fault.ts';
import { createLoad, type Door, type Load, throughProducer } from './load.ts';
import { openStageRedis, type StageRedis } from './stage-redis.ts';
import { openVerifyingReceiver, type VerifyingReceiver } from './verifying-receiver.ts';

/** Everything that a row needs: Redis, sandbox, receiver, workers and load. */
export interface Stage {
  readonly scale: Scale;
  readonly random: Random;
  readonly system: System;
  readonly redis: StageRedis;
  readonly receiver: VerifyingReceiver;
  readonly crew: Crew;
  readonly load: Load;
  readonly deliveryLog: DeliveryLog;
  readonly tenants: readonly TenantSpec[];
  /** The rate limit of each tenant for messages, and for cards. */
  readonly ratePerSecond: number;
  /** Variables of the workers in addition to those of the system. A fault may add some. */
  readonly workerEnvironment: Record<string, string>;
  /** When Redis lost data, ms. A fault adds to it. */
  readonly lossesAtMs: number[];
  /** What a fault finds wrong. */
  readonly complaints: string[];
  /** What a fault checks when all jobs have ended. */
  readonly atEnd: (() => Promise<void>)[];
  /** The load goes through this door from now on. */
  enterThrough(door: Door): void;
  /** Replaces the faults of the sandbox. Answers take their time in any case. */
  inject(operations: FaultPlan['operations']): Promise<void>;
}

export interface StageOptions {
  readonly scale: Scale;
  readonly seed: number;
  /** The build of gwm by default. */
  readonly program?: string;
}

/** The rate limit of each tenant. */
const RATE_PER_SECOND = 200;

/** Answers take so long that requests are under way at any moment. */
const LATENCY = { latencyMs: { min: 10, max: 60 } };

/** Those of a new installation, where they do not make a row longer than it must be. */
const SETTINGS = {
  JOB_RETRY_FOR: '24h',
  BACKOFF_BASE: '500ms',
  BACKOFF_MAX: '5s',
  REQUEST_TIMEOUT: '4s',
  LOCK_DURATION: '10s',
  WEBHOOK_TIMEOUT: '4s',
  WEBHOOK_SCHEDULE: Array(20).fill('3s').join(','),
};

/** Opens the stage of a row. Its parts close at the end of the test, or with `endFile`. */
export async function openStage(trait: Trait, { scale, seed, program = GWM }: StageOptions): Promise<Stage> {
  const redis = await openStageRedis(trait.redis ?? 'server');
  let system: System | undefined;
  const receiver = await openVerifyingReceiver(() => system?.webhookSecret ?? '');
  const callback = { url: `${receiver.url}/callbacks` };
  const { ratePerSecond = RATE_PER_SECOND } = trait;
  const limit = steady({ capacity: 2 * ratePerSecond, ratePerSecond });
  const tenants = ['acme', 'globex'].map((id) => ({ id, limit, cardLimit: limit, callback }));
  const auditDatabaseUrl = await trait.auditDatabase?.();
  system = await openSystem({
    tenants,
    redis,
    environment: {
      ...SETTINGS,
      ...redis.settings,
      ...(auditDatabaseUrl !== undefined && { AUDIT_DATABASE_URL: auditDatabaseUrl }),
      ...trait.settings,
    },
  });
  if (trait.appendfsync) await system.client.config('SET', 'appendfsync', trait.appendfsync);
  const inject: Stage['inject'] = async (operations = {}) => {
    const slow = Object.fromEntries(
      ['message.send', 'card.send'].map((name) => [name, { ...LATENCY, ...operations[name] }]),
    );
    await system.sandbox.inject({ operations: { ...operations, ...slow }, seed });
  };
  await inject({});
  const random = createRandom(seed);
  const workerEnvironment: Record<string, string> = {};
  let door = throughProducer(system.openProducer({ timeoutMs: 5000 }));
  return {
    scale,
    random,
    system,
    redis,
    receiver,
    crew: createCrew(system, workerEnvironment, program),
    load: createLoad({
      door: (entries, accepted) => door(entries, accepted),
      perSecond: scale.perSecond,
      tenants: tenants.map(({ id }) => id),
      random: createRandom(seed + 1),
    }),
    deliveryLog: createDeliveryLog(system.sandbox),
    tenants,
    ratePerSecond,
    workerEnvironment,
    lossesAtMs: [],
    complaints: [],
    atEnd: [],
    enterThrough(next) {
      door = next;
    },
    inject,
  };
}
