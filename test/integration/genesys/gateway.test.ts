import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { guest } from '../../../src/genesys/dialects/guest/guest.ts';
import { jsonAnswer, openRawServer, type RawAnswer, rawAnswer } from '../../support/raw-server.ts';
import { openSystem } from '../../support/system.ts';
import { failureOf, openCaller } from './caller.ts';

const GRANT = { access_token: 'token-1', token_type: 'bearer', expires_in: 86_399 };

/** A caller whose tenant has one server for both hosts. */
async function open(tokenAnswer: RawAnswer, paths = { login: '', api: '' }) {
  const system = await openSystem();
  const gateway = await openRawServer(({ target }) =>
    target.endsWith('/oauth/token') ? tokenAnswer : jsonAnswer(200, { id: 'msg-1' }),
  );
  const caller = openCaller(system);
  const hosts = { login: `${gateway.url}${paths.login}`, api: `${gateway.url}${paths.api}` };
  return { gateway, caller, tenant: { ...caller.tenant(), hosts } };
}

describe('a token', () => {
  test.for([
    ['compressed', rawAnswer(200, gzipSync(JSON.stringify(GRANT)), ['Content-Encoding: gzip'])],
    [
      'behind 100 Continue',
      Buffer.concat([Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'), jsonAnswer(200, GRANT)]),
    ],
    ['with a life written as a text', jsonAnswer(200, { ...GRANT, expires_in: '86399' })],
    ['with a life beyond all bounds', jsonAnswer(200, '{"access_token":"token-1","expires_in":1e300}')],
    ['without a life', jsonAnswer(200, { access_token: 'token-1' })],
    ['with a life below nothing', jsonAnswer(200, { ...GRANT, expires_in: -1 })],
  ] as const)('%s is accepted, and kept for the next message', async ([, answer]) => {
    const { gateway, caller, tenant } = await open(answer);

    expect(await caller.send('job-1', { tenant })).toEqual({ messageId: 'msg-1' });
    expect(await caller.send('job-2', { tenant })).toEqual({ messageId: 'msg-1' });

    expect(gateway.requests.map(({ target }) => target)).toEqual([
      '/oauth/token',
      '/api/v2/conversations/messaging/messages',
      '/api/v2/conversations/messaging/messages',
    ]);
  });

  test.for([
    ['a page of HTML', jsonAnswer(200, '<html>sign in</html>')],
    ['nothing', jsonAnswer(200, '')],
    ['another shape', jsonAnswer(200, { access_token: { length: { toString: 0, valueOf: 0 } } })],
    ['a compression that is not known', rawAnswer(200, Buffer.from('abc'), ['Content-Encoding: zstd'])],
  ] as const)('is unreadable as %s, and the error does not blame the credentials', async ([, answer]) => {
    const { caller, tenant } = await open(answer);

    const error = await failureOf(caller.send('job-1', { tenant }));

    expect(error).toMatchObject({
      code: 'TOKEN_UNREADABLE',
      disposition: 'retry',
      status: 200,
      isUnknown: false,
    });
    expect(error.message).not.toContain('refused');
  });
});

describe('a host with a path', () => {
  test.for([
    ['', '/genesys/login', '/genesys'],
    ['and a slash at the end', '/genesys/login/', '/genesys/'],
  ] as const)(
    '%s has it before every path, so that neither the secret nor a message goes elsewhere',
    async ([, login, api]) => {
      const { gateway, caller, tenant } = await open(jsonAnswer(200, GRANT), { login, api });

      await caller.send('job-1', { tenant });
      const page = { pageNumber: 1, pageSize: 25 };
      await failureOf(caller.genesys.call(tenant, guest.listDeployments, page, { requestId: 'job-2' }));

      expect(gateway.requests.map(({ target }) => target)).toEqual([
        '/genesys/login/oauth/token',
        '/genesys/api/v2/conversations/messaging/messages',
        '/genesys/api/v2/webmessaging/deployments?pageNumber=1&pageSize=25',
      ]);
    },
  );
});

test('every request names its program and the accepted compressions', async () => {
  const { gateway, caller, tenant } = await open(jsonAnswer(200, GRANT));

  await caller.send('job-1', { tenant });

  expect(gateway.requests).toHaveLength(2);
  for (const { headers } of gateway.requests) {
    expect(headers).toMatchObject({
      'user-agent': expect.stringMatching(/^genesys-webmessaging-worker\/\d+\.\d+\.\d+/),
      'accept-encoding': 'gzip, deflate, br',
    });
  }
});
