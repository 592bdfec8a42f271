import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An address or a network, as an operator writes it: `10.1.2.3`, `10.0.0.0/8`, `fd00::/8`. */
export interface Network {
  readonly address: ipaddr.IPv4 | ipaddr.IPv6;
  /** Length of the prefix, in bits. */
  readonly bits: number;
}

/** @returns undefined if the text is neither an address nor a network in its usual form. */
export function parseNetwork(text: string): Network | undefined {
  const [host = '', bits, ...rest] = text.split('/');
  const version = isIP(host);
  if (version === 0 || rest.length > 0 || host.includes('%')) return undefined;
  const most = version === 4 ? 32 : 128;
  if (bits === undefined) return { address: ipaddr.parse(host), bits: most };
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > most) return undefined;
  return { address: ipaddr.parse(host), bits: Number(bits) };
}

/** @param address as a resolver or a URL has it; IPv6 without brackets. */
export function isInNetwork(address: string, network: Network): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  return parsed.kind() === network.address.kind() && parsed.match(network.address as never, network.bits);
}

/** Global unicast. All other IPv6 addresses are local, special or not assigned. */
const GLOBAL_UNICAST: Network = { address: ipaddr.parse('2000::'), bits: 3 };

/**
 * Whether an address is public, by the special-purpose registries of IANA (RFC 6890) as ipaddr.js
 * has them.
 *
 * Private, local, shared (RFC 6598), multicast, documentation and reserved ranges are not public.
 * IPv6 addresses that carry an IPv4 address are not public either (6to4, Teredo, NAT64, IPv4-mapped
 * and -compatible): a router on the way decides where they lead.
 *
 * @param address as a resolver or a URL has it; IPv6 without brackets. A text that is no address is
 *   not public.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || isInNetwork(address, GLOBAL_UNICAST);
}
