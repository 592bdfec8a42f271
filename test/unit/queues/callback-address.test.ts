import { describe, expect, test } from 'vitest';
import { prepare } from '../../../src/queues/prepare.ts';
import type { TenantRegistry } from '../../../src/tenants/registry.ts';
import { message } from '../../support/guides/message.ts';
import { load, tenantOf } from '../tenants/tenants-file.ts';

const KIND = 'message-transmission';
const RECEIVERS = { allowHttp: true, ports: [8080], allowHosts: ['hooks.internal', '10.1.0.0/16'] };

/** The errors of a message with this callback. */
function issuesOf(url: unknown, tenants: TenantRegistry | undefined) {
  const input = message({ callback: { url } });
  return prepare({ kind: KIND, index: 0, input, tenants }).issues;
}

describe('the producer refuses the address of a callback', () => {
  const strict = () => load({ tenants: [tenantOf()] });

  test.for([
    [
      'of plain http',
      'http://hooks.example/',
      'expected https://, got http://, which the tenant does not allow',
    ],
    [
      'with another port',
      'https://hooks.example:8080/',
      'expected port 443, or one that the tenant allows, got another',
    ],
    [
      'that is an inner one',
      'https://0x7f.1/',
      'expected a public address, got one of a private, local or reserved network',
    ],
    [
      'with a user name',
      'https://user@hooks.example/',
      'expected an http:// or https:// address without user name and password',
    ],
  ] as const)('%s', ([, url, message]) => {
    expect(issuesOf(url, strict())).toEqual([{ path: 'callback.url', message }]);
  });

  test('together with the other errors of the job, once', () => {
    const input = { tenantId: 'acme', guestId: '', callback: { url: 'http://127.0.0.1:22/' } };
    const { issues = [] } = prepare({ kind: KIND, index: 0, input, tenants: strict() });
    expect(issues.map(({ path }) => path)).toEqual(['guestId', 'conversationId', 'body', 'callback.url']);
  });
});

describe('the producer takes the address of a callback', () => {
  test.for([
    'https://hooks.example/path',
    'http://hooks.example/',
    'http://10.1.2.3:8080/',
    'https://hooks.internal:8080/',
  ])('if the tenant allows it: %s', (url) => {
    expect(issuesOf(url, load({ tenants: [tenantOf({ receivers: RECEIVERS })] }))).toBeUndefined();
  });

  test('if it does not know the tenants, because the worker checks it', () => {
    expect(issuesOf('http://127.0.0.1:22/', undefined)).toBeUndefined();
  });
});
