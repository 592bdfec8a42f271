import ky from 'ky';
import type { Clock } from '../core/clock.ts';
import { CodedError } from '../core/errors.ts';
import { readBody } from '../core/read-body.ts';
import { parseRetryAfter } from '../core/retry-after.ts';
import type { WebhookDelivery } from '../jobs/webhook-delivery.ts';
import { sign } from './signature.ts';

export interface Receipt {
  readonly status: number;
  readonly latencyMs: number;
}

export interface DeliverOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

const MAX_ANSWER_BYTES = 16 * 1024;

/**
 * One attempt to deliver a callback: signed, not redirected, success only on 2xx.
 * @throws {CodedError} WEBHOOK_REFUSED, WEBHOOK_GONE, WEBHOOK_UNREACHABLE, WEBHOOK_SECRET_MISSING
 */
export async function deliver(
  delivery: WebhookDelivery,
  secret: string,
  { clock, timeoutMs, signal }: DeliverOptions,
): Promise<Receipt> {
  const body = JSON.stringify(delivery.event);
  const startedMs = clock.now();
  const timeout = AbortSignal.timeout(timeoutMs);
  const response = await ky
    .post(delivery.url, {
      body,
      headers: {
        'content-type': 'application/json',
        ...sign(secret, delivery.messageId, Math.floor(startedMs / 1000), body),
      },
      retry: 0,
      timeout: false,
      throwHttpErrors: false,
      redirect: 'manual',
      signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
    })
    .catch(() => {
      // Why is not said: the address is the caller's, and the answer would describe our network to him.
      throw new CodedError(
        'WEBHOOK_UNREACHABLE',
        'the receiver could not be reached or gave no answer in time',
      );
    });
  // Read so that the connection can be used again; what it says is of no interest.
  await readBody(response, MAX_ANSWER_BYTES).catch(() => '');
  if (response.ok) return { status: response.status, latencyMs: clock.now() - startedMs };
  throw refusal(response, clock.now());
}

function refusal(response: Response, nowMs: number): CodedError {
  const { status } = response;
  if (status === 410) return new CodedError('WEBHOOK_GONE', 'the receiver answered 410', { status });
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), nowMs);
  const options = { status, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  return new CodedError('WEBHOOK_REFUSED', `the receiver answered ${status}`, options);
}
