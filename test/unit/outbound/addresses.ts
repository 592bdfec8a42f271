import fc from 'fast-check';

/** IPv4 networks that are not public, each with its purpose. */
export const INNER_NETWORKS_V4 = [
  ['this network', '0.0.0.0/8'],
  ['private', '10.0.0.0/8'],
  ['shared with the carrier (CGNAT)', '100.64.0.0/10'],
  ['loopback', '127.0.0.0/8'],
  ['link-local, and the metadata of clouds', '169.254.0.0/16'],
  ['private', '172.16.0.0/12'],
  ['protocol assignments', '192.0.0.0/24'],
  ['documentation', '192.0.2.0/24'],
  ['6to4 relays', '192.88.99.0/24'],
  ['private', '192.168.0.0/16'],
  ['benchmarks', '198.18.0.0/15'],
  ['documentation', '198.51.100.0/24'],
  ['documentation', '203.0.113.0/24'],
  ['multicast', '224.0.0.0/4'],
  ['reserved, and broadcast', '240.0.0.0/4'],
] as const;

/** IPv6 networks that are not public, each with its purpose. */
export const INNER_NETWORKS_V6 = [
  ['unspecified, loopback, IPv4-compatible', '::/96'],
  ['IPv4-mapped', '::ffff:0:0/96'],
  ['IPv4-translated', '::ffff:0:0:0/96'],
  ['NAT64', '64:ff9b::/96'],
  ['NAT64 of a network of its own', '64:ff9b:1::/48'],
  ['discarded', '100::/64'],
  ['Teredo', '2001::/32'],
  ['protocol assignments', '2001::/23'],
  ['benchmarks', '2001:2::/48'],
  ['documentation', '2001:db8::/32'],
  ['6to4', '2002::/16'],
  ['documentation', '3fff::/20'],
  ['segment routing', '5f00::/16'],
  ['unique local', 'fc00::/7'],
  ['link-local', 'fe80::/10'],
  ['site-local', 'fec0::/10'],
  ['multicast', 'ff00::/8'],
] as const;

/** Generates addresses of a network, as numbers. */
export function numberIn(network: string): fc.Arbitrary<bigint> {
  const [host = '', bits = ''] = network.split('/');
  const size = host.includes(':') ? 128 : 32;
  const base = host.includes(':') ? parseV6(host) : parseV4(host);
  return fc.bigInt({ min: 0n, max: 2n ** BigInt(size - Number(bits)) - 1n }).map((rest) => base + rest);
}

export function dotted(address: bigint): string {
  return octetsOf(address).join('.');
}

/** An IPv6 address with all its eight groups. */
export function groups(address: bigint): string {
  const hex = address.toString(16).padStart(32, '0');
  return (hex.match(/.{4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, '')).join(':');
}

/** Generates the spellings of an IPv4 address that the URL parser accepts. */
export function spelled(address: fc.Arbitrary<bigint>): fc.Arbitrary<string> {
  const radix = fc.constantFrom(8, 10, 16);
  return fc
    .tuple(
      address,
      fc.integer({ min: 1, max: 4 }),
      fc.array(radix, { minLength: 4, maxLength: 4 }),
      fc.boolean(),
    )
    .map(([number, parts, radixes, finalDot]) => {
      const octets = octetsOf(number);
      const rest = octets.slice(parts - 1).reduce((value, octet) => value * 256n + octet, 0n);
      const numbers = [...octets.slice(0, parts - 1), rest];
      const text = numbers.map((part, index) => inRadix(part, radixes[index] ?? 10)).join('.');
      return finalDot ? `${text}.` : text;
    });
}

function inRadix(value: bigint, radix: number): string {
  if (radix === 8) return `0${value.toString(8)}`;
  return radix === 16 ? `0x${value.toString(16)}` : String(value);
}

function octetsOf(address: bigint): bigint[] {
  return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n);
}

function parseV4(text: string): bigint {
  return text.split('.').reduce((value, octet) => value * 256n + BigInt(octet), 0n);
}

function parseV6(text: string): bigint {
  const [head = '', tail = ''] = text.split('::');
  const [left, right] = [head, tail].map((half) => half.split(':').filter((group) => group !== ''));
  const all = [
    ...(left ?? []),
    ...Array(8 - (left?.length ?? 0) - (right?.length ?? 0)).fill('0'),
    ...(right ?? []),
  ];
  return all.reduce((value, group) => value * 65_536n + BigInt(`0x${group}`), 0n);
}
