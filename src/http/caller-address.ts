import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Config } from '../config/settings.ts';
import { plainAddress, proxiesIn } from './trusted-proxies.ts';

/** The address of a caller, also behind trusted proxies. */
export interface CallerAddress {
  /** An IPv4 address, or the network of an IPv6 address, which has 64 bits. */
  of(request: Pick<IncomingMessage, 'headers' | 'socket'>): string;
}

/** Proxies in a row that are looked at. */
const MAX_PROXIES = 10;

/** Each proxy writes the address that it sees at the end of `X-Forwarded-For`. */
export function createCallerAddress({
  httpTrustedProxies,
}: Pick<Config, 'httpTrustedProxies'>): CallerAddress {
  const proxies = proxiesIn(httpTrustedProxies);
  return {
    of({ headers, socket }) {
      let address = socket.remoteAddress ?? '';
      const named = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').slice(-MAX_PROXIES);
      while (proxies.has(address)) {
        const before = plainAddress(named.pop()?.trim() ?? '');
        if (isIP(before) === 0) break;
        address = before;
      }
      return networkOf(plainAddress(address));
    },
  };
}

/** A provider gives a customer 64 bits of IPv6 to choose addresses from. */
function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0');
  const groups = tail === undefined ? front : [...front, ...zeros, ...back];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
