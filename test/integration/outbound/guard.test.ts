import type { LookupAddress } from 'node:dns';
import { describe, expect, test } from 'vitest';
import type { Lookup } from '../../../src/outbound/guard.ts';
import { createGuardedTransports } from '../../../src/outbound/guarded-transports.ts';
import { guardOf, isTargetRefused, type TargetRules } from '../../../src/outbound/target.ts';
import { createTransport, type Transport } from '../../../src/outbound/transport.ts';
import { onEnd } from '../../support/lifetime.ts';
import { openReceiver } from '../../support/receiver.ts';

const TIMES = {
  connectTimeoutMs: 30_000,
  requestTimeoutMs: 30_000,
  maxAnswerBytes: 16_384,
  userAgent: 'test',
};
/** The rules of a tenant whose receivers are on this machine. */
const LOCAL: TargetRules = {
  allowHttp: true,
  ports: [{ from: 1024, to: 65_535 }],
  allowHosts: ['127.0.0.1'],
};
/** The same rules without this machine. */
const OUTSIDE: TargetRules = { ...LOCAL, allowHosts: [] };

/** A DNS that gives these answers one after the other, and then repeats the last one. */
function answering(...answers: string[][]): Lookup & { readonly asked: string[] } {
  const asked: string[] = [];
  const lookup: Lookup = (hostname, _options, callback) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(hostname);
    callback(null, addresses.map(familyOf));
  };
  return Object.assign(lookup, { asked });
}

function familyOf(address: string): LookupAddress {
  return { address, family: address.includes(':') ? 6 : 4 };
}

function open(rules: TargetRules, lookup?: Lookup): Transport {
  const transport = createTransport({ ...TIMES, guard: { target: guardOf(rules), lookup } });
  onEnd(() => transport.close());
  return transport;
}

/** The status of the answer, or 'refused' if the destination is not allowed. */
async function post(transport: Transport, url: string): Promise<number | 'refused'> {
  const request = { method: 'POST', headers: {}, content: '{}', deadline: AbortSignal.timeout(60_000) };
  try {
    return (await transport.send(url, request)).status;
  } catch (error) {
    if (isTargetRefused(error)) return 'refused';
    throw error;
  }
}

describe('a name', () => {
  test('is called at its address if that is allowed', async () => {
    const receiver = await openReceiver();
    const lookup = answering(['127.0.0.1']);

    expect(await post(open(LOCAL, lookup), named(receiver.url))).toBe(204);
    expect(lookup.asked).toEqual(['hooks.example']);
    expect(receiver.received).toHaveLength(1);
  });

  test.each([
    ['this machine', ['127.0.0.1']],
    ['this machine, by IPv6', ['::1']],
    ['the metadata of a cloud', ['169.254.169.254']],
    ['an inner address within an IPv6 one', ['::ffff:127.0.0.1']],
    ['a public address and an inner one', ['1.1.1.1', '127.0.0.1']],
    ['an inner address and a public one', ['127.0.0.1', '1.1.1.1']],
  ])('is refused if it leads to %s', async (_where, addresses) => {
    const receiver = await openReceiver();

    expect(await post(open(OUTSIDE, answering(addresses)), named(receiver.url))).toBe('refused');
    expect(receiver.received).toEqual([]);
  });

  test('is refused if the system resolves it: localhost', async () => {
    const receiver = await openReceiver();

    expect(await post(open(OUTSIDE), receiver.url.replace('127.0.0.1', 'localhost'))).toBe('refused');
    expect(receiver.received).toEqual([]);
  });

  test('is looked up once for each connection, and the checked address is the one that is used', async () => {
    const receiver = await openReceiver();
    receiver.answerWith({ status: 204, headers: { connection: 'close' } });
    const lookup = answering(['127.0.0.1'], ['127.0.0.2'], ['127.0.0.1']);
    const transport = open(LOCAL, lookup);

    expect(await post(transport, named(receiver.url))).toBe(204);
    // The name now leads to an address that is not allowed. The earlier check does not count.
    expect(await post(transport, named(receiver.url))).toBe('refused');
    expect(await post(transport, named(receiver.url))).toBe(204);
    expect(lookup.asked).toHaveLength(3);
    expect(receiver.received).toHaveLength(2);
  });

  test('without an address is not refused, because it may get one later', async () => {
    await expect(post(open(OUTSIDE, answering([])), 'http://hooks.example:8080/')).rejects.toThrow();
  });
});

describe('a literal address', () => {
  test.each(['127.0.0.1', '2130706433', '0x7f.1', '0177.0.0.1', '127.1', '[::ffff:127.0.0.1]', '[::1]'])(
    'is refused without a lookup: %s',
    async (host) => {
      const receiver = await openReceiver();
      const lookup = answering(['127.0.0.1']);

      expect(await post(open(OUTSIDE, lookup), receiver.url.replace('127.0.0.1', host))).toBe('refused');
      expect(lookup.asked).toEqual([]);
      expect(receiver.received).toEqual([]);
    },
  );

  test('is called if it is allowed, in every spelling', async () => {
    const receiver = await openReceiver();

    expect(await post(open(LOCAL), receiver.url.replace('127.0.0.1', '0x7f.1'))).toBe(204);
  });
});

describe('the URL itself', () => {
  test.each([
    ['a port that is not allowed', 'http://127.0.0.1:22/'],
    ['a user name', 'http://user@127.0.0.1:8080/'],
    ['another scheme', 'ftp://127.0.0.1:8080/'],
  ])('is checked too: %s', async (_what, url) => {
    expect(await post(open(LOCAL), url)).toBe('refused');
  });

  test('is the only destination, because redirects are not followed', async () => {
    const receiver = await openReceiver();
    const inner = await openReceiver();
    receiver.answerWith({ status: 307, headers: { location: inner.url } });

    expect(await post(open(LOCAL), receiver.url)).toBe(307);
    expect(inner.received).toEqual([]);
  });
});

test('a connection of one tenant does not serve a tenant that may not go there', async () => {
  const receiver = await openReceiver();
  const transports = createGuardedTransports({ ...TIMES, lookup: answering(['127.0.0.1']) });
  onEnd(() => transports.close());

  expect(await post(transports.of(LOCAL), named(receiver.url))).toBe(204);
  expect(await post(transports.of(OUTSIDE), named(receiver.url))).toBe('refused');
  expect(await post(transports.of({ ...LOCAL }), named(receiver.url))).toBe(204);
  expect(transports.of({ ...LOCAL })).toBe(transports.of(LOCAL));
  expect(receiver.received).toHaveLength(2);
});

/** The receiver's URL with a name that only the DNS of the test knows. */
function named(url: string): string {
  return url.replace('127.0.0.1', 'hooks.example');
}
