import type { IncomingMessage } from 'node:http';
import type { Config } from '../config/settings.ts';
import { proxiesIn } from './trusted-proxies.ts';

/** The path of this server as browsers see it. A proxy may put a path in front. */
export interface BasePath {
  /** The path in front, for links, such as `/ops/queues`; empty without one. */
  of(request: IncomingMessage): string;
  /** The path of a request without the path in front. The proxy may have removed it already. */
  ownUrl(request: IncomingMessage): string;
}

type Settings = Pick<Config, 'httpBasePath' | 'httpTrustedProxies'>;

const MAX_PREFIX = 200;
const PREFIX = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/;

export function createBasePath({ httpBasePath, httpTrustedProxies }: Settings): BasePath {
  const proxies = proxiesIn(httpTrustedProxies);
  const fixed = httpBasePath === '/' ? '' : httpBasePath;

  const of = (request: IncomingMessage): string => {
    const said = request.headers['x-forwarded-prefix'];
    if (typeof said !== 'string' || !proxies.has(request.socket.remoteAddress)) return fixed;
    const prefix = said.replace(/\/+$/, '');
    return prefix === '' || (prefix.length <= MAX_PREFIX && PREFIX.test(prefix)) ? prefix : fixed;
  };

  return {
    of,
    ownUrl(request) {
      const { url = '/' } = request;
      const prefix = of(request);
      if (prefix === '' || !url.startsWith(prefix)) return url;
      const rest = url.slice(prefix.length);
      if (rest === '') return '/';
      return /^[/?]/.test(rest) ? rest.replace(/^\?/, '/?') : url;
    },
  };
}
