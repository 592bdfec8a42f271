import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { guardOf } from '../../../src/outbound/target.ts';
import { createTransport } from '../../../src/outbound/transport.ts';
import { type Delivery, deliver, MAX_ANSWER_BYTES } from '../../../src/webhooks/deliver.ts';
import { createManualClock } from '../../support/clock.ts';
import { onEnd } from '../../support/lifetime.ts';
import { openReceiver } from '../../support/receiver.ts';

const SECRET = `whsec_${'A'.repeat(32)}`;
const RULES = { allowHttp: true, ports: [{ from: 1024, to: 65_535 }], allowHosts: ['127.0.0.1'] };

describe('an attempt', () => {
  test.each([200, 201, 202, 204, 299])('is delivered with %i', async (status) => {
    expect(await answeredWith({ status })).toMatchObject({ outcome: 'delivered', status });
  });

  test.each([300, 301, 304, 308, 400, 401, 404, 409, 429, 500, 503])('is refused with %i', async (status) => {
    expect(await answeredWith({ status })).toMatchObject({ outcome: 'refused', status });
  });

  test('finds a receiver gone with 410', async () => {
    expect(await answeredWith({ status: 410 })).toMatchObject({ outcome: 'gone' });
  });

  test('obeys Retry-After for at most an hour', async () => {
    const headers = { 'retry-after': '999999999' };
    expect(await answeredWith({ status: 429, headers })).toMatchObject({ retryAfterMs: 3_600_000 });
    const never = { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' };
    expect(await answeredWith({ status: 503, headers: never })).toMatchObject({ retryAfterMs: 3_600_000 });
    expect(await answeredWith({ status: 429, headers: { 'retry-after': '-1' } })).not.toHaveProperty(
      'retryAfterMs',
    );
  });

  test('is unreachable if the receiver hangs up, sends no HTTP, or does not answer', async () => {
    const hangUp = (response: ServerResponse) => response.socket?.destroy();
    const nonsense = (response: ServerResponse) => response.socket?.end('SMTP 1.0 hello\r\n\r\n');
    for (const answer of [hangUp, nonsense, undefined]) {
      expect(await answeredWith(answer, { timeoutMs: 300 })).toMatchObject({ outcome: 'unreachable' });
    }
  });

  test('is abandoned if the worker aborts the job, and does not blame the receiver', async () => {
    expect(await answeredWith(undefined, { signal: AbortSignal.timeout(50) })).toMatchObject({
      outcome: 'abandoned',
    });
  });
});

describe('an answer', () => {
  test('is read up to 16 KiB if it never ends, and its status counts', async () => {
    const endless = (response: ServerResponse) => {
      response.writeHead(200);
      const more = () => {
        if (!response.destroyed) response.write('x'.repeat(65_536), more);
      };
      more();
    };

    // To read until the time-out would take longer than the test may.
    const attempt = await answeredWith(endless, { timeoutMs: 600_000 });

    expect(attempt).toMatchObject({ outcome: 'delivered', answer: 'x'.repeat(200) });
  });

  test('is read until the time-out if it is slow, and its status counts', async () => {
    const drops = (response: ServerResponse) => {
      response.writeHead(500);
      const timer = setInterval(() => response.write('.'), 20);
      response.once('close', () => clearInterval(timer));
    };

    expect(await answeredWith(drops, { timeoutMs: 2000 })).toMatchObject({ outcome: 'refused', status: 500 });
  });
});

describe('the signature of an attempt', () => {
  test('has its own time, and the id that all attempts share', async () => {
    const receiver = await openReceiver();
    const clock = createManualClock();
    const send = sender();
    await send(deliveryTo(receiver.url), { clock });
    clock.advance(300_500);
    await send(deliveryTo(receiver.url), { clock });

    const [first, second] = receiver.received.map(({ headers }) => headers);
    expect([first?.['webhook-id'], second?.['webhook-id']]).toEqual(['wh-1', 'wh-1']);
    expect(Number(second?.['webhook-timestamp']) - Number(first?.['webhook-timestamp'])).toBe(300);
    expect(second?.['webhook-signature']).not.toBe(first?.['webhook-signature']);
  });

  test('covers the exact bytes that are sent', async () => {
    const receiver = await openReceiver();
    const body = '{ "text": "Grüße, 世界 \\ud800",\n "n": 1.0 }';
    await sender()({ ...deliveryTo(receiver.url), body });

    expect(receiver.received[0]?.body).toBe(body);
    expect(receiver.received[0]?.headers['content-length']).toBe(String(Buffer.byteLength(body)));
  });
});

type SendOptions = Partial<Pick<Parameters<typeof deliver>[1], 'clock' | 'timeoutMs' | 'signal'>>;

function sender() {
  const transport = createTransport({
    connectTimeoutMs: 30_000,
    requestTimeoutMs: 2000,
    maxAnswerBytes: MAX_ANSWER_BYTES,
    userAgent: 'test',
    guard: { target: guardOf(RULES) },
  });
  onEnd(() => transport.close());
  return (delivery: Delivery, options: SendOptions = {}) =>
    deliver(delivery, { transport, clock: { now: Date.now }, timeoutMs: 2000, ...options });
}

function deliveryTo(url: string): Delivery {
  return { url, messageId: 'wh-1', body: '{}', secrets: [SECRET] };
}

/** The outcome of an attempt with this answer. */
async function answeredWith(
  answer: Parameters<Awaited<ReturnType<typeof openReceiver>>['answerWith']>[0],
  options?: SendOptions,
) {
  const receiver = await openReceiver();
  receiver.answerWith(answer);
  return await sender()(deliveryTo(receiver.url), options);
}
