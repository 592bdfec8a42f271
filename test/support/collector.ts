import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { onEnd } from './lifetime.ts';
import { type ReceivedSpan, spansIn } from './otlp-spans.ts';
import { waitFor } from './wait-for.ts';

/** A collector of OpenTelemetry. */
export interface Collector {
  readonly url: string;
  /** All spans, in the order of their arrival. */
  readonly spans: readonly ReceivedSpan[];
  /** The requests, decompressed. */
  readonly requests: readonly {
    readonly path: string;
    readonly headers: IncomingHttpHeaders;
    readonly body: Buffer;
  }[];
  /** The status of further answers; undefined: no answer. */
  answers(status: number | undefined): void;
  /** Waits for spans, by what they must be. */
  until(what: string, found: (spans: readonly ReceivedSpan[]) => boolean): Promise<void>;
}

/** The settings of a process that sends its spans there, at once. */
export function tracesTo({ url }: Collector): Record<string, string> {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_BSP_SCHEDULE_DELAY: '20' };
}

/** Opens a collector that closes at the end of the test or file. */
export async function openCollector(): Promise<Collector> {
  const spans: ReceivedSpan[] = [];
  const requests: { path: string; headers: IncomingHttpHeaders; body: Buffer }[] = [];
  let status: number | undefined = 200;
  const server = createServer(async (request, response) => {
    const { url: path = '', headers } = request;
    const sent = await buffer(request);
    const body = headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    requests.push({ path, headers, body });
    if (status === 200) spans.push(...spansIn(body));
    if (status !== undefined) response.writeHead(status).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onEnd(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requests,
    answers(next) {
      status = next;
    },
    until: async (what, found) => {
      await waitFor(() => found(spans), { what });
    },
  };
}
