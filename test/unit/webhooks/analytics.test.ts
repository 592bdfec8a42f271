import { describe, expect, test } from 'vitest';
import { createContentPolicy } from '../../../src/content/policy/policy.ts';
import { CodedError, type ErrorCode } from '../../../src/core/errors.ts';
import { parseJob } from '../../../src/jobs/define.ts';
import { webhookDelivery } from '../../../src/jobs/webhook-delivery.ts';
import { analyticsFor } from '../../../src/webhooks/analytics.ts';
import { CARD, deliveredOf, MESSAGE, rejectedOf } from '../jobs/ended-jobs.ts';
import { load, tenantOf } from '../tenants/tenants-file.ts';

const url = 'https://analytics.example/webhook';
const withAnalytics = () => load({ tenants: [tenantOf({ analytics: { url } })] }).get('acme');
const message = deliveredOf(MESSAGE, { messageId: 'msg-1', requestMs: 120 });
const card = deliveredOf(CARD, { templateId: 'order-v2', messageId: 'msg-1', requestMs: 80 });
const errorOf = (code: ErrorCode) => new CodedError(code, 'Genesys Cloud answered 400', { status: 400 });

describe('the analytics events of messages', () => {
  test('have the documented fields and X-Source', () => {
    expect(analyticsFor(withAnalytics(), message)).toEqual({
      jobId: 'an-kabc-delivered',
      delivery: {
        tenantId: 'acme',
        purpose: 'analytics',
        url,
        messageId: 'an-kabc-delivered',
        source: 'genesys-transmitter',
        record: {
          event_type: 'message_transmission',
          guest_id: 'guest-abc-123',
          conversation_id: 'conv-def-456',
          status: 'success',
          latency_ms: 120,
          timestamp: '2026-01-01T00:00:00.500Z',
          error: null,
        },
      },
    });
  });

  test.for([
    ['failed', 'CONTENT_REFUSED'],
    ['expired', 'JOB_EXPIRED'],
    ['held', 'OUTCOME_UNKNOWN'],
  ] as const)('count a message that %s as failed', ([ending, code]) => {
    const failed = rejectedOf(MESSAGE, errorOf(code));
    expect(failed.ending).toBe(ending);
    expect(analyticsFor(withAnalytics(), failed)?.delivery).toMatchObject({
      record: { status: 'failed', latency_ms: 0, error: `${code}: Genesys Cloud answered 400` },
    });
  });
});

describe('the analytics events of cards', () => {
  test('have the fields of a delivered card', () => {
    expect(analyticsFor(withAnalytics(), card)?.delivery).toMatchObject({
      record: {
        event: 'card_render_success',
        conversationId: 'conv-def-456',
        messageId: 'msg-1',
        templateId: 'order-v2',
        latency_ms: 80,
        timestamp: '2026-01-01T00:00:00.500Z',
        status: 'delivered',
      },
    });
  });

  test('have the fields of a failed card', () => {
    const failed = rejectedOf(CARD, errorOf('CONTENT_REFUSED'));
    expect(analyticsFor(withAnalytics(), failed)?.delivery).toEqual({
      tenantId: 'acme',
      purpose: 'analytics',
      url,
      messageId: 'an-kabc-failed',
      record: {
        event: 'card_render_failure',
        conversationId: 'conv-def-456',
        templateId: 'order-v2',
        error: 'CONTENT_REFUSED: Genesys Cloud answered 400',
        timestamp: '2026-01-01T00:00:00.500Z',
        status: 'failed',
      },
    });
  });
});

test('an analytics event fulfills its own contract, with any data of the job', () => {
  const bare = {
    kind: 'card-delivery',
    jobId: 'k',
    envelope: undefined,
    attempts: 1,
    acceptedAtMs: 0,
  } as const;
  for (const job of [
    message,
    card,
    deliveredOf(bare),
    deliveredOf({ ...bare, kind: 'message-transmission' }),
  ]) {
    const delivery = analyticsFor(withAnalytics(), job)?.delivery;
    expect(parseJob(webhookDelivery, delivery, createContentPolicy())).toMatchObject({ ok: true });
  }
});

test('a tenant or kind without analytics gets no event', () => {
  expect(analyticsFor(load({ tenants: [tenantOf()] }).get('acme'), message)).toBeUndefined();
  for (const noun of ['rollout', 'toString'])
    expect(analyticsFor(withAnalytics(), { ...message, noun })).toBeUndefined();
});
