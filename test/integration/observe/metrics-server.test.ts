import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { OperatorError } from '../../../src/core/errors.ts';
import { createMetrics } from '../../../src/observe/metrics.ts';
import {
  type MetricsServer,
  type MetricsServerOptions,
  openMetricsServer,
  type Probes,
  type ShownMetrics,
} from '../../../src/observe/metrics-server.ts';
import { parseExposition } from '../../support/exposition.ts';
import { onEnd } from '../../support/lifetime.ts';

describe('the server of metrics', () => {
  test('answers GET /metrics with all metrics, and ignores the query', async () => {
    const { url } = await open();

    for (const address of [url, `${url}?name[]=gwm_jobs_total`]) {
      const response = await fetch(address);
      expect(response.status).toBe(200);
      expect([...parseExposition(await response.text()).keys()]).toContain('gwm_jobs_total');
    }
  });

  test.for([
    ['GET', '/'],
    ['GET', '/metrics/'],
    ['GET', '/Metrics'],
    ['GET', '//metrics'],
    ['POST', '/metrics'],
    ['HEAD', '/metrics'],
    ['DELETE', '/metrics'],
  ] as const)('answers 404 to other requests: %s %s', async ([method, path]) => {
    const { origin } = new URL((await open()).url);

    expect((await fetch(`${origin}${path}`, { method })).status).toBe(404);
  });

  test('answers 500 when the metrics cannot be read', async () => {
    const registry = {
      contentType: createMetrics().registry.contentType,
      metrics: () => Promise.reject(new Error('the file /secret is missing')),
    };

    const response = await fetch((await open({}, { registry })).url);

    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
  });

  test('answers 503 before it has metrics to show', async () => {
    const { url } = await open({}, null);

    expect((await fetch(url)).status).toBe(503);
  });

  test.for([
    ['/healthz', { ok: true }, 200, { status: 'ok' }],
    ['/healthz', { ok: false, reason: 'stuck' }, 503, { status: 'unavailable', reason: 'stuck' }],
    ['/readyz', { ok: true }, 200, { status: 'ok' }],
    ['/readyz', { ok: false, reason: 'starting' }, 503, { status: 'unavailable', reason: 'starting' }],
  ] as const)(
    'answers a probe at %s with what the process says: %o',
    async ([path, health, status, body]) => {
      const other = () => expect.fail('the other probe');
      const probes: Probes =
        path === '/healthz' ? { live: () => health, ready: other } : { live: other, ready: () => health };
      const { url } = await open({ probes }, null);

      const response = await fetch(new URL(path, url));

      expect(response.status).toBe(status);
      expect(await response.json()).toEqual(body);
    },
  );

  test.for(['/healthz', '/readyz'])('has no %s for a process with another server for it', async (path) => {
    const { url } = await open();

    expect((await fetch(new URL(path, url))).status).toBe(404);
  });

  test.for([
    ['sends no byte', ''],
    ['does not end its request', 'GET /metrics HTTP/1.1\r\nhost: a\r\n'],
    [
      'does not send the body that it promised',
      'POST /metrics HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n',
    ],
  ] as const)('closes the connection of a client that %s', async ([, said]) => {
    const { hostname, port } = new URL((await open({ timeoutMs: 200 })).url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write(said);

    // Resolves when the server closes.
    expect(await text(socket)).not.toContain('200 OK');
  });

  test('closes while a client keeps a connection open', async () => {
    const server = await open();
    await (await fetch(server.url)).text();

    await server.close();

    await expect(fetch(server.url)).rejects.toThrow();
  });

  test('names its settings if its port is taken, or its address is not of this machine', async () => {
    const { port } = new URL((await open()).url);

    await expect(open({ port: Number(port) })).rejects.toThrow(OperatorError);
    await expect(open({ port: Number(port) })).rejects.toThrow(/EADDRINUSE.*METRICS_PORT/);
    await expect(open({ host: '203.0.113.1' })).rejects.toThrow(/EADDRNOTAVAIL.*METRICS_HOST/);
  });
});

async function open(
  options: Partial<MetricsServerOptions> = {},
  shown: ShownMetrics | null = { registry: createMetrics().registry },
): Promise<MetricsServer> {
  const server = await openMetricsServer({ host: '127.0.0.1', port: 0, ...options });
  onEnd(() => server.close());
  if (shown) server.show(shown);
  return server;
}
