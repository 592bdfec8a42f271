import { createServer, request } from 'node:http';
import { listen } from './listen.ts';

export interface ProxyOptions {
  /** The path of the server behind, such as `/ops/queues`. */
  readonly prefix: string;
  /** Whether the proxy removes the path from a request. */
  readonly strips: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Opens a reverse proxy in front of a server. @returns its address, with the path. */
export async function openReverseProxy(
  target: string,
  { prefix, strips, headers }: ProxyOptions,
): Promise<string> {
  const proxy = createServer((incoming, answer) => {
    const { url = '/', method } = incoming;
    if (url !== prefix && !url.startsWith(`${prefix}/`)) {
      answer.writeHead(404).end('outside of the path');
      return;
    }
    const path = strips ? url.slice(prefix.length) || '/' : url;
    const onward = request(
      new URL(target).origin,
      { method, path, headers: { ...incoming.headers, ...headers } },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      },
    );
    onward.on('error', () => answer.destroy());
    incoming.pipe(onward);
  });
  return `http://127.0.0.1:${await listen(proxy)}${prefix}`;
}
