import type { Clock } from '../core/clock.ts';
import { startDeadline } from '../core/deadline.ts';
import { CodedError } from '../core/errors.ts';
import { parseRetryAfter } from '../core/retry-after.ts';
import type { WebhookDelivery } from '../jobs/webhook-delivery.ts';
import type { Transport } from '../outbound/transport.ts';
import { sign } from './signature.ts';

export interface Receipt {
  readonly status: number;
  readonly latencyMs: number;
}

export interface DeliverOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * One attempt to deliver to a receiver: not redirected, success only on 2xx.
 *
 * @param secret signs it; undefined: not signed.
 * @throws {CodedError} WEBHOOK_REFUSED, WEBHOOK_GONE, WEBHOOK_UNREACHABLE, WEBHOOK_SECRET_MISSING
 */
export async function deliver(
  delivery: WebhookDelivery,
  secret: string | undefined,
  { transport, clock, timeoutMs, signal }: DeliverOptions,
): Promise<Receipt> {
  const body = JSON.stringify(delivery.purpose === 'cms' ? delivery.record : delivery.event);
  const startedMs = clock.now();
  using deadline = startDeadline(timeoutMs, signal);
  const response = await transport
    .send(delivery.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(secret && sign(secret, delivery.messageId, Math.floor(startedMs / 1000), body)),
      },
      content: body,
      deadline: deadline.signal,
    })
    .catch(() => {
      // Why is not said: the address is the caller's, and the answer would describe our network to him.
      throw new CodedError(
        'WEBHOOK_UNREACHABLE',
        'the receiver could not be reached or gave no answer in time',
      );
    });
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
