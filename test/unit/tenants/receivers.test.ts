import { describe, expect, test } from 'vitest';
import { issuesOf, load, tenantOf } from './tenants-file.ts';

const WANTED_PORT = 'expected a port from 1 to 65535, or a range such as "8000-8999"';
const WANTED_HOST = 'expected a host name such as hooks.example, an address, or a network such as 10.0.0.0/8';

describe('the receivers of a tenant', () => {
  test('are parsed into rules', () => {
    const receivers = {
      allowHttp: true,
      ports: [80, '8000-8999', '9000'],
      allowHosts: ['[::1]', 'Hooks.Internal'],
    };
    expect(load({ tenants: [tenantOf({ receivers })] }).get('acme').receivers).toEqual({
      allowHttp: true,
      ports: [
        { from: 80, to: 80 },
        { from: 8000, to: 8999 },
        { from: 9000, to: 9000 },
      ],
      allowHosts: ['::1', 'hooks.internal'],
    });
  });

  test.for([0, 65_536, -1, 1.5])('have no port %j', (port) => {
    expect(issuesOf({ tenants: [tenantOf({ receivers: { ports: [443, port] } })] })).toEqual([
      `tenants[0].receivers.ports[1]: ${WANTED_PORT}, got ${port}`,
    ]);
  });

  test.for(['', '9-8', '1-2-3', '1-70000', 'https', '-'])('have no port %j', (port) => {
    expect(issuesOf({ tenants: [tenantOf({ receivers: { ports: [443, port] } })] })).toEqual([
      `tenants[0].receivers.ports[1]: ${WANTED_PORT}, got a text of ${port.length} characters`,
    ]);
  });

  test.for(['', 'https://hooks.example', 'hooks.example:8080', '10.0.0.0/40', '127.1'])(
    'have no host %j',
    (host) => {
      expect(issuesOf({ tenants: [tenantOf({ receivers: { allowHosts: [host] } })] })).toEqual([
        `tenants[0].receivers.allowHosts[0]: ${WANTED_HOST}, got a text of ${host.length} characters`,
      ]);
    },
  );
});

describe("a tenant's own addresses", () => {
  const secret = { env: 'ACME_WEBHOOK_SECRET' };
  const inner = {
    callback: { secret, url: 'http://10.1.2.3/' },
    analytics: { url: 'https://127.0.0.1:9000/' },
  };

  test('must follow its rules, and the error names those that do not', () => {
    expect(issuesOf({ tenants: [tenantOf(inner)] })).toEqual([
      'tenants[0].callback.url: expected https://, got http://, which the tenant does not allow',
      'tenants[0].analytics.url: expected a public address, got one of a private, local or reserved network',
    ]);
  });

  test('are valid if the rules allow them', () => {
    const receivers = { allowHttp: true, ports: [9000], allowHosts: ['10.1.0.0/16', '127.0.0.1'] };
    expect(issuesOf({ tenants: [tenantOf({ ...inner, receivers })] })).toEqual([]);
  });

  test('need every named secret, also the previous one', () => {
    const callback = { secret: { env: 'NEW' }, previousSecret: { env: 'OLD' } };
    const environment = { ACME_CLIENT_SECRET: 'x', NEW: `whsec_${'A'.repeat(32)}` };
    expect(issuesOf({ tenants: [tenantOf({ callback })] }, { environment, requireSecrets: true })).toEqual([
      'tenants[0].callback.previousSecret: the environment variable OLD is missing or empty',
    ]);
  });
});
