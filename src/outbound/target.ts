import { isIP } from 'node:net';
import { isInNetwork, isPublicAddress, type Network, parseNetwork } from './address.ts';

/** Where requests may go beyond public addresses, by https, on port 443. */
export interface TargetRules {
  /** Plain http as well, on port 80. */
  readonly allowHttp: boolean;
  /** Ports beside 443 and 80; both ends included. */
  readonly ports: readonly PortRange[];
  /** Hosts that may be called although their address is not public: names, addresses, networks. */
  readonly allowHosts: readonly string[];
}

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** The rules of one tenant, ready to be asked. */
export interface TargetGuard {
  /**
   * What can be said against an address before its host is looked up. It tells nothing that does not stand in the
   * address itself.
   */
  issueOf(url: string): string | undefined;
  /** Whether a connection to `address` may be made for `hostname`; both the same for a literal address. */
  allows(hostname: string, address: string): boolean;
}

/** A request was not sent, because of where it would have gone. Nothing about the place is said: whoever named it may be a stranger. */
export class TargetRefusedError extends Error {
  override readonly name = 'TargetRefusedError';
  constructor() {
    super('the address is not one that may be called');
  }
}

/** Whether anything thrown by a request is, or was caused by, a {@link TargetRefusedError}. */
export function isTargetRefused(thrown: unknown): boolean {
  for (let cause = thrown; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof TargetRefusedError) return true;
  }
  return false;
}

const guards = new WeakMap<TargetRules, TargetGuard>();

export function guardOf(rules: TargetRules): TargetGuard {
  const known = guards.get(rules);
  if (known) return known;
  const guard = createGuard(rules);
  guards.set(rules, guard);
  return guard;
}

function createGuard({ allowHttp, ports, allowHosts }: TargetRules): TargetGuard {
  const names = new Set<string>();
  const networks: Network[] = [];
  for (const host of allowHosts) {
    const network = parseNetwork(host);
    if (network) networks.push(network);
    else names.add(host);
  }

  const allows = (hostname: string, address: string) =>
    isPublicAddress(address) ||
    names.has(nameOf(hostname)) ||
    networks.some((network) => isInNetwork(address, network));

  const portIssue = ({ protocol, port }: URL) => {
    if (port === '') return undefined;
    const number = Number(port);
    if (ports.some(({ from, to }) => number >= from && number <= to)) return undefined;
    return `expected port ${protocol === 'http:' ? 80 : 443}, or one that the tenant allows, got ${port}`;
  };

  return {
    allows,
    issueOf(text) {
      const url = URL.parse(text);
      if (!url || !/^https?:$/.test(url.protocol)) return 'expected an https:// address';
      if (url.username !== '' || url.password !== '') return 'expected no user name and password';
      if (url.protocol === 'http:' && !allowHttp) {
        return 'expected https://, got http://, which the tenant does not allow';
      }
      const host = url.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) !== 0 && !allows(host, host)) {
        return 'expected a public address, got one of a private, local or reserved network';
      }
      return portIssue(url);
    },
  };
}

/**
 * An entry of `allowHosts` as the rules have it: names as in URLs, addresses without brackets.
 * @returns undefined when it is neither a name nor an address nor a network in its usual form.
 */
export function parseAllowedHost(text: string): string | undefined {
  const plain = text.replace(/^\[(.*)\]$/, '$1');
  if (parseNetwork(plain)) return plain;
  if (!/^[^\s/\\:@?#[\]]+$/.test(text)) return undefined;
  const name = URL.parse(`https://${text}/`)?.hostname;
  // Such as 127.1: an address all the same, but not one that people recognize.
  return name === undefined || isIP(name) !== 0 ? undefined : nameOf(name);
}

/** As URLs have it; a final dot makes no difference. */
function nameOf(host: string): string {
  return host.replace(/\.$/, '');
}
