import type { LookupAddress } from 'node:dns';
import { describe, expect, test } from 'vitest';
import type { Lookup } from '../../../src/outbound/guard.ts';
import { createProxies, type ProxySettings } from '../../../src/outbound/proxies.ts';
import { wasSent } from '../../../src/outbound/sent.ts';
import { guardOf, isTargetRefused } from '../../../src/outbound/target.ts';
import { createTransport, describeNetworkFailure, type Transport } from '../../../src/outbound/transport.ts';
import { onEnd } from '../../support/lifetime.ts';
import { openProxy } from '../../support/proxy.ts';
import { openReceiver } from '../../support/receiver.ts';
import { openTlsServer } from '../../support/tls-server.ts';

/** A loaded machine connects and answers within these times. */
const PATIENT = {
  connectTimeoutMs: 30_000,
  requestTimeoutMs: 60_000,
  maxAnswerBytes: 16_384,
  userAgent: 'test',
};
const DEADLINE_MS = 90_000;
const SHORT_MS = 500;
const RULES = { allowHttp: true, ports: [{ from: 1, to: 65_535 }], allowHosts: ['127.0.0.0/8'] };

/** A lookup by which every name leads to this machine. */
const lookup: Lookup = (_hostname, _options, callback) =>
  callback(null, [{ address: '127.0.0.1', family: 4 } satisfies LookupAddress]);

function open(
  settings: ProxySettings,
  guarded?: { allowHosts: string[] },
  { connectTimeoutMs } = PATIENT,
): Transport {
  const proxies = createProxies(settings);
  const guard = guarded && { target: guardOf({ ...RULES, ...guarded }), lookup };
  const transport = createTransport({ ...PATIENT, connectTimeoutMs, proxies, ...(guard && { guard }) });
  onEnd(() => transport.close());
  return transport;
}

function post(transport: Transport, url: string) {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  return transport.send(url, { method: 'POST', headers: {}, content: '{}', deadline });
}

async function failureOf(sending: Promise<unknown>): Promise<unknown> {
  return await sending.then(
    () => expect.fail('it was answered'),
    (error: unknown) => error,
  );
}

describe('a request to an address of the operator', () => {
  test('by http:// goes to the proxy as a whole request', async () => {
    const [proxy, receiver] = [await openProxy(), await openReceiver()];

    const { status } = await post(open({ httpProxy: proxy.url }), `${receiver.url}/a?b=c`);

    expect(status).toBe(204);
    expect(proxy.received).toEqual([
      { method: 'POST', target: `${receiver.url}/a?b=c`, authorization: undefined },
    ]);
    expect(receiver.received[0]).toMatchObject({ path: '/a?b=c', body: '{}' });
    expect(receiver.received[0]?.headers.host).toBe(new URL(receiver.url).host);
  });

  test('by https:// goes through a tunnel, which is requested by name', async () => {
    const [proxy, server] = [await openProxy(), await openTlsServer(['localhost'])];

    const answer = await post(open({ httpsProxy: proxy.url }), `https://localhost:${server.port}/a`);

    expect(answer.body).toBe('{"id":"msg-tls"}');
    expect(proxy.received).toMatchObject([{ method: 'CONNECT', target: `localhost:${server.port}` }]);
    expect(server.received).toEqual([
      { serverName: 'localhost', host: `localhost:${server.port}`, path: '/a' },
    ]);
  });

  test('sends user name and password of the proxy to the proxy only', async () => {
    const [proxy, receiver] = [await openProxy({ login: 'us er:p@ss' }), await openReceiver()];
    const withLogin = proxy.url.replace('//', '//us%20er:p%40ss@');

    expect((await post(open({ httpProxy: withLogin }), receiver.url)).status).toBe(204);
    expect(receiver.received[0]?.headers).not.toHaveProperty('proxy-authorization');
  });

  test('goes directly if its scheme has no proxy, or NO_PROXY names its host', async () => {
    const [proxy, receiver] = [await openProxy(), await openReceiver()];

    expect((await post(open({ httpsProxy: proxy.url }), receiver.url)).status).toBe(204);
    expect((await post(open({ httpProxy: proxy.url, noProxy: '127.0.0.0/8' }), receiver.url)).status).toBe(
      204,
    );
    expect(proxy.received).toEqual([]);
  });
});

describe('a proxy that does not connect', () => {
  test.for([
    ['refuses the login', { login: 'a:b' }, 'answered 407'],
    ['does not allow it', { refuseWith: 403 }, 'answered 403 to CONNECT'],
    ['cannot reach the host', { refuseWith: 503 }, 'answered 503 to CONNECT'],
    ['does not answer', { isSilent: true }, `gave no answer to CONNECT within ${SHORT_MS} ms`],
  ] as const)(
    'gets no request if it %s, and the error leaves out its password',
    async ([, options, reason]) => {
      const proxy = await openProxy(options);
      const withLogin = proxy.url.replace('//', '//user:secret@');

      const connectTimeoutMs = 'isSilent' in options ? SHORT_MS : PATIENT.connectTimeoutMs;
      const transport = open({ httpsProxy: withLogin }, undefined, { ...PATIENT, connectTimeoutMs });
      const error = await failureOf(post(transport, 'https://genesys.example/'));

      expect(wasSent(error)).toBe(false);
      expect(describeNetworkFailure(error, 2000)).toContain(`the proxy ${new URL(proxy.url).host} ${reason}`);
      expect(describeNetworkFailure(error, 2000)).not.toContain('secret');
    },
  );

  test('causes an error if it refuses a whole request, which is no answer of the host', async () => {
    const proxy = await openProxy({ login: 'a:b' });

    const error = await failureOf(post(open({ httpProxy: proxy.url }), 'http://genesys.example/'));

    expect(wasSent(error)).toBe(false);
    expect(describeNetworkFailure(error, 2000)).toBe(`the proxy ${new URL(proxy.url).host} answered 407`);
  });

  test.for(['http://genesys.example/', 'https://genesys.example/'])(
    'causes an error if it cannot be reached: %s',
    async (url) => {
      const httpProxy = 'http://user:secret@127.0.0.1:1';

      const error = await failureOf(post(open({ httpProxy, httpsProxy: httpProxy }), url));

      expect(wasSent(error)).toBe(false);
      expect(describeNetworkFailure(error, 2000)).toBe(
        'the proxy 127.0.0.1:1 cannot be reached: ECONNREFUSED',
      );
    },
  );
});

describe('a callback', () => {
  test('is looked up and checked here: the proxy gets the address, the receiver gets its name', async () => {
    const [proxy, server] = [await openProxy(), await openTlsServer(['hooks.example'])];
    const transport = open({ httpsProxy: proxy.url }, { allowHosts: ['127.0.0.1'] });

    const { status } = await post(transport, `https://hooks.example:${server.port}/hook`);

    expect(status).toBe(200);
    expect(proxy.received).toMatchObject([{ method: 'CONNECT', target: `127.0.0.1:${server.port}` }]);
    expect(server.received).toMatchObject([
      { serverName: 'hooks.example', host: `hooks.example:${server.port}` },
    ]);
  });

  test('by http:// goes through a tunnel too, because the proxy must not look up the name', async () => {
    const [proxy, receiver] = [await openProxy(), await openReceiver()];
    const { port } = new URL(receiver.url);
    const transport = open({ httpProxy: proxy.url }, { allowHosts: ['127.0.0.1'] });

    expect((await post(transport, `http://hooks.example:${port}/`)).status).toBe(204);
    expect(proxy.received).toMatchObject([{ method: 'CONNECT', target: `127.0.0.1:${port}` }]);
  });

  test.for([
    'http://hooks.example:8080/',
    'https://hooks.example:8443/',
    'http://127.0.0.1:8080/',
    'https://[::1]:8443/',
  ])('to %s is refused by the rules of its tenant, and the proxy gets no request', async (url) => {
    const proxy = await openProxy();
    const transport = open({ httpProxy: proxy.url, httpsProxy: proxy.url }, { allowHosts: [] });

    expect(isTargetRefused(await failureOf(post(transport, url)))).toBe(true);
    expect(proxy.received).toEqual([]);
  });
});
