import { isIP } from 'node:net';
import { isInNetwork, isPublicAddress, type Network, parseNetwork } from './address.ts';

/** Destinations that are allowed besides public addresses by https on port 443. */
export interface TargetRules {
  /** Allows plain http on port 80 as well. */
  readonly allowHttp: boolean;
  /** Ports besides 443 and 80. Both ends of a range are included. */
  readonly ports: readonly PortRange[];
  /** Names, addresses and networks that are allowed although they are not public. */
  readonly allowHosts: readonly string[];
}

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Checks destinations by the rules of one tenant. */
export interface TargetGuard {
  /**
   * What is wrong with a URL before its host is looked up; undefined if nothing is wrong. The text
   * says nothing that the URL itself does not show.
   */
  issueOf(url: string): string | undefined;
  /** Whether `address` is allowed for `hostname`. For a literal address both are the same. */
  allows(hostname: string, address: string): boolean;
}

/**
 * A request was not sent, because its destination is not allowed. The error does not describe the
 * destination: the producer chose it, and may not learn about our network.
 */
export class TargetRefusedError extends Error {
  override readonly name = 'TargetRefusedError';
  constructor() {
    super('the address is not allowed');
  }
}

/** Whether an error is, or was caused by, a {@link TargetRefusedError}. */
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
    return `expected port ${protocol === 'http:' ? 80 : 443}, or one that the tenant allows, got another`;
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
 * Parses an entry of `allowHosts`: names get their form in URLs, addresses lose their brackets.
 * @returns undefined if the text is no name, address or network in its usual form.
 */
export function parseAllowedHost(text: string): string | undefined {
  const plain = text.replace(/^\[(.*)\]$/, '$1');
  if (parseNetwork(plain)) return plain;
  if (!/^[^\s/\\:@?#[\]]+$/.test(text)) return undefined;
  const name = URL.parse(`https://${text}/`)?.hostname;
  // A name such as 127.1 is an address in an unusual form, which a reader would not recognize.
  return name === undefined || isIP(name) !== 0 ? undefined : nameOf(name);
}

/** The name without a final dot, which makes no difference. */
function nameOf(host: string): string {
  return host.replace(/\.$/, '');
}
