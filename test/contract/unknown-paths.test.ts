import { expect, test } from 'vitest';
import { extended, openStage } from './sdk.ts';

test.each([
  ['GET', '/api/v2/webmessaging/deployments'],
  ['POST', '/api/v2/audit/records/query'],
  ['PUT', '/api/v2/webchat/organizations/umbrella/configurations'],
  ['GET', '/api/v2/nowhere'],
  ['DELETE', '/api/v2/audits/query'],
])('%s %s does not exist for a client of the platform', async (method, path) => {
  const stage = await openStage();
  const reply = await extended(stage, () =>
    stage.client.callApi(
      path,
      method,
      {},
      {},
      {},
      {},
      method === 'GET' || method === 'DELETE' ? null : {},
      ['PureCloud OAuth'],
      ['application/json'],
      ['application/json'],
    ),
  );
  expect(reply).toMatchObject({ status: 404, body: { code: 'not.found', status: 404 } });
  expect(reply.headers).toMatchObject({
    'inin-ratelimit-count': '1',
    'inin-ratelimit-allowed': '300',
    'inin-ratelimit-reset': '61',
    'inin-correlation-id': reply.body.contextId,
  });
  expect(reply.headers['x-request-id']).toBeUndefined();
});

test('an unknown path takes its part of the rate limit, and needs a valid token', async () => {
  const stage = await openStage({
    platform: { rate: { perToken: 1 }, login: { expiresInSeconds: 60 } },
  });
  const call = () =>
    extended(stage, () =>
      stage.client.callApi('/api/v2/nowhere', 'GET', {}, {}, {}, {}, null, ['PureCloud OAuth'], [], []),
    );
  expect(await call()).toMatchObject({ status: 404 });
  expect(await call()).toMatchObject({ status: 429, body: { code: 'too.many.requests.retry.after' } });
  stage.advance(60_000);
  const reply = await call();
  expect(reply).toMatchObject({ status: 401, body: { code: 'bad.credentials' } });
  expect(reply.headers['x-request-id']).toBeUndefined();
});
