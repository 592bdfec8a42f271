import { type FollowOptions, followStream } from './follow-stream.ts';
import type { Transport } from './transport.ts';
import type { DetailedJob } from './types.ts';

/** The state of a job. `ended` and `gone` are the last event. */
export type JobEvent =
  | { readonly type: 'state' | 'ended'; readonly id: string; readonly job: DetailedJob }
  /** Redis no longer has the job. */
  | { readonly type: 'gone'; readonly id: string };

/**
 * Follows a job to its end, so that the caller sees each state once.
 * @throws {ApiError | ConnectionError} when the stream cannot be opened again.
 */
export async function* followJob(
  transport: Transport,
  path: string,
  options: FollowOptions = {},
): AsyncGenerator<JobEvent, void, undefined> {
  for await (const { event, id, data } of followStream(transport, { path }, options)) {
    const found = jobEventOf(event, id, data);
    if (!found) continue;
    yield found;
    if (found.type !== 'state') return;
  }
}

/** Undefined for an event of a newer server. */
function jobEventOf(type: string, id: string, data: string): JobEvent | undefined {
  if (type === 'gone') return { type, id };
  if (type !== 'state' && type !== 'ended') return undefined;
  return { type, id, job: JSON.parse(data) as DetailedJob };
}
