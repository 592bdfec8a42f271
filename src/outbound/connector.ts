import { isIPv6 } from 'node:net';
import { buildConnector } from 'undici';
import { allowedAddress, type GuardOptions, guardedConnector } from './guard.ts';
import type { Proxies } from './proxies.ts';
import { type Connector, openTunnel, proxyConnector } from './tunnel.ts';
import { watch } from './wire.ts';

export interface ConnectorOptions {
  readonly connectTimeoutMs: number;
  /** Allows or refuses addresses. Without it every address is allowed. */
  readonly guard?: GuardOptions | undefined;
  readonly proxies?: Proxies | undefined;
}

/**
 * Makes connections, directly or through a proxy, to addresses that the guard allows.
 *
 * With a guard, the name is looked up and checked here, and the proxy is asked for the address. A
 * proxy that got the name would look it up itself and could reach an address that no rule checked.
 */
export function createConnector(options: ConnectorOptions): Connector {
  return watched(createSocketConnector(options));
}

/** The same for connections that do not stay HTTP: nothing reads the heads of answers in them. */
export function createSocketConnector({ connectTimeoutMs, guard, proxies }: ConnectorOptions): Connector {
  const direct = guard
    ? guardedConnector(guard, connectTimeoutMs)
    : buildConnector({ timeout: connectTimeoutMs });
  if (!proxies) return direct;
  const toProxy = proxyConnector(connectTimeoutMs);
  const secure = buildConnector({ timeout: connectTimeoutMs });
  return (options, callback) => {
    const { protocol, hostname, port } = options;
    const proxy = proxies.of(options);
    if (!proxy) return direct(options, callback);
    const tunnel = (host: string) => {
      const authority = `${isIPv6(host) ? `[${host}]` : host}:${port || (protocol === 'https:' ? 443 : 80)}`;
      openTunnel(toProxy, proxy, authority, connectTimeoutMs, (error, socket) => {
        if (error) return callback(error, null);
        if (protocol !== 'https:') return callback(null, socket);
        secure({ ...options, httpSocket: socket }, callback);
      });
    };
    if (!guard) return tunnel(hostname);
    allowedAddress(guard, hostname, (error, address) => (error ? callback(error, null) : tunnel(address)));
  };
}

/** Makes connections to proxies that forward whole requests. */
export function createForwardConnector(connectTimeoutMs: number): Connector {
  return watched(proxyConnector(connectTimeoutMs));
}

function watched(connect: Connector): Connector {
  return (options, callback) => {
    connect(options, (error, socket) => {
      if (error) return callback(error, null);
      watch(socket);
      callback(null, socket);
    });
  };
}
