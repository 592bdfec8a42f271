import sdk from 'purecloud-platform-client-v2';
import { describe, expect, test } from 'vitest';
import { configuration } from './bodies.ts';
import { CLIENT, extended, failureOf, openStage, sdkClient, TENANT } from './sdk.ts';

/** An error of the login host, as axios rejects with it. */
interface LoginError {
  response: { status: number; data: unknown };
}

describe('a token', () => {
  test('lives for 86,400 s unless its client or a setting says otherwise', async () => {
    const lifetimeOf = async (options: Parameters<typeof openStage>[0]) => {
      const { sandbox } = await openStage(options);
      const response = await fetch(`${sandbox.url}/oauth/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${CLIENT.clientId}:${CLIENT.clientSecret}`)}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
      return await response.json();
    };
    const grant = { access_token: expect.any(String), token_type: 'bearer' };
    expect(await lifetimeOf({})).toEqual({ ...grant, expires_in: 86_400 });
    expect(await lifetimeOf({ platform: { login: { expiresInSeconds: 60 } } })).toMatchObject({
      expires_in: 60,
    });
    expect(await lifetimeOf({ clients: [{ ...CLIENT, accessTokenValiditySeconds: 300 }] })).toMatchObject({
      expires_in: 300,
    });
  });

  test('is granted to credentials in the body too', async () => {
    const { sandbox } = await openStage();
    const response = await fetch(`${sandbox.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
      }),
    });
    expect(response.status).toBe(200);
  });

  test('ends with its lifetime, and when it is deleted', async () => {
    const stage = await openStage({ platform: { login: { expiresInSeconds: 60 } } });
    await stage.tokens.headTokensMe();
    stage.advance(60_000);
    expect(await failureOf(stage.tokens.getTokensMe())).toMatchObject({ code: 'bad.credentials' });

    const again = await stage.loginAs(CLIENT);
    await again.tokens.deleteTokensMe();
    expect(await failureOf(again.tokens.getTokensMe())).toMatchObject({ code: 'bad.credentials' });
  });

  test.each([
    ['an unknown client', 'unknown-client', 'secret', 400, 'invalid_client', 'client not found'],
    ['a wrong secret', CLIENT.clientId, 'wrong', 401, 'invalid_client', 'authentication failed'],
  ])('is refused to %s', async (_case, clientId, secret, status, error, description) => {
    const { sandbox } = await openStage();
    const login = sdkClient(sandbox.url).loginClientCredentialsGrant(clientId, secret);
    const { response } = (await failureOf(login)) as unknown as LoginError;
    expect(response.status).toBe(status);
    expect(response.data).toEqual({ error, description, error_description: description });
  });

  test('is refused with 400 above the rate limit of the login host', async () => {
    const { sandbox, loginAs, advance } = await openStage({ platform: { login: { tokensPerMinute: 2 } } });
    await loginAs(CLIENT);
    const login = sdkClient(sandbox.url).loginClientCredentialsGrant(CLIENT.clientId, CLIENT.clientSecret);
    const { response } = (await failureOf(login)) as unknown as LoginError;
    expect(response.status).toBe(400);
    expect(response.data).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringMatching(/^rate limit exceeded;/),
    });
    expect(sandbox.stats().byOperation['oauth.token']).toMatchObject({ rateLimited: 1, unauthorized: 0 });
    advance(60_000);
    await loginAs(CLIENT);
  });
});

describe('what a client learns about itself', () => {
  test('is its organization, its roles and their permissions, without any permission', async () => {
    const poor = { ...CLIENT, permissions: ['conversation:message:create'] };
    const { tokens, authorization, organization } = await openStage({ clients: [poor] });
    const token = await tokens.getTokensMe();
    expect(token).toMatchObject({
      organization: { name: TENANT },
      OAuthClient: { id: CLIENT.clientId, authorizedGrantType: 'CLIENT-CREDENTIALS', state: 'active' },
    });
    const { id } = await organization.getOrganizationsMe();
    expect(id).toBe(token.organization?.id);
    const { grants = [] } = await authorization.getAuthorizationSubjectsMe();
    expect(grants.map(({ role }) => role?.id)).toEqual(
      token.OAuthClient?.roleDivisions?.map(({ roleId }) => roleId),
    );
    expect(grants[0]?.role?.policies).toEqual([
      { domain: 'conversation', entityName: 'message', actions: ['create'] },
    ]);
  });

  test('is its lifetime and its role, with the permissions for that', async () => {
    const permissions = ['oauth:client:view', 'authorization:role:view'];
    const { oauth, authorization } = await openStage({ clients: [{ ...CLIENT, permissions }] });
    const client = await oauth.getOauthClient(CLIENT.clientId);
    expect(client.accessTokenValiditySeconds).toBe(86_400);
    const role = await authorization.getAuthorizationRole(client.roleDivisions?.[0]?.roleId ?? '');
    expect(role.permissions).toEqual(permissions);
    expect(role.permissionPolicies).toMatchObject([
      { domain: 'oauth', entityName: 'client', actionSet: ['view'] },
      { domain: 'authorization', entityName: 'role', actionSet: ['view'] },
    ]);
    expect(await failureOf(oauth.getOauthClient('unknown-client'))).toMatchObject({
      status: 404,
      code: 'client.not.found',
    });
  });

  test('is every limit of the organization, as it is in effect', async () => {
    const { organization } = await openStage({
      platform: { rate: { perToken: 42 }, organization: { limits: { messaging: { 'open.rate': 7 } } } },
    });
    expect(await organization.getOrganizationsLimitsNamespaces()).toMatchObject({
      entities: [
        { name: 'platform.api' },
        { name: 'web.messaging' },
        { name: 'web.deployments' },
        { name: 'messaging' },
      ],
    });
    const { entities } = await organization.getOrganizationsLimitsNamespace('platform.api');
    expect(entities).toContainEqual({
      key: 'client.credentials.token.rate.per.minute',
      namespace: 'platform.api',
      value: 42,
    });
    const defaults = await organization.getOrganizationsLimitsNamespaceDefaults('messaging');
    expect(defaults.entities).toContainEqual({ key: 'open.rate', namespace: 'messaging', value: 7 });
    expect(await failureOf(organization.getOrganizationsLimitsNamespace('nothing'))).toMatchObject({
      status: 404,
    });
  });
});

describe('an error', () => {
  test('has the shape of the API, and the correlation id of its header', async () => {
    const stage = await openStage();
    const reply = await extended(stage, () => stage.webDeployments.getWebdeploymentsDeployment('nothing'));
    expect(reply.body).toEqual({
      message: 'The requested resource was not found.',
      code: 'not.found',
      status: 404,
      contextId: reply.headers['inin-correlation-id'],
      details: [],
      errors: [],
    });
    expect(reply.headers['x-request-id']).toBeUndefined();
  });

  test('names all permissions that a client lacks', async () => {
    const client = { ...CLIENT, permissions: ['webDeployments:configuration:view'] };
    const { webDeployments } = await openStage({ clients: [client] });
    const call = webDeployments.postWebdeploymentsConfigurationVersionsDraftPublish('c');
    expect(await failureOf(call)).toMatchObject({
      status: 403,
      code: 'missing.permissions',
      messageParams: {
        permissions: 'webDeployments:configuration:edit, webDeployments:configuration:add',
      },
    });
  });

  test('names the alternatives where one permission is enough', async () => {
    const { conversations, loginAs } = await openStage({
      clients: [
        { ...CLIENT, permissions: [] },
        { ...CLIENT, clientId: 'other', permissions: ['conversation:webmessaging:view'] },
      ],
    });
    expect(await failureOf(conversations.getConversationsMessageDetails('m'))).toMatchObject({
      status: 403,
      code: 'missing.any.permissions',
      message: expect.stringContaining('conversation:message:view, conversation:webmessaging:view'),
    });
    const other = await loginAs({ ...CLIENT, clientId: 'other' });
    expect(await failureOf(other.conversations.getConversationsMessageDetails('m'))).toMatchObject({
      status: 404,
    });
  });

  test('tells a client of the guest dialect that it may do nothing', async () => {
    const guest = { ...CLIENT, clientId: 'guest', dialect: 'guest' as const };
    const { loginAs } = await openStage({ clients: [CLIENT, guest] });
    const { tokens, audits } = await loginAs(guest);
    expect(await failureOf(tokens.getTokensMe())).toMatchObject({ status: 403, code: 'not.authorized' });
    expect(await failureOf(audits.getAuditsQueryServicemapping())).toMatchObject({ status: 403 });
  });

  test.each([
    ['a missing token', undefined, 'authentication.required'],
    ['an unknown token', 'made-up', 'bad.credentials'],
  ])('refuses %s with 401', async (_case, token, code) => {
    const { sandbox } = await openStage();
    const client = sdkClient(sandbox.url);
    if (token !== undefined) client.setAccessToken(token);
    expect(await failureOf(new sdk.TokensApi(client).getTokensMe())).toMatchObject({ status: 401, code });
  });

  test('refuses a body over 512,000 bytes with 413', async () => {
    const { webDeployments } = await openStage();
    const body = { ...configuration(), description: 'x'.repeat(512_000) };
    expect(await failureOf(webDeployments.postWebdeploymentsConfigurations(body))).toMatchObject({
      status: 413,
      code: 'request.entity.too.large',
    });
  });

  test('comes from a fault plan by the name of its operation, with the headers of the rate limit', async () => {
    const stage = await openStage();
    const errors = [{ status: 429, rate: 1, retryAfterSeconds: 9, times: 1 }];
    await stage.sandbox.inject({ operations: { 'platform.deployment.list': { errors } } });
    const reply = await extended(stage, () => stage.webDeployments.getWebdeploymentsDeployments());
    expect(reply).toMatchObject({
      status: 429,
      headers: { 'retry-after': '9', 'inin-ratelimit-count': '0', 'inin-ratelimit-allowed': '300' },
      body: { code: 'too.many.requests', status: 429 },
    });
    await stage.webDeployments.getWebdeploymentsDeployments();
  });
});

describe('the rate limit', () => {
  test('is a window that the first request of a token opens', async () => {
    const stage = await openStage({ platform: { rate: { perToken: 2 } } });
    const ask = () => extended(stage, () => stage.organization.getOrganizationsMe());
    const shown = ({ headers }: Awaited<ReturnType<typeof ask>>) => [
      headers['inin-ratelimit-count'],
      headers['inin-ratelimit-allowed'],
      headers['inin-ratelimit-reset'],
    ];
    expect(shown(await ask())).toEqual(['1', '2', '61']);
    stage.advance(20_000);
    expect(shown(await ask())).toEqual(['2', '2', '41']);

    const refused = await ask();
    expect(shown(refused)).toEqual(['2', '2', '41']);
    expect(refused).toMatchObject({
      status: 429,
      headers: { 'retry-after': '41' },
      body: {
        code: 'too.many.requests.retry.after',
        message: 'Rate limit exceeded the maximum. Retry the request in [41] seconds',
      },
    });
    stage.advance(40_000);
    expect(shown(await ask())).toEqual(['1', '2', '61']);
  });

  test('counts each token for itself, and all tokens of a client together', async () => {
    const stage = await openStage({ platform: { rate: { perToken: 2, perClient: 3 } } });
    const second = await stage.loginAs(CLIENT);
    await stage.organization.getOrganizationsMe();
    await stage.organization.getOrganizationsMe();
    expect(await failureOf(stage.organization.getOrganizationsMe())).toMatchObject({ status: 429 });
    await second.organization.getOrganizationsMe();
    expect(await failureOf(second.organization.getOrganizationsMe())).toMatchObject({ status: 429 });
  });

  test('with GCRA grants one more request after each interval', async () => {
    const stage = await openStage({ platform: { rate: { kind: 'gcra', perToken: 6 } } });
    const ask = () => extended(stage, () => stage.organization.getOrganizationsMe());
    for (let count = 1; count <= 6; count += 1) {
      expect((await ask()).headers['inin-ratelimit-count']).toBe(String(count));
    }
    expect(await ask()).toMatchObject({ status: 429, headers: { 'retry-after': '10' } });
    stage.advance(10_000);
    expect((await ask()).status).toBe(200);
    expect((await ask()).status).toBe(429);
  });

  test('counts a refused permission unless a setting says otherwise', async () => {
    const stage = await openStage({ clients: [{ ...CLIENT, permissions: [] }] });
    const count = async () => {
      const reply = await extended(stage, () => stage.audits.getAuditsQueryServicemapping());
      expect(reply.status).toBe(403);
      return reply.headers['inin-ratelimit-count'];
    };
    expect([await count(), await count()]).toEqual(['1', '2']);
    await stage.sandbox.platform('PUT', '/settings', { rate: { countsForbidden: false } });
    expect([await count(), await count()]).toEqual(['2', '2']);
  });
});
