import { beforeAll, describe, expect, test } from 'vitest';
import { type ApiKeys, createApiKeys } from '../../../src/access/api-keys.ts';
import { ACTIONS, type Act, actRecordsOf } from '../../../src/audit/act-record.ts';
import { requireRecord } from '../../../src/audit/record.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { createLogger } from '../../../src/observe/logger.ts';
import { type Author, keyAuthor } from '../../../src/operate/author.ts';
import {
  createServerOperations,
  type ServerOperations as Operations,
  type OperationsBy,
} from '../../../src/operate/operations.ts';
import { openCore } from '../../../src/queues/core.ts';
import { openRedis } from '../../../src/redis/connect.ts';
import { processName } from '../../../src/runtime/heartbeat.ts';
import { openReloads } from '../../../src/runtime/reloads.ts';
import { loadTenants } from '../../../src/tenants/registry.ts';
import { endpointIdOf } from '../../../src/webhooks/endpoint-id.ts';
import { onEnd } from '../../support/lifetime.ts';
import { message } from '../../support/system.ts';
import { setCallbackStage } from '../webhooks/stage.ts';

const KIND = 'message-transmission';

type Name = keyof Operations;
type InputOf<Each extends Name> = Parameters<Operations[Each]>[0];

interface Case<Each extends Name> {
  /** Makes what the act needs, and says what to do. */
  readonly input: () => Promise<InputOf<Each>> | InputOf<Each>;
  /** The records of the act, besides its author. */
  readonly records: (input: InputOf<Each>) => readonly Partial<Act>[];
  /** An act on an id that does not exist; left out when the act takes no id. */
  readonly unknown?: InputOf<Each>;
  /** An act on a tenant that has nothing to act on. */
  readonly nothing?: InputOf<Each>;
}

const acts: Act[] = [];
let all: OperationsBy<Operations>;
let apiKeys: ApiKeys;

const AUTHOR = keyAuthor({ id: 'k_0aB1cD2eF3g', name: 'crm', tenants: 'all' });
const JOB = 'j0123456789abcdef0123456789abcdef';
const NO_ENDPOINT = 'ep-0123456789abcdef0123';

/** The jobs of `held` wait: nothing of it is sent. `empty` has no jobs. */
const stage = setCallbackStage({
  tenants: [{ id: 'acme', callback: {} }, 'held', 'empty'],
  environment: { WEBHOOK_SCHEDULE: '10ms' },
});

beforeAll(async () => {
  const { config, environment, flow, client: own } = stage.system;
  await flow.pause({ tenantId: 'held', bucketClass: 'messages' }, 3_600_000, 'by hand');
  const client = await openRedis({ url: config.redisUrl, role: 'caller' });
  const core = openCore({ client, config, onError: () => {} });
  onEnd(() => core.close());
  apiKeys = createApiKeys({ client: own, keys: core.keys, clock: systemClock });
  const tenants = loadTenants({ file: config.tenantsFile, environment, requireSecrets: false });
  const note = async (act: Act) => void acts.push(act);
  const reloads = await openReloads({
    ...core,
    tenants,
    clock: systemClock,
    logger: createLogger('silent'),
    environment: () => environment,
    name: processName(),
    command: 'serve',
  });
  onEnd(() => reloads.stop());
  all = createServerOperations({ core, config, tenants, apiKeys, acts: { note }, reloads });
});

function operationsOf(author: Author): Operations {
  return all.by(author, (error) => {
    throw error;
  });
}

async function waitingJob(): Promise<string> {
  const producer = stage.system.openProducer();
  const { jobIds } = await producer.enqueue(KIND, message({ tenantId: 'held' }));
  return jobIds[0] ?? '';
}

async function deadLetter(): Promise<string> {
  const { jobId, state } = await stage.system.expire(KIND, message());
  expect(state).toBe('failed');
  return jobId;
}

async function deliveredCallback(): Promise<string> {
  const { jobId } = await stage.run();
  await stage.callbackOf(jobId);
  return `wh-${jobId}-delivered`;
}

async function missedCallback(): Promise<string> {
  stage.receiver.answerWith({ status: 500 }, { status: 500 });
  return await deliveredCallback();
}

function endpointId(): string {
  return endpointIdOf('acme', stage.receiver.url);
}

async function key(): Promise<string> {
  const { key } = await apiKeys.create({ name: 'other', tenants: ['acme'], scopes: ['send'] });
  return key.id;
}

const ofAcme = { tenants: ['acme'], status: 'done' } as const;
const ofHeld = { tenants: ['held'], status: 'done' } as const;

/** The compiler asks for a case of each operation. */
const CASES: { readonly [Each in Name]: Case<Each> } = {
  cancelJob: {
    input: async () => ({ jobId: await waitingJob() }),
    records: ({ jobId }) => [{ ...ofHeld, action: 'job.cancelled', subject: jobId, details: { kind: KIND } }],
    unknown: { jobId: JOB },
  },
  retryJob: {
    input: async () => ({ kind: KIND, jobId: await deadLetter() }),
    records: ({ jobId }) => [{ ...ofAcme, action: 'job.retried', subject: jobId, details: { kind: KIND } }],
    unknown: { jobId: JOB },
  },
  cancelJobs: {
    input: async () => {
      await waitingJob();
      return { filter: { tenantId: 'held' } };
    },
    records: () => many('jobs.cancelled', 'held'),
    nothing: { filter: { tenantId: 'empty' } },
  },
  retryJobs: {
    input: async () => {
      await deadLetter();
      return { filter: { tenantId: 'acme' } };
    },
    records: () => many('jobs.retried', 'acme'),
    nothing: { filter: { tenantId: 'empty' } },
  },
  pauseTenant: {
    input: () => ({ tenantId: 'empty', durationMs: 1000, reason: 'SECRET-WORDS' }),
    records: () => [
      {
        action: 'tenant.paused',
        status: 'done',
        subject: 'empty',
        tenants: ['empty'],
        details: { bucket: null, forMs: 1000 },
      },
    ],
    unknown: { tenantId: 'nowhere', durationMs: 1000, reason: 'x' },
  },
  resumeTenant: {
    input: () => ({ tenantId: 'acme', bucketClass: 'cards' }),
    records: () => [{ ...ofAcme, action: 'tenant.resumed', subject: 'acme', details: { bucket: 'cards' } }],
    unknown: { tenantId: 'nowhere' },
  },
  reloadTenants: {
    input: () => undefined,
    records: () => [
      {
        action: 'tenants.reloaded',
        status: 'done',
        subject: 'tenants',
        tenants: 'all',
        details: { tenants: 3, issues: 0, processes: 2 },
      },
    ],
  },
  replayCallback: {
    input: async () => ({ id: await deliveredCallback() }),
    records: ({ id }) => [{ ...ofAcme, action: 'callback.replayed', subject: id }],
    unknown: { id: `wh-${JOB}-delivered` },
  },
  replayMissed: {
    input: async () => {
      await missedCallback();
      return { endpoint: endpointId(), sinceMs: 0 };
    },
    records: ({ endpoint }) => {
      const about = { ...ofAcme, action: 'callbacks.replayed', subject: endpoint } as const;
      const since = '1970-01-01T00:00:00.000Z';
      return [
        { ...about, status: 'begun', details: { since } },
        { ...about, details: { since, count: expect.any(Number) } },
      ];
    },
    unknown: { endpoint: NO_ENDPOINT, sinceMs: 0 },
  },
  enableEndpoint: {
    input: async () => {
      await deliveredCallback();
      return { endpoint: stage.receiver.url };
    },
    records: () => [
      { ...ofAcme, action: 'endpoint.enabled', subject: endpointId(), details: { outcome: 'was-enabled' } },
    ],
    unknown: { endpoint: NO_ENDPOINT },
  },
  testReceiver: {
    input: () => ({ tenantId: 'acme', url: `${stage.receiver.url}?token=SECRET-WORDS` }),
    records: () => [
      {
        ...ofAcme,
        action: 'endpoint.tested',
        subject: expect.stringMatching(/^ep-/),
        details: { outcome: 'delivered', status: 204 },
      },
    ],
    unknown: { tenantId: 'nowhere', url: 'https://crm.example/' },
  },
  createKey: {
    input: () => ({ name: 'SECRET-WORDS', tenants: ['acme'], scopes: ['send'] }),
    records: () => [
      {
        ...ofAcme,
        action: 'key.created',
        subject: expect.stringMatching(/^k_/),
        details: { scopes: ['send'], expiresAt: null },
      },
    ],
  },
  rotateKey: {
    input: async () => ({ id: await key(), overlapMs: 5 }),
    records: ({ id }) => [{ ...ofAcme, action: 'key.rotated', subject: id, details: { overlapMs: 5 } }],
    unknown: { id: 'k_00000000000', overlapMs: 0 },
  },
  revokeKey: {
    input: async () => ({ id: await key() }),
    records: ({ id }) => [{ ...ofAcme, action: 'key.revoked', subject: id }],
    unknown: { id: 'k_00000000000' },
  },
  setSchedule: {
    input: () => ({
      tenantId: 'acme',
      everyMs: 60_000,
      payload: { tenantId: 'acme', organizationIds: ['o'] },
    }),
    records: () => [{ ...ofAcme, action: 'schedule.set', subject: 'acme', details: { everyMs: 60_000 } }],
    unknown: { tenantId: 'nowhere', everyMs: 60_000, payload: {} },
  },
  removeSchedule: {
    input: async () => {
      await operationsOf(AUTHOR).setSchedule({ tenantId: 'acme', everyMs: 60_000, payload: {} });
      return { tenantId: 'acme' };
    },
    records: () => [{ ...ofAcme, action: 'schedule.removed', subject: 'acme' }],
    nothing: { tenantId: 'empty' },
    unknown: { tenantId: 'nowhere' },
  },
  rewrapValues: {
    input: () => ({}),
    records: () => [
      { action: 'values.rewrapped', status: 'begun', subject: null, tenants: 'all' },
      { action: 'values.rewrapped', status: 'nothing', subject: null, tenants: 'all' },
    ],
  },
  moveTenant: {
    input: () => Promise.resolve({ tenantId: 'empty', to: 'alone' }),
    records: () => {
      const about = { action: 'tenant.moved', subject: 'empty', tenants: ['empty'] } as const;
      return [
        { ...about, status: 'begun' },
        { ...about, status: 'done', details: { partition: 1000 } },
      ];
    },
    nothing: { tenantId: 'empty', to: 1000 },
    unknown: { tenantId: 'nowhere', to: 0 },
  },
  raisePartitions: {
    input: () => Promise.resolve({ to: 1 }),
    records: () => {
      const about = { action: 'partitions.raised', subject: null, tenants: 'all' } as const;
      return [
        { ...about, status: 'begun', details: { partitions: 1 } },
        { ...about, status: 'nothing', details: { partitions: 1, moved: 0 } },
      ];
    },
  },
  eraseCustomer: {
    input: async () => {
      await waitingJob();
      return { tenantId: 'held', guestId: message().guestId };
    },
    records: () => {
      const about = { action: 'customer.erased', subject: 'held', tenants: ['held'] } as const;
      const counts = Object.fromEntries(
        ['jobs', 'cancelled', 'callbacks', 'left'].map((name) => [name, expect.any(Number)]),
      );
      return [
        { ...about, status: 'begun', details: { what: 'guest' } },
        { ...about, status: 'done', details: { what: 'guest', ...counts } },
      ];
    },
    nothing: { tenantId: 'empty', conversationId: 'none' },
    unknown: { tenantId: 'nowhere', guestId: 'none' },
  },
};

function many(action: 'jobs.cancelled' | 'jobs.retried', tenantId: string): Partial<Act>[] {
  const details = { kind: null, state: null, isOneConversation: false, from: null, to: null };
  const about = { action, subject: tenantId, tenants: [tenantId] };
  return [
    { ...about, status: 'begun', details },
    { ...about, status: 'done', details: { ...details, count: expect.any(Number) } },
  ];
}

/** Runs an act to its end. @returns its records. */
async function recordsOf(author: Author, name: Name, input: unknown): Promise<Act[]> {
  const before = acts.length;
  const act = operationsOf(author)[name] as (input: unknown) => unknown;
  const result = act(input);
  if (isSteps(result)) for await (const _step of result);
  else await result;
  return acts.slice(before);
}

function isSteps(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

const ENTRIES = Object.entries(CASES) as [Name, Case<Name>][];

describe.each(ENTRIES)('%s', (name, { input: inputOf, records, nothing, unknown }) => {
  test('leaves a record of who did what', async () => {
    const input = await inputOf();

    const found = await recordsOf(AUTHOR, name, input);

    const who = { by: 'k_0aB1cD2eF3g', keyName: 'crm' };
    expect(found).toEqual(records(input as never).map((record) => ({ ...who, ...record })));
    for (const act of found) {
      for (const record of actRecordsOf(act, MOMENT, 'id')) requireRecord(record);
    }
    expect(JSON.stringify(found)).not.toContain('SECRET-WORDS');
  });

  if (nothing !== undefined)
    test('says that there was nothing to do', async () => {
      const found = await recordsOf(AUTHOR, name, nothing);

      expect(found.at(-1)).toMatchObject({ by: 'k_0aB1cD2eF3g', status: 'nothing' });
    });

  if (unknown === undefined) return;
  test('leaves no record of an unknown id', async () => {
    expect(await recordsOf(AUTHOR, name, unknown)).toEqual([]);
  });

  const belongsToTenant = !name.endsWith('Key') && name !== 'rewrapValues' && name !== 'raisePartitions';
  if (belongsToTenant)
    test('does not find what another tenant has', async () => {
      const input = await inputOf();

      expect(await recordsOf({ ...AUTHOR, tenants: ['initech'] }, name, input)).toEqual([]);
    });
});

const MOMENT = Date.UTC(2026, 2, 1);

test('every action belongs to an operation', async () => {
  const named = new Set(acts.map(({ action }) => action));

  expect([...ACTIONS].filter((action) => !named.has(action))).toEqual([]);
});

test('an act that the state of a job refuses says why', async () => {
  const { jobId } = await stage.run();

  expect(await recordsOf(AUTHOR, 'retryJob', { jobId })).toMatchObject([
    { action: 'job.retried', status: 'refused', subject: jobId, details: { reason: 'not-failed' } },
  ]);
});

test('a receiver that refuses the event is a test that failed', async () => {
  stage.receiver.usually({ status: 500 });
  const input = { tenantId: 'acme', url: stage.receiver.url };

  expect(await recordsOf(AUTHOR, 'testReceiver', input)).toMatchObject([
    { action: 'endpoint.tested', status: 'failed', details: { outcome: 'refused', status: 500 } },
  ]);
});

test('a tenant that is none of ours is not named: its id may be a secret', async () => {
  const secret = 'gwm_live_SECRET';

  const found = await recordsOf(AUTHOR, 'retryJobs', { filter: { tenantId: secret } });

  expect(found.at(-1)).toMatchObject({ status: 'nothing', subject: null, tenants: 'all' });
  expect(JSON.stringify(found)).not.toContain(secret);
});

test('a dry run changes nothing, and leaves no record', async () => {
  await waitingJob();

  expect(await recordsOf(AUTHOR, 'cancelJobs', { filter: { tenantId: 'held' }, dryRun: true })).toEqual([]);
});

test('an act on many jobs that its caller leaves says how far it got', async () => {
  await waitingJob();
  const before = acts.length;

  for await (const _step of operationsOf(AUTHOR).cancelJobs({ filter: { tenantId: 'held' } })) break;

  expect(acts.slice(before)).toMatchObject([
    { status: 'begun' },
    { status: 'failed', details: { error: 'stopped', count: expect.any(Number) } },
  ]);
});
