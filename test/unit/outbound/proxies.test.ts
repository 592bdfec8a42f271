import { describe, expect, test } from 'vitest';
import { createProxies } from '../../../src/outbound/proxies.ts';

const ADDRESS = 'http://proxy.example:3128';

function isDirect(noProxy: string, url: string): boolean {
  return createProxies({ httpProxy: ADDRESS, httpsProxy: ADDRESS, noProxy })?.of(new URL(url)) === undefined;
}

describe('NO_PROXY', () => {
  test.for([
    ['*', 'https://api.example/', true],
    ['', 'https://api.example/', false],
    ['api.example', 'https://api.example/', true],
    ['API.example', 'https://api.example/', true],
    ['example', 'https://api.example/', true],
    ['.example', 'https://api.example/', true],
    ['*.example', 'https://api.example/', true],
    ['ample', 'https://api.example/', false],
    ['a, b ,api.example', 'https://api.example/', true],
    ['a b api.example', 'https://api.example/', true],
    ['api.example:443', 'https://api.example/', true],
    ['api.example:8443', 'https://api.example/', false],
    ['api.example:8443', 'https://api.example:8443/', true],
    ['10.1.2.3', 'http://10.1.2.3/', true],
    ['10.1.2.3:8080', 'http://10.1.2.3/', false],
    ['10.0.0.0/8', 'http://10.1.2.3:8080/', true],
    ['10.0.0.0/8', 'http://11.1.2.3/', false],
    ['::1', 'http://[::1]:8080/', true],
    ['[::1]', 'http://[::1]/', true],
    ['[::1]:8080', 'http://[::1]:8080/', true],
    ['[::1]:8080', 'http://[::1]/', false],
    ['fd00::/8', 'http://[fd12::1]/', true],
  ] as const)('%j and %s: the worker calls directly is %j', ([noProxy, url, direct]) => {
    expect(isDirect(noProxy, url)).toBe(direct);
  });
});

describe('a proxy', () => {
  test('is chosen by the scheme of the address', () => {
    const proxies = createProxies({ httpProxy: 'http://a', httpsProxy: 'https://b' });
    expect(proxies?.of(new URL('http://x.example/'))).toMatchObject({ name: 'a:80', protocol: 'http:' });
    expect(proxies?.of(new URL('https://x.example/'))).toMatchObject({ name: 'b:443', protocol: 'https:' });
    expect(createProxies({})).toBeUndefined();
  });

  test('is shown without its user name and password', () => {
    const proxy = createProxies({ httpProxy: 'http://user:secret@h:8080' })?.of(new URL('http://x.example/'));
    expect(proxy).toMatchObject({ name: 'h:8080', authorization: 'Basic dXNlcjpzZWNyZXQ=' });
  });
});
