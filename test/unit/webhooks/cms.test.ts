import { describe, expect, test } from 'vitest';
import { createContentPolicy } from '../../../src/content/policy/policy.ts';
import { parseJob } from '../../../src/jobs/define.ts';
import { webhookDelivery } from '../../../src/jobs/webhook-delivery.ts';
import { cmsPostFor } from '../../../src/webhooks/cms.ts';

const payload = { tenantId: 'acme', widgetId: 'w-1', cms: { url: 'https://cms.example/embeds' } };
const result = {
  widgetId: 'w-1',
  generatedAt: '2026-03-01T09:30:00Z',
  payloadBytes: 312,
  scriptTag: '<script src="https://api.example/w-1" data-config="e30=" async defer></script>',
};

describe('the post to a CMS', () => {
  test('has the documented body, and an id made from the id of the job', () => {
    expect(cmsPostFor('kabc', payload, result)).toEqual({
      jobId: 'cms-kabc',
      delivery: {
        tenantId: 'acme',
        purpose: 'cms',
        url: 'https://cms.example/embeds',
        messageId: 'cms-kabc',
        record: { widget_id: 'w-1', embed_code: result.scriptTag, generated_at: '2026-03-01T09:30:00Z' },
      },
    });
  });

  test('fulfills the contract of deliveries', () => {
    const delivery = cmsPostFor('kabc', payload, result)?.delivery;
    expect(parseJob(webhookDelivery, delivery, createContentPolicy())).toEqual({ ok: true, data: delivery });
  });

  test('is made only for jobs that name a CMS and have an embed code', () => {
    const { cms, ...without } = payload;
    expect(cmsPostFor('kabc', without, result)).toBeUndefined();
    expect(cmsPostFor('kabc', payload, { messageId: 'msg-1' })).toBeUndefined();
  });
});
