import { beforeAll, describe, expect, test } from 'vitest';
import { CodedError } from '../../../src/core/errors.ts';
import { guardOf } from '../../../src/outbound/target.ts';
import { createTransport } from '../../../src/outbound/transport.ts';
import { wayOut } from '../../../src/outbound/way-out.ts';
import { deliver, MAX_ANSWER_BYTES } from '../../../src/webhooks/deliver.ts';
import { onEnd } from '../../support/lifetime.ts';
import { oddAnswers } from '../../support/odd-answers.ts';
import { openRawServer } from '../../support/raw-server.ts';
import { openSystem } from '../../support/system.ts';
import { type Caller, openCaller } from '../genesys/caller.ts';

const RULES = { allowHttp: true, ports: [{ from: 1, to: 65_535 }], allowHosts: ['127.0.0.1'] };
const CASES = Object.entries(oddAnswers('{"id":"msg-1"}'));

describe('a message that gets', () => {
  let caller: Caller;
  beforeAll(async () => {
    caller = openCaller(await openSystem(), { requestTimeoutMs: 5_000 });
  });

  test.for(CASES)('%s is sent once, and the status decides its outcome', async ([, odd]) => {
    const api = await openRawServer(() => odd.bytes);
    const tenant = { ...caller.tenant(), hosts: { ...caller.tenant().hosts, api: api.url } };

    const outcome = await caller.send('job-1', { tenant }).catch((error: unknown) => error);

    expect(api.requests).toHaveLength(1);
    if (odd.status === 'none') {
      expect(outcome).toMatchObject({ code: 'GENESYS_UNREACHABLE', isUnknown: true });
    } else if (odd.status < 300) {
      expect(outcome).toEqual({ messageId: odd.isReadable === false ? null : 'msg-1' });
    } else {
      expect(outcome).toBeInstanceOf(CodedError);
      expect(outcome).toMatchObject({ status: odd.status, isUnknown: odd.status > 500 });
    }
  });

  test.for(CASES)('%s does not affect the next message', async ([, odd]) => {
    const answers = [odd.bytes, 'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"id":"msg-2"}'];
    const api = await openRawServer(() => answers.shift() ?? '');
    const tenant = { ...caller.tenant(), hosts: { ...caller.tenant().hosts, api: api.url } };

    await caller.send('job-1', { tenant }).catch(() => {});

    expect(await caller.send('job-2', { tenant })).toEqual({ messageId: 'msg-2' });
    expect(api.requests.map(({ headers }) => headers['x-genesys-request-id'])).toEqual(['job-1', 'job-2']);
  });
});

describe('a callback that gets', () => {
  test.for(CASES)('%s has the outcome of its status', async ([, odd]) => {
    const receiver = await openRawServer(() => odd.bytes);
    const transport = createTransport({
      connectTimeoutMs: 30_000,
      requestTimeoutMs: 30_000,
      maxAnswerBytes: MAX_ANSWER_BYTES,
      guard: { target: guardOf(RULES) },
      ...wayOut({
        httpProxy: undefined,
        httpsProxy: undefined,
        noProxy: undefined,
        userAgentSuffix: undefined,
      }),
    });
    onEnd(() => transport.close());

    const delivery = { url: `${receiver.url}/hook`, messageId: 'wh-1', body: '{}', secrets: [] };
    const attempt = await deliver(delivery, { transport, clock: { now: Date.now }, timeoutMs: 5_000 });

    expect(receiver.requests).toHaveLength(1);
    expect(receiver.requests[0]?.headers['user-agent']).toMatch(
      /^genesys-webmessaging-worker\/\d+\.\d+\.\d+/,
    );
    if (odd.status === 'none') expect(attempt).toMatchObject({ outcome: 'unreachable' });
    else {
      const outcome = odd.status < 300 ? 'delivered' : 'refused';
      const isReadable = odd.status < 300 && odd.isReadable !== false;
      expect(attempt).toMatchObject({ outcome, status: odd.status });
      expect(attempt.answer).toBe(isReadable ? '{"id":"msg-1"}' : undefined);
    }
  });
});
