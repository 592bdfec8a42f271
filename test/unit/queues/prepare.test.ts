import { describe, expect, test } from 'vitest';
import { prepare } from '../../../src/queues/prepare.ts';

const callback = {
  tenantId: 'acme',
  url: 'https://example.com/',
  messageId: 'm',
  purpose: 'callback',
  event: { type: 'message.delivered', timestamp: '2026-01-01T00:00:00Z', data: {} },
};
const organization = {
  tenantId: 'acme',
  type: 'organization',
  rolloutId: 'r',
  organizationId: 'o',
  settings: { a: 1 },
};

describe('a job that only the runtime starts is refused', () => {
  test.for([
    ['webhook-delivery', callback],
    ['config-rollout', organization],
  ] as const)('%s', ([kind, input]) => {
    expect(prepare({ kind, index: 3, input })).toEqual({
      index: 3,
      issues: [{ path: expect.any(String), message: expect.stringMatching(/cannot be enqueued/) }],
    });
  });

  test('with an input of any depth', () => {
    let data: unknown = 1;
    for (let level = 0; level < 100_000; level++) data = { a: data };
    const input = { ...callback, event: { ...callback.event, data } };
    expect(prepare({ kind: 'webhook-delivery', index: 0, input }).issues).toHaveLength(1);
  });
});
