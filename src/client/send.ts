import type { CallOptions, Transport } from './transport.ts';
import type { AcceptedJob } from './types.ts';

/** Hands jobs of one address over. */
export interface Sender<Input> {
  /**
   * Resolves when Redis has the job; a worker sends it later. A second call with the same
   * `idempotencyKey` changes nothing. A job without one gets a key for the tries of this call.
   * @throws {ApiError | ConnectionError}
   */
  send(job: Input, options?: CallOptions): Promise<AcceptedJob>;
}

export function createSender<Input extends { idempotencyKey?: string | undefined }>(
  transport: Transport,
  path: string,
): Sender<Input> {
  return {
    async send(job, options = {}) {
      const { headers, body } = await transport.call<Omit<AcceptedJob, 'isReplayed'>>({
        method: 'POST',
        path,
        body: JSON.stringify(withKey(job)),
        isRepeatable: true,
        ...options,
      });
      return { ...body, isReplayed: headers.get('idempotency-replayed') === 'true' };
    },
  };
}

/** The key is in the body, because a header has no room for characters beyond Latin-1. */
export function withKey<Input extends { idempotencyKey?: string | undefined }>(job: Input): Input {
  return { ...job, idempotencyKey: job.idempotencyKey ?? crypto.randomUUID() };
}
