import type { IncomingHttpHeaders } from 'node:http';
import { UnreadableBody } from '../input/body.ts';
import type { Arrival } from '../requests/arrival.ts';

/** A request that the sandbox handled, dropped or left without an answer. */
export interface LoggedRequest {
  readonly atMs: number;
  /** The status of the answer, even of a lost one. Null for a request without an answer. */
  readonly status: number | null;
  readonly arrival: Arrival;
}

/** Selects requests. */
export interface RequestFilter {
  operation?: string;
  tenant?: string;
  limit: number;
}

/** The latest requests. A new one replaces the oldest one. */
export interface RequestLog {
  add(request: LoggedRequest): void;
  /** The requests that match, the newest first. */
  newest(filter: RequestFilter): LoggedRequest[];
}

/** A request as the control interface shows it. */
export interface ShownRequest {
  at: string;
  operation: string | null;
  tenant: string | null;
  status: number | null;
  requestId: string | null;
  sequence: number | null;
  conversationId: string | null;
  headers: IncomingHttpHeaders;
  body: unknown;
}

/** A ring of `capacity` requests. `shownRequest` copies a request only when a test asks for it. */
export function createRequestLog(capacity: number): RequestLog {
  const ring: LoggedRequest[] = [];
  let nextIndex = 0;

  return {
    add(request) {
      ring[nextIndex] = request;
      nextIndex = (nextIndex + 1) % capacity;
    },
    newest(filter) {
      const found: LoggedRequest[] = [];
      for (let age = 1; age <= ring.length && found.length < filter.limit; age += 1) {
        const request = ring[(nextIndex - age + ring.length) % ring.length];
        if (request !== undefined && matches(request, filter)) found.push(request);
      }
      return found;
    },
  };
}

/** A request without its credentials. */
export function shownRequest({ atMs, status, arrival }: LoggedRequest): ShownRequest {
  const { authorization: _hidden, ...headers } = arrival.headers;
  return {
    at: new Date(atMs).toISOString(),
    operation: arrival.operation,
    tenant: arrival.client?.tenant ?? null,
    status,
    requestId: arrival.requestId,
    sequence: arrival.sequence,
    conversationId: arrival.conversationId,
    headers,
    body: shownBody(arrival.body),
  };
}

function matches({ arrival }: LoggedRequest, { operation, tenant }: RequestFilter): boolean {
  if (operation !== undefined && arrival.operation !== operation) return false;
  return tenant === undefined || arrival.client?.tenant === tenant;
}

function shownBody(body: unknown): unknown {
  if (body === undefined || body instanceof UnreadableBody) return null;
  if (!(body instanceof URLSearchParams)) return body;
  const fields = Object.fromEntries(body);
  return 'client_secret' in fields ? { ...fields, client_secret: '[removed]' } : fields;
}
