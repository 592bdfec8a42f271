import { describe, expect, test } from 'vitest';
import { createContentPolicy } from '../../../src/content/policy/policy.ts';
import { parseJob } from '../../../src/jobs/define.ts';
import { webhookDelivery } from '../../../src/jobs/webhook-delivery.ts';
import { analyticsFor } from '../../../src/webhooks/analytics.ts';
import type { EndedJob } from '../../../src/webhooks/event.ts';
import { load, tenantOf } from '../tenants/tenants-file.ts';

const url = 'https://analytics.example/webhook';
const withAnalytics = () => load({ tenants: [tenantOf({ analytics: { url } })] }).get('acme');
const message: EndedJob = {
  jobId: 'kabc',
  noun: 'message',
  ending: 'delivered',
  endedAt: new Date('2026-01-01T00:00:00.500Z'),
  data: {
    guestId: 'guest-abc-123',
    conversationId: 'conv-def-456',
    messageId: 'msg-1',
    latencyMs: 340,
    requestMs: 120,
  },
};
const card: EndedJob = {
  ...message,
  noun: 'card',
  data: { conversationId: 'conv-def-456', templateId: 'order-v2', messageId: 'msg-1', requestMs: 80 },
};
const error = { code: 'CONTENT_REFUSED', message: 'Genesys Cloud answered 400', status: 400 };

describe('the analytics of messages', () => {
  test('get the documented fields and X-Source', () => {
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

  test.for(['failed', 'expired', 'held'] as const)('count a message that %s as failed', (ending) => {
    const { requestMs: _, ...data } = message.data;
    const failed = { ...message, ending, data: { ...data, error } };
    expect(analyticsFor(withAnalytics(), failed)?.delivery).toMatchObject({
      record: { status: 'failed', latency_ms: 0, error: 'CONTENT_REFUSED: Genesys Cloud answered 400' },
    });
  });
});

describe('the analytics of cards', () => {
  test('get the fields of a card that was delivered', () => {
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

  test('get the fields of a card that failed', () => {
    const failed: EndedJob = { ...card, ending: 'failed', data: { ...card.data, error } };
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

test('an analytics event fulfils its own contract, with any data of the job', () => {
  for (const job of [message, card, { ...message, data: {} }, { ...card, data: {} }]) {
    const delivery = analyticsFor(withAnalytics(), job)?.delivery;
    expect(parseJob(webhookDelivery, delivery, createContentPolicy())).toMatchObject({ ok: true });
  }
});

test('no event is made if the tenant or the kind has no analytics', () => {
  expect(analyticsFor(load({ tenants: [tenantOf()] }).get('acme'), message)).toBeUndefined();
  for (const noun of ['rollout', 'toString'])
    expect(analyticsFor(withAnalytics(), { ...message, noun })).toBeUndefined();
});
