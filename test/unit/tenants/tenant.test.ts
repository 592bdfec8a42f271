import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { complaintOf, issuesOf, load, tenantOf } from './tenants-file.ts';

const EXAMPLE = readFileSync(new URL('../../../tenants.example.json', import.meta.url), 'utf8');

describe('a tenants file', () => {
  test('of the example is valid', () => {
    const tenants = load(EXAMPLE);
    expect(tenants.ids()).toEqual(['acme', 'globex']);
    expect(tenants.get('acme')).toMatchObject({
      hosts: { login: 'http://127.0.0.1:8090', api: 'http://127.0.0.1:8090' },
      limits: { messages: { capacity: 100, ratePerSecond: 100 } },
      blockedPatterns: ['\\bcoupon-[0-9]{6}\\b'],
    });
    expect(tenants.get('globex')).toMatchObject({
      callback: { url: 'https://events.globex.example/webhooks/genesys', events: ['failed', 'expired'] },
    });
  });

  test('needs few fields: the region gives the hosts, and limits have defaults', () => {
    expect(load({ tenants: [tenantOf()] }).get('acme')).toEqual({
      id: 'acme',
      dialect: 'guest',
      clientId: 'acme-client',
      clientSecret: { env: 'ACME_CLIENT_SECRET' },
      hosts: {
        login: 'https://login.mypurecloud.de',
        api: 'https://api.mypurecloud.de',
        webmessaging: 'https://webmessaging.mypurecloud.de',
        apps: 'https://apps.mypurecloud.de',
      },
      platform: {},
      allowInsecureHttp: false,
      limits: {
        messages: { capacity: 100, ratePerSecond: 100 },
        cards: { capacity: 100, ratePerSecond: 100 / 60 },
        platform: { capacity: 300, ratePerSecond: 5 },
        maxWaiting: 1_000_000,
        countsTogether: false,
      },
      blockedPatterns: [],
      onFailure: 'skip',
      onUnknownOutcome: 'resend',
      maxAgeMs: null,
      receivers: { allowHttp: false, ports: [], allowHosts: [] },
      audit: { retentionMs: null },
    });
  });

  test.for([
    ['1d', 86_400_000],
    ['365d', 31_536_000_000],
    ['36500d', 3_153_600_000_000],
  ] as const)('may keep audit records for %s', ([retention, retentionMs]) => {
    const tenants = load({ tenants: [tenantOf({ audit: { retention } })] });
    expect(tenants.get('acme').audit).toEqual({ retentionMs });
  });

  test('may have no tenant', () => {
    expect(load({ tenants: [] }).ids()).toEqual([]);
  });
});

describe('one error is reported with its path and a reason', () => {
  const HOSTS = { login: 'https://login.example', api: 'https://api.example' };

  test.for([
    ['a missing id', { id: undefined }, 'tenants[0].id: expected string, but it is missing'],
    ['an id with a colon', { id: 'a:b' }, 'tenants[0].id: expected letters, digits'],
    ['no dialect', { dialect: undefined }, 'tenants[0].dialect: expected one of "guest"|"platform"'],
    ['another dialect', { dialect: 'soap' }, 'tenants[0].dialect: expected one of "guest"|"platform"'],
    [
      'an address for a region',
      { region: 'https://mypurecloud.de' },
      'tenants[0].region: expected the domain',
    ],
    ['region and hosts', { hosts: HOSTS }, 'tenants[0]: expected either region or hosts'],
    ['neither region nor hosts', { region: undefined }, 'tenants[0]: expected either region or hosts'],
    [
      'half the hosts',
      { region: undefined, hosts: { api: HOSTS.api } },
      'tenants[0].hosts.login: expected string',
    ],
    ['an empty client id', { clientId: '' }, 'tenants[0].clientId: expected string'],
    ['no secret', { clientSecret: undefined }, 'tenants[0].clientSecret: expected a reference'],
    [
      'two places for a secret',
      { clientSecret: { env: 'A', file: 'b' } },
      'tenants[0].clientSecret: expected a reference',
    ],
    [
      'a limit of nothing',
      { limits: { messages: { capacity: 0, ratePerSecond: 1 } } },
      'tenants[0].limits.messages.capacity: ',
    ],
    [
      'a rate of nothing',
      { limits: { messages: { capacity: 1, ratePerSecond: 0 } } },
      'tenants[0].limits.messages.ratePerSecond: ',
    ],
    ['a limit of an unknown class', { limits: { calls: {} } }, 'tenants[0].limits'],
    [
      'a pattern that RE2 does not know',
      { blockedPatterns: ['ok', '(?=x)'] },
      'tenants[0].blockedPatterns[1]: ',
    ],
    ['an empty pattern', { blockedPatterns: [''] }, 'tenants[0].blockedPatterns[0]: '],
    [
      'patterns that take too many steps together',
      { blockedPatterns: Array.from({ length: 26 }, (_, index) => `${index}.{0,35}!`) },
      'tenants[0].blockedPatterns: expected patterns of at most 400 steps for each character altogether, got ',
    ],
    ['a wrong switch', { matchLookalikes: 'yes' }, 'tenants[0].matchLookalikes: '],
    [
      'a callback without a secret',
      { callback: { url: 'https://a.example' } },
      'tenants[0].callback.secret: expected a reference',
    ],
    [
      'an unknown event',
      { callback: { secret: { env: 'A' }, events: ['sent'] } },
      'tenants[0].callback.events[0]: ',
    ],
    [
      'a retention of hours',
      { audit: { retention: '23h' } },
      'tenants[0].audit.retention: expected a duration',
    ],
    [
      'a retention that is too long',
      { audit: { retention: '36501d' } },
      'tenants[0].audit.retention: expected a dur',
    ],
    [
      'a retention in words',
      { audit: { retention: 'a year' } },
      'tenants[0].audit.retention: expected a dur',
    ],
    ['an unknown field of audit', { audit: { keep: '1d' } }, 'tenants[0].audit: unknown field "keep"'],
    ['an unknown field', { secret: 'x' }, 'tenants[0]: unknown field "secret"'],
  ] as const)('%s', ([, fields, issue]) => {
    expect(issuesOf({ tenants: [tenantOf(fields)] })).toEqual([expect.stringContaining(issue)]);
  });

  test('for two tenants with one id', () => {
    const tenants = [tenantOf(), tenantOf({ id: 'globex' }), tenantOf()];
    expect(issuesOf({ tenants })).toEqual(['tenants[2].id: "acme" is also the id of tenants[0]']);
  });

  test('without quoting a wrong id that occurs twice, which may be a secret', () => {
    const said = issuesOf({ tenants: [{ id: 'https://u:SECRET@h' }, { id: 'https://u:SECRET@h' }] });
    expect(said).toContain('tenants[1].id: is also the id of tenants[0]');
    expect(said.join()).not.toContain('SECRET');
  });

  test('but not for two tenants without an id', () => {
    expect(issuesOf({ tenants: [tenantOf({ id: undefined }), tenantOf({ id: undefined })] })).toEqual([
      'tenants[0].id: expected string, but it is missing',
      'tenants[1].id: expected string, but it is missing',
    ]);
  });

  test.for([
    ['null', 'expected object, received null'],
    ['[]', 'expected object, received array'],
    ['{}', 'tenants: expected array, but it is missing'],
    ['{"tenants":null}', 'tenants: expected array, received null'],
    ['{"tenants":"acme"}', 'tenants: expected array, received string'],
    ['{"tenants":{}}', 'tenants: expected array, received object'],
    ['{"tenants":{"acme":{"dialect":"guest"}}}', 'tenants: expected array, received object'],
    ['{"tenants":["acme"]}', 'tenants[0]: expected object, received string'],
  ] as const)('for a file of another shape: %s', ([text, issue]) => {
    expect(issuesOf(text)).toEqual([issue]);
  });
});

describe('all errors are reported together', () => {
  test('of fields, between fields and between tenants', () => {
    const hosts = { login: 'http://login.example', api: 'https://api.example' };
    const issues = issuesOf({
      tenants: [
        tenantOf({ clientId: '', blockedPatterns: ['['] }),
        tenantOf({ region: undefined, hosts, dialect: 'soap' }),
        tenantOf({ id: 'globex', clientSecret: 'inline', callback: { url: 'ftp://x' } }),
      ],
      version: 1,
    });
    expect(issues.map((issue) => issue.split(': ')[0]).toSorted()).toEqual([
      'tenants[0].blockedPatterns[0]',
      'tenants[0].clientId',
      'tenants[1].dialect',
      'tenants[1].hosts.login',
      'tenants[1].id',
      'tenants[2].callback.secret',
      'tenants[2].callback.url',
      'tenants[2].clientSecret',
      'unknown field "version"',
    ]);
  });
});

describe('a host with http://, on which others could read a token', () => {
  const hosts = { login: 'http://login.example', api: 'http://api.example' };
  const region = undefined;

  test('is refused, for each address', () => {
    expect(issuesOf({ tenants: [tenantOf({ region, hosts })] })).toEqual([
      'tenants[0].hosts.login: expected https://, or allowInsecureHttp for a sandbox',
      'tenants[0].hosts.api: expected https://, or allowInsecureHttp for a sandbox',
    ]);
  });

  test('is allowed if the tenant allows it', () => {
    expect(issuesOf({ tenants: [tenantOf({ region, hosts, allowInsecureHttp: true })] })).toEqual([]);
  });

  test.for(['HTTP://api.example', ' http://api.example', 'http:api.example', 'http:\\\\api.example'])(
    'is refused in any spelling: %j',
    (api) => {
      const tenants = [tenantOf({ region, hosts: { login: 'https://login.example', api } })];
      expect(issuesOf({ tenants })).toEqual([expect.stringContaining('tenants[0].hosts.api: expected')]);
    },
  );
});

describe('a secret in the file', () => {
  test('is refused and not quoted, in any field', () => {
    const secret = fc.stringMatching(/^[jkqxz]{8,20}$/);
    const place = fc.constantFrom<(value: string) => Record<string, unknown>>(
      (value) => ({ clientSecret: value }),
      (value) => ({ clientSecret: { value } }),
      (value) => ({ clientSecret: { env: 'A', value } }),
      (value) => ({ clientSecret: [value] }),
      (value) => ({ client_secret: value }),
      (value) => ({ callback: { secret: value } }),
      (value) => ({ callback: { secret: { env: 'A' }, url: `https://user:${value}@a.example` } }),
      (value) => ({ dialect: value }),
      (value) => ({ id: `${value}:` }),
      (value) => ({ region: `https://${value}` }),
    );
    fc.assert(
      fc.property(secret, place, (value, put) => {
        const said = complaintOf(() => load({ tenants: [tenantOf(put(value))] }));
        expect(said).toContain('tenants[0]');
        expect(said).not.toContain(value);
      }),
    );
  });

  test.for([
    ['in an open quote', '{"tenants":[{"clientSecret":"hunter2hunter2'],
    ['without quotes', '{"tenants":[{"clientSecret":hunter2hunter2}]}'],
    ['before a missing comma', '{"clientSecret":"hunter2hunter2" "x":1}'],
    ['alone', 'hunter2hunter2'],
  ] as const)('is not quoted if the file is no JSON: %s', ([, text]) => {
    const said = complaintOf(() => load(text));
    expect(said).toMatch(
      /^The tenants file .+tenants\.json is not JSON( at position \d+ \(line 1 column \d+\))?\.$/,
    );
    expect(said).not.toContain('hunter2');
  });
});
