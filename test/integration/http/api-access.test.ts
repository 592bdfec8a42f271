import { describe, expect, test } from 'vitest';
import { message, openSystem } from '../../support/system.ts';
import { callerOf } from './calls.ts';
import { openServer } from './stage.ts';

const body = message();

describe('an API key', () => {
  test('is needed, and has a challenge', async () => {
    const { url } = await openServer(await openSystem());

    const { status, headers, body: problem } = await callerOf(url, undefined)('/v1/messages', { body });

    expect([status, problem.code]).toEqual([401, 'KEY_MISSING']);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer /);
  });

  test('may stand in X-API-Key', async () => {
    const { url, keys } = await openServer(await openSystem());
    const secret = await keys.make();

    const answer = await callerOf(url, undefined)('/v1/messages', { body, headers: { 'x-api-key': secret } });
    const both = await callerOf(url, secret)('/v1/messages', { body, headers: { 'x-api-key': 'another' } });

    expect([answer.status, both.status]).toEqual([202, 401]);
  });

  test.for(['gwm_live_nothing', 'x'.repeat(5000), '__proto__', 'constructor'])(
    'that is unknown is refused: %#',
    async (secret) => {
      const { url } = await openServer(await openSystem());

      const { status, body: problem } = await callerOf(url, secret)('/v1/messages', { body });

      expect([status, problem.code]).toEqual([401, 'KEY_UNKNOWN']);
    },
  );

  test('needs the scope of the route', async () => {
    const { url, keys } = await openServer(await openSystem());
    const call = callerOf(url, await keys.make({ scopes: ['read'] }));

    const { status, body: problem } = await call('/v1/messages', { body });

    expect([status, problem.code, problem.scope]).toEqual([403, 'KEY_SCOPE_MISSING', 'send']);
  });

  test('is of no use to a page of another site', async () => {
    const { url, keys } = await openServer(await openSystem());

    const { status, body: problem } = await callerOf(url, await keys.make())('/v1/messages', {
      body,
      headers: { 'sec-fetch-site': 'cross-site' },
    });

    expect([status, problem.code]).toEqual([403, 'CROSS_SITE_REFUSED']);
  });

  test('has a quota of its own, for all processes together', async () => {
    const system = await openSystem();
    const limits = { API_RATE: '1', API_BURST: '3' };
    const [one, two] = [await openServer(system, limits), await openServer(system, limits)];
    const [secret, another] = [await one.keys.make(), await two.keys.make()];

    const startedAt = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        callerOf((index % 2 === 0 ? one : two).url, secret)('/v1/messages', { body }),
      ),
    );
    const refilled = Math.ceil((performance.now() - startedAt) / 1000);
    const other = await callerOf(one.url, another)('/v1/messages', { body });

    const accepted = answers.filter(({ status }) => status === 202);
    const refused = answers.filter(({ status }) => status === 429);
    expect(accepted.length + refused.length).toBe(20);
    expect(accepted.length).toBeGreaterThanOrEqual(3);
    expect(accepted.length).toBeLessThanOrEqual(3 + refilled);
    expect(other.status).toBe(202);
    expect(accepted[0]?.headers.get('ratelimit-policy')).toBe('"default";q=3;w=3');
    expect(accepted[0]?.headers.get('ratelimit')).toMatch(/^"default";r=[012];t=[123]$/);
    for (const { headers, body: problem } of refused) {
      expect(headers.get('ratelimit')).toBe('"default";r=0;t=1');
      expect(headers.get('retry-after')).toBe('1');
      expect(problem).toMatchObject({ code: 'QUOTA_EXCEEDED', 'violated-policies': ['default'] });
    }
  });
});

describe('a problem', () => {
  test('has a type that the server explains', async () => {
    const { url } = await openServer(await openSystem());
    const { body: problem } = await callerOf(url, undefined)('/v1/messages', { body });

    const page = await fetch(new URL(problem.type, url));

    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toContain('gwm keys create');
  });

  test('has a type beneath the path of a proxy', async () => {
    const { url } = await openServer(await openSystem(), { HTTP_BASE_PATH: '/ops' });

    const { body: problem } = await callerOf(url, undefined)('/v1/messages', { body });

    expect(problem.type).toBe('/ops/errors/KEY_MISSING');
  });

  test('names the methods of an address', async () => {
    const { url, keys } = await openServer(await openSystem());

    const {
      status,
      headers,
      body: problem,
    } = await callerOf(url, await keys.make())('/v1/messages', {
      method: 'PUT',
    });

    expect([status, problem.code, headers.get('allow')]).toEqual([405, 'METHOD_NOT_ALLOWED', 'POST']);
  });

  test.for([
    ['BODY_UNREADABLE', { body: '{"a":' }],
    ['MEDIA_TYPE_UNSUPPORTED', { body: 'a=b', headers: { 'content-type': 'text/plain' } }],
    ['BODY_TOO_LARGE', { body: JSON.stringify('x'.repeat(1024 * 1024)) }],
    ['JOB_INVALID', { body: '[]' }],
    ['JOB_INVALID', { body: 'null' }],
    ['JOB_INVALID', { body: '"text"' }],
    ['JOB_INVALID', { body: '{"__proto__": {"tenantId": "acme"}}' }],
  ] as const)('%s answers a wrong body: %#', async ([code, options]) => {
    const { url, keys } = await openServer(await openSystem());

    const {
      status,
      headers,
      body: problem,
    } = await callerOf(url, await keys.make())('/v1/messages', options);

    expect(problem).toMatchObject({ code, status });
    expect(headers.get('content-type')).toBe('application/problem+json');
  });
});

describe('the API document', () => {
  test('is served, and names the path of a proxy', async () => {
    const { url } = await openServer(await openSystem(), { HTTP_BASE_PATH: '/ops' });

    const { status, body: document } = await callerOf(url, undefined)('/openapi.json');

    expect(status).toBe(200);
    expect(document).toMatchObject({ openapi: '3.1.0', servers: [{ url: '/ops' }] });
  });

  test('has a page to try it, whose files come from here', async () => {
    const { url } = await openServer(await openSystem());

    const page = await fetch(`${url}/docs`);
    const html = await page.text();

    expect([page.status, page.url]).toEqual([200, `${url}/docs/`]);
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const address = new URL(file, page.url);
      expect(address.origin).toBe(url);
      expect([file, (await fetch(address)).status]).toEqual([file, 200]);
    }
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  });
});
