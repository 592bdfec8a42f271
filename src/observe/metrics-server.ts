import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf, OperatorError } from '../core/errors.ts';
import type { MetricsRegistry } from './metrics.ts';

export interface MetricsServer {
  /** The address of the metrics, with the actual port. */
  readonly url: string;
  close(): Promise<void>;
}

export interface MetricsServerOptions {
  readonly host: string;
  /** 0: a free port. */
  readonly port: number;
  readonly registry: MetricsRegistry;
  /** Brings the metrics up to date before an answer. */
  readonly refresh?: () => Promise<void>;
  /** Longest time for a request to arrive, and for an idle connection, ms; 5000 by default. */
  readonly timeoutMs?: number;
}

const PATH = '/metrics';
const TIMEOUT_MS = 5000;
/** Enough for two Prometheus servers and a person with a browser. */
const MAX_CONNECTIONS = 20;
const MAX_HEADER_BYTES = 8192;

/**
 * Serves the metrics of this process to Prometheus: `GET /metrics`, and no other path. There is no
 * password, so the address belongs to the inner network.
 *
 * @throws {OperatorError} when it cannot listen.
 */
export async function openMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const { host, port, timeoutMs = TIMEOUT_MS } = options;
  const server = createServer(
    {
      requestTimeout: timeoutMs,
      headersTimeout: timeoutMs,
      keepAliveTimeout: timeoutMs,
      connectionsCheckingInterval: timeoutMs / 5,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    ({ method, url = '' }, response) => {
      const [path] = url.split('?', 1);
      if (method !== 'GET' || path !== PATH) end(response, 404, 'text/plain', `Metrics are at ${PATH}.\n`);
      else void answer(response, options);
    },
  );
  server.timeout = timeoutMs;
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, host, port);
  // Too many open files, for example: the request for metrics fails, and the jobs go on.
  server.on('error', () => {});
  return {
    url: urlOf(server),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    throw new OperatorError(
      `Cannot serve metrics on ${host} port ${port} (${messageOf(error)}). ` +
        'Set METRICS_HOST and METRICS_PORT; each process of a machine needs a port of its own.',
    );
  }
}

async function answer(response: ServerResponse, { registry, refresh }: MetricsServerOptions): Promise<void> {
  try {
    await refresh?.();
    end(response, 200, registry.contentType, await registry.metrics());
  } catch {
    end(response, 500, 'text/plain', 'Cannot read the metrics.\n');
  }
}

function end(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType }).end(body);
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}${PATH}`;
}
