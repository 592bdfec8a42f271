import { BlockList, isIP } from 'node:net';

/** The proxies whose headers this server trusts. */
export interface TrustedProxies {
  has(address: string | undefined): boolean;
}

/** @param networks such as `10.0.0.0/8` or `::1`, as HTTP_TRUSTED_PROXIES has them. */
export function proxiesIn(networks: readonly string[]): TrustedProxies {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return {
    has(address) {
      if (address === undefined) return false;
      const plain = plainAddress(address);
      return isIP(plain) !== 0 && list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
    },
  };
}

/** An IPv4 address without the form that IPv6 gives it. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
