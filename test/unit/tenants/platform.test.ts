import { describe, expect, test } from 'vitest';
import { REGIONS } from '../../../src/tenants/region.ts';
import type { Tenant } from '../../../src/tenants/tenant.ts';
import { issuesOf, load, tenantOf } from './tenants-file.ts';

const OPEN = { integrationId: 'integration-1' };
const WEBMESSAGING = { deploymentId: 'deployment-1', origin: 'https://www.example.com' };
const GATEWAY = { host: 'gateway.example', port: 8443, loginPath: 'login', apiPath: '/genesys/api/' };

function platformOf(fields: object = {}): Record<string, unknown> {
  return tenantOf({ dialect: 'platform', ...fields });
}

function read(fields: object): Tenant {
  return load({ tenants: [platformOf(fields)] }).get('acme');
}

describe('the hosts of a tenant', () => {
  test.for(REGIONS)('are those of the region $name, by its domain or its name', ({ name, domain }) => {
    const hosts = {
      login: `https://login.${domain}`,
      api: `https://api.${domain}`,
      webmessaging: `https://webmessaging.${domain}`,
      apps: `https://apps.${domain}`,
    };
    expect(read({ region: domain }).hosts).toEqual(hosts);
    expect(read({ region: name }).hosts).toEqual(hosts);
  });

  test.for([
    [GATEWAY, 'https://gateway.example:8443/login', 'https://gateway.example:8443/genesys/api'],
    [{ host: 'gateway.example' }, 'https://gateway.example', 'https://gateway.example'],
  ] as const)('may be those of a gateway', ([hosts, login, api]) => {
    expect(read({ region: undefined, hosts }).hosts).toEqual({ login, api });
  });

  test.for([
    [{ ...GATEWAY, port: 0 }, 'hosts.port: expected number to be >=1, got a number'],
    [{ ...GATEWAY, host: 'https://x' }, 'hosts.host: expected a name of a host, without scheme and port'],
    [{ ...GATEWAY, apiPath: 'a?b' }, 'hosts.apiPath: expected a path of letters'],
    [{ ...GATEWAY, api: 'https://x' }, 'hosts: unknown field "api"'],
    [{ ...GATEWAY, protocol: 'http' }, 'hosts.login: expected https://, or allowInsecureHttp for a sandbox'],
  ] as const)('of a gateway are checked: %j', ([hosts, issue]) => {
    const issues = issuesOf({ tenants: [platformOf({ region: undefined, hosts })] });
    expect(issues).toContainEqual(expect.stringContaining(`tenants[0].${issue}`));
  });
});

describe('the settings of the platform', () => {
  test('have defaults', () => {
    const { platform, limits } = read({ platform: { open: OPEN, webmessaging: WEBMESSAGING } });
    expect(platform).toEqual({
      open: { ...OPEN, idType: 'Opaque', prefetchConversationId: true },
      webmessaging: { ...WEBMESSAGING, messagesPerSecond: 2, requestsPerMinute: 60, onClosed: 'refuse' },
    });
    expect(limits.messages).toEqual({ capacity: 300, ratePerSecond: 5 });
  });

  test.for([
    [{ dialect: 'guest', platform: {} }, 'platform: expected no such settings with the dialect guest'],
    [{ platform: { route: 'open' } }, 'platform.route: expected settings of the route in platform.open'],
    [{ platform: { route: 'sms' } }, 'platform.route: expected one of'],
    [
      { limits: { cards: { capacity: 1, ratePerSecond: 1 } } },
      'limits.cards: expected limits.platform alone',
    ],
    [
      { platform: { webmessaging: { ...WEBMESSAGING, origin: 'https://www.example.com/' } } },
      'platform.webmessaging.origin: expected an origin',
    ],
    [
      { region: undefined, hosts: GATEWAY, platform: { webmessaging: WEBMESSAGING } },
      'hosts.webmessaging: expected the address of the host for connections of guests',
    ],
  ] as const)('are checked: %j', ([fields, issue]) => {
    const issues = issuesOf({ tenants: [platformOf(fields)] });
    expect(issues).toEqual([expect.stringContaining(`tenants[0].${issue}`)]);
  });
});

describe('tenants with the same sharedAs', () => {
  const shared = { capacity: 300, ratePerSecond: 5, sharedAs: 'org' };

  test('may have the dialect platform, with one bucket for all classes', () => {
    const limits = { platform: shared };
    const tenants = load({ tenants: [platformOf({ limits }), platformOf({ id: 'bolt', limits })] });
    expect(tenants.get('bolt').limits.messages).toEqual(shared);
  });

  test('must have one dialect', () => {
    const limits = { platform: shared };
    expect(issuesOf({ tenants: [platformOf({ limits }), tenantOf({ id: 'bolt', limits })] })).toEqual([
      expect.stringMatching(/^tenants\[1\]\.limits\.platform\.sharedAs: .* have different dialects/),
    ]);
  });
});
