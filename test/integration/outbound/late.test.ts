import { expect, test } from 'vitest';
import { wasSent } from '../../../src/outbound/sent.ts';
import { createTransport, describeNetworkFailure } from '../../../src/outbound/transport.ts';
import { onEnd } from '../../support/lifetime.ts';
import { openReceiver } from '../../support/receiver.ts';

const TIMEOUT_MS = 60_000;

test('a request that is late when it would be written is never sent', async () => {
  const receiver = await openReceiver();
  const transport = createTransport({
    connectTimeoutMs: TIMEOUT_MS,
    requestTimeoutMs: TIMEOUT_MS,
    maxAnswerBytes: 16_384,
    userAgent: 'test',
  });
  onEnd(() => transport.close());
  const send = (isLate: () => boolean) =>
    transport.send(receiver.url, {
      method: 'POST',
      headers: {},
      content: '{}',
      deadline: AbortSignal.timeout(TIMEOUT_MS),
      isHot: true,
      isLate,
    });

  const error = await send(() => true).catch((thrown: unknown) => thrown);
  const answer = await send(() => false);

  expect(wasSent(error)).toBe(false);
  expect(describeNetworkFailure(error, TIMEOUT_MS)).toBe(`no answer within ${TIMEOUT_MS} ms`);
  expect(answer.ok).toBe(true);
  expect(receiver.received).toHaveLength(1);
});
