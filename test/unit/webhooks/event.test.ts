import { describe, expect, test } from 'vitest';
import { createContentPolicy } from '../../../src/content/policy/policy.ts';
import { jobIdOf } from '../../../src/core/ids.ts';
import { parseJob } from '../../../src/jobs/define.ts';
import type { EndedJob } from '../../../src/jobs/ended-job.ts';
import { CALLBACK_EVENTS } from '../../../src/jobs/fields.ts';
import { webhookDelivery } from '../../../src/jobs/webhook-delivery.ts';
import type { Tenant } from '../../../src/tenants/tenant.ts';
import { callbackFor } from '../../../src/webhooks/event.ts';
import { deliveredOf, MESSAGE } from '../jobs/ended-jobs.ts';

const LIMIT = { capacity: 100, ratePerSecond: 100 };

function tenantOf(callback?: Tenant['callback']): Tenant {
  return {
    id: 'acme',
    dialect: 'guest',
    allowInsecureHttp: false,
    clientId: 'acme-client',
    clientSecret: { env: 'ACME_CLIENT_SECRET' },
    blockedPatterns: [],
    onFailure: 'skip',
    onUnknownOutcome: 'resend',
    maxAgeMs: null,
    hosts: { login: 'https://login.example', api: 'https://api.example' },
    limits: { messages: LIMIT, cards: LIMIT, platform: LIMIT, maxWaiting: 1_000_000, countsTogether: false },
    platform: {},
    receivers: { allowHttp: false, ports: [], allowHosts: [] },
    audit: { retentionMs: null },
    ...(callback && { callback }),
  };
}

function jobOf(fields: Partial<EndedJob> = {}): EndedJob {
  return { ...deliveredOf(MESSAGE), ...fields };
}

const secret = { env: 'ACME_WEBHOOK_SECRET' };
const tenantUrl = 'https://events.acme.example';
const jobUrl = 'https://events.job.example';

describe('the address of a callback', () => {
  const addressOf = (tenant: Tenant, fields: Partial<EndedJob> = {}) =>
    callbackFor(tenant, jobOf(fields))?.delivery.url;

  test('is missing if neither the job nor the tenant names one', () => {
    expect(addressOf(tenantOf())).toBeUndefined();
    expect(addressOf(tenantOf({ secret }))).toBeUndefined();
  });

  test('is that of the tenant if the job names none', () => {
    expect(addressOf(tenantOf({ secret, url: tenantUrl }))).toBe(tenantUrl);
  });

  test('is that of the job rather than that of the tenant', () => {
    expect(addressOf(tenantOf({ secret, url: tenantUrl }), { callback: { url: jobUrl } })).toBe(jobUrl);
    expect(addressOf(tenantOf(), { callback: { url: jobUrl } })).toBe(jobUrl);
  });
});

describe('the outcomes that cause a callback', () => {
  const endings = (tenant: Tenant, fields: Partial<EndedJob> = {}) =>
    CALLBACK_EVENTS.filter((ending) => callbackFor(tenant, jobOf({ ...fields, ending })) !== undefined);

  test('are all by default', () => {
    expect(endings(tenantOf({ secret, url: tenantUrl }))).toEqual(['delivered', 'failed', 'expired', 'held']);
    expect(endings(tenantOf(), { callback: { url: jobUrl } })).toEqual([
      'delivered',
      'failed',
      'expired',
      'held',
    ]);
  });

  test('are the choice of the tenant', () => {
    expect(endings(tenantOf({ secret, url: tenantUrl, events: ['failed', 'expired'] }))).toEqual([
      'failed',
      'expired',
    ]);
  });

  test('are the choice of the job, and then not that of the tenant', () => {
    const tenant = tenantOf({ secret, url: tenantUrl, events: ['expired'] });
    expect(endings(tenant, { callback: { url: jobUrl, events: ['failed'] } })).toEqual(['failed']);
    expect(endings(tenant, { callback: { url: jobUrl } })).toEqual([
      'delivered',
      'failed',
      'expired',
      'held',
    ]);
  });
});

describe('a callback', () => {
  const tenant = tenantOf({ secret, url: tenantUrl });

  test('reports the outcome of the job, with its ids', () => {
    const data = {
      conversationId: 'conv-def-456',
      guestId: 'guest-abc-123',
      status: 'failed',
      attempts: 2,
      latencyMs: 340,
    };
    expect(callbackFor(tenant, jobOf({ ending: 'failed', status: 'failed' }))).toEqual({
      jobId: 'wh-kabc-failed',
      delivery: {
        tenantId: 'acme',
        purpose: 'callback',
        url: tenantUrl,
        messageId: 'wh-kabc-failed',
        event: {
          type: 'message.failed',
          timestamp: '2026-01-01T00:00:00.500Z',
          data: { tenantId: 'acme', jobId: 'kabc', ...data },
        },
      },
    });
  });

  test('keeps the conversation of the job, beside the one that Genesys Cloud names', () => {
    const job = deliveredOf(MESSAGE, { messageId: 'm-1', requestMs: 3, conversationId: 'at-genesys' });
    expect(callbackFor(tenant, job)?.delivery).toMatchObject({
      event: {
        data: {
          conversationId: 'conv-def-456',
          genesysConversationId: 'at-genesys',
          messageId: 'm-1',
        },
      },
    });
  });

  test('has the word of the kind in its type, and the outcome in its choice and id', () => {
    const quiet = tenantOf({ secret, url: tenantUrl, events: ['delivered'] });
    expect(callbackFor(quiet, jobOf({ noun: 'embed', status: 'generated' }))).toMatchObject({
      jobId: 'wh-kabc-delivered',
      delivery: { event: { type: 'embed.generated' } },
    });
    expect(callbackFor(quiet, jobOf({ noun: 'embed', ending: 'failed', status: 'failed' }))).toBeUndefined();
  });

  test('keeps its id when it is made again, and differs for another job or outcome', () => {
    const idOf = (fields: Partial<EndedJob>) => callbackFor(tenant, jobOf(fields))?.jobId;
    expect(idOf({ endedAtMs: 0, attempts: 9 })).toBe(idOf({}));
    expect(new Set([idOf({}), idOf({ jobId: 'kabd' }), idOf({ ending: 'failed' })]).size).toBe(3);
  });

  test('has an id that BullMQ accepts, and fulfills the contract of deliveries', () => {
    for (const jobId of [jobIdOf('message-transmission', 'acme'), `${jobIdOf('kind', 'acme', 'key')}-16`]) {
      for (const ending of CALLBACK_EVENTS) {
        const callback = callbackFor(tenant, jobOf({ jobId, ending }));
        expect(callback?.jobId).toMatch(/^[a-z][a-z0-9-]+$/);
        expect(parseJob(webhookDelivery, callback?.delivery, createContentPolicy())).toMatchObject({
          ok: true,
        });
      }
    }
  });
});
