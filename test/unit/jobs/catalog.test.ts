import { describe, expect, test } from 'vitest';
import { createContentPolicy } from '../../../src/content/policy/policy.ts';
import { CATALOG, isJobKind, JOB_KINDS } from '../../../src/jobs/catalog.ts';
import { type JobDefinition, parseJob } from '../../../src/jobs/define.ts';
import { envelope } from '../../../src/jobs/envelope.ts';
import { webhookDelivery } from '../../../src/jobs/webhook-delivery.ts';

const policy = createContentPolicy();

const delivery = {
  tenantId: 'acme',
  purpose: 'callback' as const,
  url: 'https://events.example.com/hook',
  messageId: 'wh-kabc-delivered',
  event: { type: 'message.delivered', timestamp: '2026-01-01T00:00:00.000Z', data: { jobId: 'kabc' } },
};

describe('the catalog', () => {
  test.for(JOB_KINDS)('has %s under its own name, which is valid for a queue', (kind) => {
    expect(CATALOG[kind].kind).toBe(kind);
    expect(kind).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(isJobKind(kind)).toBe(true);
  });

  test.for(['', 'messages', 'toString', '__proto__', 'constructor'])('has no kind "%s"', (name) => {
    expect(isJobKind(name)).toBe(false);
  });

  test.for(JOB_KINDS)('refuses empty and foreign input for %s, without an exception', (kind) => {
    const definition: JobDefinition = CATALOG[kind];
    for (const input of [undefined, null, 0, '', 'text', [], {}, () => {}]) {
      expect(parseJob(definition, input, policy)).toMatchObject({ ok: false });
    }
  });
});

describe('a webhook delivery', () => {
  test('with ids and an event is valid, has no lane and stays one job', () => {
    expect(parseJob(webhookDelivery, delivery, policy)).toEqual({ ok: true, data: delivery });
    expect(webhookDelivery.lane(delivery)).toBeNull();
    expect(webhookDelivery.expand(delivery)).toEqual([delivery]);
  });

  test.for([
    { name: 'an id that would forge a header', fields: { messageId: 'a\r\nx: y' } },
    { name: 'an id with a dot, which separates what is signed', fields: { messageId: 'a.b' } },
    { name: 'an id that is too long', fields: { messageId: 'a'.repeat(101) } },
    { name: 'another scheme', fields: { url: 'ftp://events.example.com' } },
    { name: 'no purpose', fields: { purpose: undefined } },
    { name: 'a nameless event', fields: { event: { ...delivery.event, type: '' } } },
    { name: 'an unknown field', fields: { secret: 'x' } },
  ])('with $name is not', ({ fields }) => {
    expect(parseJob(webhookDelivery, { ...delivery, ...fields }, policy)).toMatchObject({ ok: false });
  });
});

describe('the post of an embed code to a CMS', () => {
  const post = {
    tenantId: 'acme',
    purpose: 'cms',
    url: 'https://cms.example.com/embeds',
    messageId: 'cms-kabc',
    record: { widget_id: 'w-1', embed_code: '<script></script>', generated_at: '2026-01-01T00:00:00Z' },
  };

  test('is a valid webhook delivery', () => {
    expect(parseJob(webhookDelivery, post, policy)).toEqual({ ok: true, data: post });
  });

  test.for([
    { name: 'the body of a callback', fields: { event: delivery.event } },
    { name: 'no embed code', fields: { record: { ...post.record, embed_code: undefined } } },
    { name: 'another field', fields: { record: { ...post.record, more: 1 } } },
    { name: 'another time', fields: { record: { ...post.record, generated_at: 'today' } } },
  ])('with $name is refused', ({ fields }) => {
    expect(parseJob(webhookDelivery, { ...post, ...fields }, policy)).toMatchObject({ ok: false });
  });
});

describe('the kind code', () => {
  test('is different for each kind', () => {
    const kindCodes = JOB_KINDS.map((kind) => CATALOG[kind].kindCode).filter((kindCode) => kindCode !== null);
    expect(new Set(kindCodes).size).toBe(kindCodes.length);
    for (const kindCode of kindCodes) expect(kindCode).toMatch(/^[a-z]$/);
  });
});

describe('the success event', () => {
  test.for([
    ['message-transmission', 'delivered'],
    ['embed-generation', 'generated'],
    ['audit-sync', 'synced'],
  ] as const)('of %s is called %s', ([kind, word]) => {
    expect(CATALOG[kind].successWord({})).toBe(word);
  });
});

describe('the payload in a queue', () => {
  test('is an object of any form, beside the tenant', () => {
    const held = { tenantId: 'acme', payload: { any: ['thing'] } };
    expect(envelope.parse(held)).toEqual(held);
    for (const wrong of [{ tenantId: 'a:b' }, { payload: 'x' }, { more: 1 }]) {
      expect(envelope.safeParse({ ...held, ...wrong }).success).toBe(false);
    }
  });
});
