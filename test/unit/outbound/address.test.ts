import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isInNetwork, isPublicAddress, parseNetwork } from '../../../src/outbound/address.ts';
import { dotted, groups, INNER_NETWORKS_V4, INNER_NETWORKS_V6, numberIn } from './addresses.ts';

describe('an address is not public', () => {
  test.for(INNER_NETWORKS_V4)('of %s, %s', ([, network]) => {
    fc.assert(fc.property(numberIn(network).map(dotted), (address) => !isPublicAddress(address)));
  });

  test.for(INNER_NETWORKS_V6)('of %s, %s', ([, network]) => {
    fc.assert(fc.property(numberIn(network).map(groups), (address) => !isPublicAddress(address)));
  });

  test('of IPv6 outside the assigned ranges', () => {
    const outside = fc.oneof(numberIn('4000::/3'), numberIn('6000::/3'), numberIn('8000::/2')).map(groups);
    fc.assert(fc.property(outside, (address) => !isPublicAddress(address)));
  });

  test.for([
    '127.0.0.1',
    '::1',
    '::',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::127.0.0.1',
    '2002:7f00:1::',
    'fe80::1%eth0',
    '169.254.169.254',
    'fd00:ec2::254',
    '255.255.255.255',
  ])('such as %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.for(['', 'localhost', '127.1', '2130706433', '[::1]', '8.8.8.8:80'])(
    'if it is not an address: %j',
    (address) => {
      expect(isPublicAddress(address)).toBe(false);
    },
  );
});

describe('an address is public', () => {
  test.for([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
  ])('right beside the networks that are not: %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test.for([
    '128.0.0.0',
    '169.253.255.255',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '223.255.255.255',
  ])('also %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test.for(['2001:200::', '2606:4700:4700::1111', '2a00:1450:4001:80e::200e', '2003::', '3ffe::'])(
    'of IPv6: %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

describe('a network', () => {
  test('contains its own addresses only', () => {
    const network = parseNetwork('10.2.0.0/15');
    if (!network) throw new Error('10.2.0.0/15 is a network');
    expect(['10.2.0.0', '10.3.255.255'].every((address) => isInNetwork(address, network))).toBe(true);
    expect(['10.1.255.255', '10.4.0.0', '::ffff:10.2.0.1', 'x'].some((a) => isInNetwork(a, network))).toBe(
      false,
    );
  });

  test.for([
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '::/129',
    '10.0.0/8',
    '127.1',
    'fe80::1%lo',
    '',
  ])('is not read from %j', (text) => {
    expect(parseNetwork(text)).toBeUndefined();
  });
});
