import type { CallOptions, Transport } from './transport.ts';
import type { BatchLine } from './types.ts';

type DataOf<Kind> = Omit<Extract<BatchLine, { kind: Kind }>, 'kind' | 'idempotencyKey'>;

/** A CloudEvent 1.0. `source` and `id` are the idempotency key of its job. */
export type JobCloudEvent = {
  [Kind in BatchLine['kind']]: {
    readonly specversion?: '1.0';
    readonly id: string;
    /** A URI or a relative reference. */
    readonly source: string;
    readonly type: `com.genesys.webmessaging.${Kind}`;
    /** The tenant, when the data does not name it. */
    readonly partitionkey?: string;
    readonly traceparent?: string;
    readonly tracestate?: string;
    readonly data: DataOf<Kind>;
  };
}[BatchLine['kind']];

/** The job of an event. */
export interface EventResult {
  readonly index: number;
  readonly status: 'accepted' | 'replayed';
  readonly id: string;
  readonly ids: readonly string[];
}

export interface EventResults {
  readonly results: readonly EventResult[];
}

/**
 * Sends one event, or up to 1,000.
 * @throws {ApiError} when an event is not valid. `problem.results` has the results of all events.
 */
export async function sendEvents(
  transport: Transport,
  events: JobCloudEvent | readonly JobCloudEvent[],
  options: CallOptions = {},
): Promise<EventResults> {
  const isBatch = Array.isArray(events);
  const complete = (event: JobCloudEvent) => ({ specversion: '1.0', ...event });
  const { headers, body } = await transport.call<EventResults>({
    method: 'POST',
    path: '/v1/events',
    headers: { 'content-type': `application/cloudevents${isBatch ? '-batch' : ''}+json` },
    body: JSON.stringify(isBatch ? events.map(complete) : complete(events as JobCloudEvent)),
    isRepeatable: true,
    ...options,
  });
  // The answer to a single event is that of the first time.
  const isReplayed = headers.get('idempotency-replayed') === 'true';
  const results = body.results.map((result) =>
    isReplayed ? { ...result, status: 'replayed' as const } : result,
  );
  return { results };
}
