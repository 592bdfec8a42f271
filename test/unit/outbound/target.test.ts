import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  guardOf,
  isTargetRefused,
  parseAllowedHost,
  TargetRefusedError,
} from '../../../src/outbound/target.ts';
import { dotted, groups, INNER_NETWORKS_V4, INNER_NETWORKS_V6, numberIn, spelled } from './addresses.ts';

const strict = { allowHttp: false, ports: [], allowHosts: [] };
const PRIVATE = 'expected a public address, got one of a private, local or reserved network';

const innerV4 = fc.oneof(...INNER_NETWORKS_V4.map(([, network]) => numberIn(network)));
const innerV6 = fc.oneof(...INNER_NETWORKS_V6.map(([, network]) => numberIn(network)));

function issueOf(url: string, rules: Parameters<typeof guardOf>[0] = strict): string | undefined {
  return guardOf(rules).issueOf(url);
}

describe('an address, without an allow-list,', () => {
  test.for([
    'https://hooks.example/path?query#fragment',
    'https://hooks.example:443/',
    'https://1.1.1.1/',
    'https://[2606:4700:4700::1111]/',
    'https://localhost.example/',
  ])('is allowed if it is public: %s', (url) => {
    expect(issueOf(url)).toBeUndefined();
  });

  test.for([
    [
      'plain http',
      'http://hooks.example/',
      'expected https://, got http://, which the tenant does not allow',
    ],
    ['another scheme', 'ftp://hooks.example/', 'expected an https:// address'],
    ['a file', 'file:///etc/passwd', 'expected an https:// address'],
    ['no address', 'hooks.example', 'expected an https:// address'],
    ['a user name', 'https://user@hooks.example/', 'expected no user name and password'],
    ['a password', 'https://:secret@hooks.example/', 'expected no user name and password'],
    [
      'another port',
      'https://hooks.example:8443/',
      'expected port 443, or one that the tenant allows, got another',
    ],
    [
      'the port of http',
      'https://hooks.example:80/',
      'expected port 443, or one that the tenant allows, got another',
    ],
  ] as const)('is refused for %s', ([, url, issue]) => {
    expect(issueOf(url)).toBe(issue);
  });

  test.for([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://127.0.1/',
    'https://2130706433/',
    'https://017700000001/',
    'https://0x7f000001/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://127.0.0.1./',
    'https://0/',
    'https://①②⑦.⓪.⓪.①/',
    'https://127。0。0。1/',
    'https://%31%32%37.0.0.1/',
    'https://[::1]/',
    'https://[0:0:0:0:0:0:0:1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[::127.0.0.1]/',
    'https://[::FFFF:169.254.169.254]/',
    'https://[64:ff9b::a9fe:a9fe]/',
    'https://[2002:a9fe:a9fe::]/',
    'https://[fd00::1]/',
    'https:127.0.0.1/',
    'https:\\\\127.0.0.1\\',
  ])('is refused if it is an inner one, in any spelling: %s', (url) => {
    expect(issueOf(url)).toBe(PRIVATE);
  });

  test('is refused for every inner IPv4 address, in every spelling', () => {
    fc.assert(
      fc.property(spelled(innerV4), (host) => {
        expect(issueOf(`https://${host}/`)).toBe(PRIVATE);
      }),
      { numRuns: 1000 },
    );
  });

  test('is refused for every inner IPv4 address in an IPv6 one, and every inner IPv6 address', () => {
    const within = fc
      .tuple(fc.constantFrom('::ffff:', '::', '64:ff9b::'), innerV4.map(dotted))
      .map(([prefix, address]) => `${prefix}${address}`);
    fc.assert(
      fc.property(fc.oneof(within, innerV6.map(groups)), (host) => {
        expect(issueOf(`https://[${host}]/`)).toBe(PRIVATE);
      }),
      { numRuns: 1000 },
    );
  });

  test('is allowed if it is a public IPv4 address, in every spelling', () => {
    const outer = fc.oneof(numberIn('8.0.0.0/7'), numberIn('52.0.0.0/6'), numberIn('193.0.0.0/8'));
    fc.assert(fc.property(spelled(outer), (host) => issueOf(`https://${host}/`) === undefined));
  });
});

describe('the allow-list of a tenant', () => {
  test('may allow http, on its port only', () => {
    const rules = { ...strict, allowHttp: true };
    expect(issueOf('http://hooks.example/', rules)).toBeUndefined();
    expect(issueOf('https://hooks.example/', rules)).toBeUndefined();
    expect(issueOf('http://hooks.example:443/', rules)).toMatch(/^expected port 80/);
  });

  test('may have a range of ports, both ends included', () => {
    const rules = { ...strict, ports: [{ from: 8000, to: 8002 }] };
    const good = [7999, 8000, 8002, 8003].filter(
      (port) => issueOf(`https://a.example:${port}/`, rules) === undefined,
    );
    expect(good).toEqual([8000, 8002]);
  });

  test('may have a network, in every spelling of its addresses, and nothing beyond it', () => {
    const rules = { ...strict, allowHosts: ['10.1.0.0/16', 'fd00::/8'] };
    expect(issueOf('https://10.1.2.3/', rules)).toBeUndefined();
    expect(issueOf('https://0xa.0x1.515/', rules)).toBeUndefined();
    expect(issueOf('https://[fd12::1]/', rules)).toBeUndefined();
    expect(issueOf('https://10.2.0.0/', rules)).toBe(PRIVATE);
    // The entry 10.1.0.0/16 does not allow the IPv6 forms of its addresses.
    expect(issueOf('https://[::ffff:10.1.2.3]/', rules)).toBe(PRIVATE);
  });

  test('may have a name with any address, and no other name of that address', () => {
    const guard = guardOf({ ...strict, allowHosts: ['hooks.internal'] });
    expect(guard.allows('hooks.internal', '10.0.0.1')).toBe(true);
    expect(guard.allows('hooks.internal.', '10.0.0.1')).toBe(true);
    expect(guard.allows('evil.hooks.internal', '10.0.0.1')).toBe(false);
    expect(guard.allows('evil.example', '10.0.0.1')).toBe(false);
    expect(guard.allows('evil.example', '1.1.1.1')).toBe(true);
  });
});

describe('an entry of the allow-list', () => {
  test.for([
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]', '::1'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['Hooks.Internal.', 'hooks.internal'],
    ['bücher.example', 'xn--bcher-kva.example'],
  ] as const)('may be %s', ([text, host]) => {
    expect(parseAllowedHost(text)).toBe(host);
  });

  test.for([
    '',
    ' ',
    '127.1',
    '0x7f.1',
    'a b',
    'https://a',
    'a/b',
    'a:80',
    'u@a',
    '10.0.0.0/99',
    '*.example/',
  ])('may not be %j', (text) => {
    expect(parseAllowedHost(text)).toBeUndefined();
  });
});

test('a refusal does not describe the network, and stays the cause of other errors', () => {
  const refused = new TargetRefusedError();
  expect(refused.message).toBe('the address is not allowed');
  expect(isTargetRefused(new Error('x', { cause: new Error('y', { cause: refused }) }))).toBe(true);
  expect(isTargetRefused(new Error('x'))).toBe(false);
});
