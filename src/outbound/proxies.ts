import { isInNetwork, type Network, parseNetwork } from './address.ts';

/** A proxy that requests go through. */
export interface WayOut {
  /** Host and port for messages, without user name and password. */
  readonly name: string;
  readonly protocol: 'http:' | 'https:';
  readonly hostname: string;
  readonly port: string;
  /** Value of `Proxy-Authorization`. */
  readonly authorization: string | undefined;
}

/** The destination of a request. */
export interface Destination {
  readonly protocol: string;
  /** IPv6 with or without brackets. */
  readonly hostname: string;
  /** Empty or absent: the port of the protocol. */
  readonly port?: string | null | undefined;
}

/** Chooses the proxy of a request. */
export interface Proxies {
  /** @returns undefined if the request goes directly. */
  of(destination: Destination): WayOut | undefined;
}

export interface ProxySettings {
  /** For `http://` addresses. */
  readonly httpProxy?: string | undefined;
  /** For `https://` addresses. */
  readonly httpsProxy?: string | undefined;
  /**
   * Hosts that are called directly, separated by commas: a name and its subdomains, an address, or
   * a network such as 10.0.0.0/8, each with or without a port. `*` means all hosts.
   */
  readonly noProxy?: string | undefined;
}

/** @returns undefined if no proxy is set. */
export function createProxies({ httpProxy, httpsProxy, noProxy }: ProxySettings): Proxies | undefined {
  const byProtocol: Readonly<Record<string, WayOut | undefined>> = {
    'http:': httpProxy === undefined ? undefined : parseProxy(httpProxy),
    'https:': httpsProxy === undefined ? undefined : parseProxy(httpsProxy),
  };
  if (!byProtocol['http:'] && !byProtocol['https:']) return undefined;
  const exceptions = (noProxy ?? '')
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(parseException);
  return {
    of(destination) {
      const proxy = byProtocol[destination.protocol];
      if (!proxy) return undefined;
      return exceptions.some((excepts) => excepts(destination)) ? undefined : proxy;
    },
  };
}

function parseProxy(text: string): WayOut {
  const url = new URL(text);
  const { protocol, hostname, host, username, password } = url;
  const port = url.port || (protocol === 'https:' ? '443' : '80');
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    name: url.port ? host : `${host}:${port}`,
    protocol: protocol as WayOut['protocol'],
    hostname: plainHost(hostname),
    port,
    authorization: username === '' ? undefined : `Basic ${Buffer.from(login).toString('base64')}`,
  };
}

/** IPv6 without brackets, names in lower case and without a final dot. */
function plainHost(hostname: string): string {
  return hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}

type Exception = (destination: Destination) => boolean;

function parseException(entry: string): Exception {
  if (entry === '*') return () => true;
  const network = parseNetwork(plainHost(entry));
  if (network) return matching(network, undefined);
  const [, host = entry, port] = /^(.*):(\d{1,5})$/.exec(entry) ?? [];
  const address = parseNetwork(plainHost(host));
  if (address) return matching(address, port);
  const name = plainHost(host).replace(/^\*?\./, '');
  return (destination) => {
    const hostname = plainHost(destination.hostname);
    return isPort(destination, port) && (hostname === name || hostname.endsWith(`.${name}`));
  };
}

function matching(network: Network, port: string | undefined): Exception {
  return (destination) => isPort(destination, port) && isInNetwork(plainHost(destination.hostname), network);
}

function isPort({ protocol, port }: Destination, wanted: string | undefined): boolean {
  return wanted === undefined || (port || (protocol === 'https:' ? '443' : '80')) === wanted;
}
