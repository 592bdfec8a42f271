import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns';
import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { type TargetGuard, TargetRefusedError } from './target.ts';

/** Looks up every address of a name, as `dns.lookup` with `all`. Tests give their own. */
export type Lookup = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface GuardOptions {
  readonly target: TargetGuard;
  /** The lookup of the system by default. */
  readonly lookup?: Lookup | undefined;
}

type Connector = ReturnType<typeof buildConnector>;

/**
 * Connects to allowed addresses only. It checks the addresses that the socket gets, so a name
 * cannot lead elsewhere between the check and the use. A name with one refused address is refused.
 *
 * Node does not look up literal addresses, so they are checked separately.
 */
export function guardedConnector(guard: GuardOptions, timeoutMs: number): Connector {
  const connect = buildConnector({
    timeout: timeoutMs,
    lookup(hostname, options, callback) {
      lookUp(guard, hostname, options, (error, addresses) => {
        const [first] = addresses;
        if (error || !first) return callback(error ?? noAddress(hostname), []);
        if (options.all) return callback(null, addresses);
        return callback(null, first.address, first.family);
      });
    },
  });
  return (options, callback) => {
    const { hostname } = options;
    if (isRefusedLiteral(guard, hostname)) return callback(new TargetRefusedError(), null);
    connect(options, callback);
  };
}

/** Looks up and checks the address of a host, for a connection that a proxy makes. */
export function allowedAddress(
  guard: GuardOptions,
  hostname: string,
  callback: (...result: [error: null, address: string] | [error: Error, address: null]) => void,
): void {
  if (isIP(hostname) === 0) {
    lookUp(guard, hostname, {}, (error, [first]) => {
      if (error || !first) callback(error ?? noAddress(hostname), null);
      else callback(null, first.address);
    });
  } else if (isRefusedLiteral(guard, hostname)) callback(new TargetRefusedError(), null);
  else callback(null, hostname);
}

function isRefusedLiteral({ target }: GuardOptions, hostname: string): boolean {
  return isIP(hostname) !== 0 && !target.allows(hostname, hostname);
}

/** Looks up all addresses of a name. It fails if one of them is not allowed. */
function lookUp(
  { target, lookup = systemLookup }: GuardOptions,
  hostname: string,
  options: LookupOptions,
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error || !addresses[0]) return callback(error ?? noAddress(hostname), []);
    const isAllowed = addresses.every(({ address }) => target.allows(hostname, address));
    callback(isAllowed ? null : new TargetRefusedError(), isAllowed ? addresses : []);
  });
}

function noAddress(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`no address for ${hostname}`), { code: 'ENOTFOUND' });
}
