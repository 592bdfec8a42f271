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
export function guardedConnector(
  { target, lookup = systemLookup }: GuardOptions,
  timeoutMs: number,
): Connector {
  const connect = buildConnector({
    timeout: timeoutMs,
    lookup(hostname, options, callback) {
      lookup(hostname, { ...options, all: true }, (error, addresses) => {
        const [first] = addresses ?? [];
        if (error || !first) return callback(error ?? noAddress(hostname), []);
        if (!addresses.every(({ address }) => target.allows(hostname, address))) {
          return callback(new TargetRefusedError(), []);
        }
        if (options.all) return callback(null, addresses);
        return callback(null, first.address, first.family);
      });
    },
  });
  return (options, callback) => {
    const { hostname } = options;
    if (isIP(hostname) !== 0 && !target.allows(hostname, hostname)) {
      return callback(new TargetRefusedError(), null);
    }
    connect(options, callback);
  };
}

function noAddress(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`no address for ${hostname}`), { code: 'ENOTFOUND' });
}
