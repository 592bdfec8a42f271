import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { DEFAULT_DEPLOYMENT_ID } from '../../../../src/sandbox/platform/webmessaging/deployments.ts';
import { frameProblems } from '../../../support/channel/frame-rules.ts';
import { connectGuest } from '../../../support/channel/guest.ts';
import { openTestSandbox } from '../../../support/test-sandbox.ts';

async function openWith(deployment: object, settings: object = {}) {
  const sandbox = await openTestSandbox();
  await sandbox.platform('PUT', '/webmessaging/deployments', { id: DEFAULT_DEPLOYMENT_ID, ...deployment });
  await sandbox.platform('PUT', '/webmessaging/settings', settings);
  return sandbox;
}

const SHOP = { allowAllDomains: false, allowedDomains: ['shop.example'] };

describe('the upgrade', () => {
  test.each(['https://shop.example', 'https://www.shop.example:8443', 'http://shop.example', 'shop.example'])(
    'is accepted from a page of an allowed domain: %s',
    async (origin) => {
      const guest = await connectGuest(await openWith(SHOP), { origin });
      expect((await guest.configure(randomUUID())).class).toBe('SessionResponse');
    },
  );

  test.each(['https://notshop.example', 'https://shop.example.evil.example', 'null', null])(
    'is refused with 403 from another page: %s',
    async (origin) => {
      await expect(connectGuest(await openWith(SHOP), { origin })).rejects.toThrow('403');
    },
  );

  test('without an Origin is accepted where the settings say so', async () => {
    const sandbox = await openWith(SHOP, { upgrade: { missingOrigin: 'allow' } });
    await expect(connectGuest(sandbox, { origin: null })).resolves.toBeDefined();
  });

  test('of an inactive deployment is refused at the upgrade, or at the configure', async () => {
    await expect(connectGuest(await openWith({ status: 'Inactive' }))).rejects.toThrow('403');
    const guest = await connectGuest(
      await openWith({ status: 'Inactive' }, { upgrade: { refuseAt: 'configure' } }),
    );
    expect(await guest.configure(randomUUID())).toMatchObject({ class: 'string', code: 404 });
  });

  test('is refused with 429 above the rate of the deployment', async () => {
    const sandbox = await openWith({}, { rates: { connectionsPerMinute: 1 } });
    await connectGuest(sandbox);
    await expect(connectGuest(sandbox)).rejects.toThrow('429');
  });

  test('is refused with the status that a test asks for, and counted', async () => {
    const sandbox = await openWith({});
    await sandbox.platform('POST', '/webmessaging/faults', {
      on: 'upgrade',
      effect: { kind: 'refuse', status: 503 },
    });
    await expect(connectGuest(sandbox)).rejects.toThrow('503');
    expect(await sandbox.platform('GET', '/webmessaging/connections')).toMatchObject({ refused: { 503: 1 } });
  });
});

describe('the public files of a deployment', () => {
  const path = `/webdeployments/v1/deployments/${DEFAULT_DEPLOYMENT_ID}`;

  test('say what the messenger may do, and where it connects', async () => {
    const { url } = await openWith({ conversationClear: true, sessionDurationSeconds: 900 });
    const config = await (await fetch(`${url}${path}/config.json`)).json();
    expect(config).toMatchObject({
      status: 'Active',
      messenger: {
        enabled: true,
        apps: {
          conversations: {
            messagingEndpoint: url.replace('http', 'ws'),
            conversationClear: { enabled: true },
            conversationDisconnect: { enabled: false },
            sessionDurationSeconds: 900,
          },
        },
      },
    });
  });

  test('name the allowed domains', async () => {
    const { url } = await openWith(SHOP);
    expect(await (await fetch(`${url}${path}/domains.json`)).json()).toEqual(SHOP);
  });

  test('answer 403 for an unknown deployment', async () => {
    const { url } = await openWith({});
    for (const file of ['config.json', 'domains.json']) {
      const answer = await fetch(`${url}/webdeployments/v1/deployments/${randomUUID()}/${file}`);
      expect(answer.status).toBe(403);
    }
  });
});

describe('the rules for frames', () => {
  const good = {
    type: 'response',
    class: 'JwtResponse',
    code: 200,
    body: { jwt: 'a.b.c', exp: 1_796_112_000 },
  };

  test('accept a frame of the documents', () => {
    expect(frameProblems(good)).toEqual([]);
  });

  test.each([
    ['no object', null],
    ['another type', { ...good, type: 'message' }],
    ['no code', { ...good, code: '200' }],
    ['an unknown class', { ...good, class: 'Jwt' }],
    ['a field that is missing', { ...good, body: { jwt: 'a' } }],
    ['a field of another form', { ...good, body: { jwt: 'a', exp: 5 } }],
    ['a tracing id that is no text', { ...good, tracingId: 7 }],
    [
      'an id of a message that is no 32 hex digits',
      { type: 'message', class: 'StructuredMessage', code: 200, body: { id: 'x' } },
    ],
  ])('find fault with %s', (_name, frame) => {
    expect(frameProblems(frame)).not.toEqual([]);
  });
});
