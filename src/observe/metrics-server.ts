import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf, OperatorError } from '../core/errors.ts';
import type { MetricsRegistry } from './metrics.ts';

export interface MetricsServer {
  /** The address of the metrics, with the actual port. */
  readonly url: string;
  /** Shows these metrics from now on. Before the first call `/metrics` answers 503. */
  show(shown: ShownMetrics): void;
  close(): Promise<void>;
}

/** The metrics of a process. */
export interface ShownMetrics {
  readonly registry: MetricsRegistry;
  /** Brings the metrics up to date before an answer. */
  readonly refresh?: () => Promise<void>;
}

/** What a process says of itself to a supervisor that probes it. */
export type Health = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** The probes of a process, by their paths. Each answers at once, from memory. */
export interface Probes {
  /** `/healthz`: not ok means that only another process helps. */
  live(): Health;
  /** `/readyz`: not ok means that the process does not work now. */
  ready(): Health;
}

export interface MetricsServerOptions {
  readonly host: string;
  /** 0: a free port. */
  readonly port: number;
  /** Of a process without another server for them. */
  readonly probes?: Probes;
  /** Longest time for a request to arrive, and for an idle connection, ms; 5000 by default. */
  readonly timeoutMs?: number;
}

const PATH = '/metrics';
const LIVE = '/healthz';
const READY = '/readyz';
const TIMEOUT_MS = 5000;
/** Enough for two Prometheus servers and a person with a browser. */
const MAX_CONNECTIONS = 20;
const MAX_HEADER_BYTES = 8192;

/**
 * Serves the metrics of this process to Prometheus at `GET /metrics`, and the answers to probes at
 * `GET /healthz` and `GET /readyz`. There is no other path and no password, so the address belongs to
 * the inner network. The server does not keep its process alive.
 *
 * @throws {OperatorError} when it cannot listen.
 */
export async function openMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const { host, port, probes, timeoutMs = TIMEOUT_MS } = options;
  let shown: ShownMetrics | undefined;
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
      if (method === 'GET' && path === PATH) void answer(response, shown);
      else if (method === 'GET' && path === LIVE && probes) tell(response, probes.live());
      else if (method === 'GET' && path === READY && probes) tell(response, probes.ready());
      else end(response, 404, 'text/plain', `Metrics are at ${PATH}.\n`);
    },
  );
  server.timeout = timeoutMs;
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, host, port);
  // Too many open files, for example: the request for metrics fails, and the jobs go on.
  server.on('error', () => {});
  server.unref();
  return {
    url: urlOf(server),
    show(metrics) {
      shown = metrics;
    },
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

async function answer(response: ServerResponse, shown: ShownMetrics | undefined): Promise<void> {
  if (!shown) return end(response, 503, 'text/plain', 'The process starts.\n');
  const { registry, refresh } = shown;
  try {
    await refresh?.();
    end(response, 200, registry.contentType, await registry.metrics());
  } catch {
    end(response, 500, 'text/plain', 'Cannot read the metrics.\n');
  }
}

function tell(response: ServerResponse, health: Health): void {
  const body = health.ok ? { status: 'ok' } : { status: 'unavailable', reason: health.reason };
  end(response, health.ok ? 200 : 503, 'application/json', JSON.stringify(body));
}

function end(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType }).end(body);
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}${PATH}`;
}
