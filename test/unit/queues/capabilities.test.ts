import { describe, expect, test } from 'vitest';
import { prepare } from '../../../src/queues/prepare.ts';
import { JobRejectedError } from '../../../src/queues/producer.ts';
import type { TenantRegistry } from '../../../src/tenants/registry.ts';
import { message } from '../../support/guides/message.ts';
import { attachmentOf } from '../jobs/messages.ts';
import { load, tenantOf } from '../tenants/tenants-file.ts';

const KIND = 'message-transmission';

/** The registry of one tenant of the dialect `platform`. */
function registry(platform: object, fields: object = {}): TenantRegistry {
  return load({ tenants: [tenantOf({ dialect: 'platform', platform, ...fields })] });
}

function prepared(tenants: TenantRegistry | undefined, fields: object) {
  return prepare({ kind: KIND, index: 0, input: message(fields), tenants });
}

const AGENTLESS = { agentless: { fromAddress: '+15550001', toAddressMessengerType: 'sms' } };

describe('a producer with a tenants file', () => {
  test('refuses what the route of the tenant cannot carry, with its code', () => {
    const tenants = registry({ ...AGENTLESS, route: 'agentless' });
    const { issues = [] } = prepared(tenants, {
      body: { contentType: 'text/plain', content: 'a'.repeat(766) },
    });

    expect(issues).toMatchObject([{ path: 'body.content', code: 'CAPABILITY_UNAVAILABLE' }]);
    expect(new JobRejectedError(KIND, issues)).toMatchObject({
      code: 'CAPABILITY_UNAVAILABLE',
      errors: issues,
    });
  });

  test('names a job invalid that has another issue as well', () => {
    const { issues = [] } = prepared(registry({}), { callback: { url: 'https://10.0.0.1/' } });
    expect(issues.map(({ path }) => path)).toEqual(['route', 'callback.url']);
    expect(new JobRejectedError(KIND, issues).code).toBe('JOB_INVALID');
  });

  test('splits by the limit of the route', () => {
    const tenants = registry({ ...AGENTLESS, route: 'agentless' });
    const body = { contentType: 'text/plain', content: 'a'.repeat(1600) };
    const { jobs = [] } = prepared(tenants, { body, split: true });
    expect(jobs.map(({ payload }) => (payload['body'] as { content: string }).content.length)).toEqual([
      765, 765, 70,
    ]);
    expect(new Set(jobs.map(({ ref }) => ref.lane)).size).toBe(1);
    expect(jobs.map(({ ref }) => ref.isPart)).toEqual([false, true, true]);
  });

  test.for(['conversation', 'open'] as const)(
    'refuses a file that a worker may not fetch, and one that Genesys Cloud fetches it does not: %s',
    (route) => {
      const tenants = registry({ open: { integrationId: 'i' }, route });
      const url = 'http://10.0.0.1/a.png';
      const communicationId = route === 'conversation' ? { communicationId: 'com-1' } : {};
      const { issues } = prepared(tenants, { ...communicationId, attachments: [attachmentOf({ url })] });
      expect(issues).toEqual(
        route === 'conversation'
          ? [{ path: 'attachments[0].url', message: expect.stringContaining('expected https://') }]
          : undefined,
      );
    },
  );
});

test('a producer without a tenants file accepts what the worker may refuse', () => {
  const attachments = [attachmentOf(), attachmentOf()];
  expect(prepared(undefined, { route: 'agentless', attachments }).jobs).toHaveLength(1);
});
