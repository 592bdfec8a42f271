import { expect, test } from 'vitest';
import { createCallerAddress } from '../../../src/http/caller-address.ts';

const callers = createCallerAddress({ httpTrustedProxies: ['10.0.0.0/8', '::1'] });

test.for<[what: string, peer: string | undefined, forwarded: string | undefined, address: string]>([
  ['is that of its connection', '192.0.2.1', undefined, '192.0.2.1'],
  ['is not what an untrusted peer says', '192.0.2.1', '198.51.100.1', '192.0.2.1'],
  ['is what a trusted proxy says', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
  [
    'is what the last trusted proxy of several says',
    '10.0.0.1',
    '203.0.113.9, 198.51.100.1, 10.0.0.2',
    '198.51.100.1',
  ],
  ['is that of the proxy, if that says nothing', '10.0.0.1', undefined, '10.0.0.1'],
  ['is that of the proxy, if that says nonsense', '::1', '203.0.113.9, unknown', '0:0:0:0::/64'],
  ['is an IPv4 address in the form of IPv6', '::ffff:192.0.2.1', undefined, '192.0.2.1'],
  ['is the network of an IPv6 address', '2001:db8:1:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
  ['is the network of a short IPv6 address', '2001:db8::7', undefined, '2001:db8:0:0::/64'],
  ['is empty on a connection that has ended', undefined, undefined, ''],
])('the address of a caller %s', ([, remoteAddress, forwarded, address]) => {
  const request = { headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress } };

  expect(callers.of(request as never)).toBe(address);
});
