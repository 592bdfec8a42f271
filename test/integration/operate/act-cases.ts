import { expect } from 'vitest';
import type { Act } from '../../../src/audit/act-record.ts';
import { keyAuthor } from '../../../src/operate/author.ts';
import type { ServerOperations } from '../../../src/operate/operations.ts';
import { message } from '../../support/system.ts';
import { type ActStage, KIND } from './act-stage.ts';

export type Name = keyof ServerOperations;
type InputOf<Each extends Name> = Parameters<ServerOperations[Each]>[0];

/** An operation, and what must become of it. */
export interface Case<Each extends Name> {
  /** Makes what the act needs, and says what to do. */
  readonly input: () => Promise<InputOf<Each>> | InputOf<Each>;
  /** The records of the act, besides its author. */
  readonly records: (input: InputOf<Each>) => readonly Partial<Act>[];
  /** An act on an id that does not exist; left out when the act takes no id. */
  readonly unknown?: InputOf<Each>;
  /** An act on a tenant that has nothing to act on. */
  readonly nothing?: InputOf<Each>;
}

/** Who acts in all cases. */
export const AUTHOR = keyAuthor({ id: 'k_0aB1cD2eF3g', name: 'crm', tenants: 'all' });

const JOB = 'j0123456789abcdef0123456789abcdef';
const NO_ENDPOINT = 'ep-0123456789abcdef0123';

const ofAcme = { tenants: ['acme'], status: 'done' } as const;
const ofHeld = { tenants: ['held'], status: 'done' } as const;

/** A case of each operation: the compiler asks for it. */
export function casesOf(stage: ActStage): { readonly [Each in Name]: Case<Each> } {
  const { callbacks, waitingJob, deadLetter, deliveredCallback, missedCallback, endpointId, apiKey } = stage;
  return {
    cancelJob: {
      input: async () => ({ jobId: await waitingJob() }),
      records: ({ jobId }) => [
        { ...ofHeld, action: 'job.cancelled', subject: jobId, details: { kind: KIND } },
      ],
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
        return { endpoint: callbacks.receiver.url };
      },
      records: () => [
        { ...ofAcme, action: 'endpoint.enabled', subject: endpointId(), details: { outcome: 'was-enabled' } },
      ],
      unknown: { endpoint: NO_ENDPOINT },
    },
    testReceiver: {
      input: () => ({ tenantId: 'acme', url: `${callbacks.receiver.url}?token=SECRET-WORDS` }),
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
      input: async () => ({ id: await apiKey(), overlapMs: 5 }),
      records: ({ id }) => [{ ...ofAcme, action: 'key.rotated', subject: id, details: { overlapMs: 5 } }],
      unknown: { id: 'k_00000000000', overlapMs: 0 },
    },
    revokeKey: {
      input: async () => ({ id: await apiKey() }),
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
        await stage.operationsOf(AUTHOR).setSchedule({ tenantId: 'acme', everyMs: 60_000, payload: {} });
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
}

function many(action: 'jobs.cancelled' | 'jobs.retried', tenantId: string): Partial<Act>[] {
  const details = { kind: null, state: null, isOneConversation: false, from: null, to: null };
  const about = { action, subject: tenantId, tenants: [tenantId] };
  return [
    { ...about, status: 'begun', details },
    { ...about, status: 'done', details: { ...details, count: expect.any(Number) } },
  ];
}
