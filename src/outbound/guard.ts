import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns';
import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { type TargetGuard, TargetRefusedError } from './target.ts';

/** As `dns.lookup` with `all`: every address of a name. Tests give one whose answers change. */
export type Lookup = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface GuardOptions {
  readonly target: TargetGuard;
  /** That of the system by default. */
  readonly lookup?: Lookup | undefined;
}

type Connector = ReturnType<typeof buildConnector>;

/**
 * Connects only where the guard allows it. The addresses that are checked are those that the socket gets, so that a
 * name cannot change its mind between the check and the use. A name with one address that is refused is refused.
 *
 * Node looks no literal address up: those are checked on their own.
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

/** The address that a host may be called by: for those who have it called by somebody else. */
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

/** All addresses of a name, if each of them is allowed. */
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
