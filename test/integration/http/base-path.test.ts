import { describe, expect, test } from 'vitest';
import { openReverseProxy } from '../../support/reverse-proxy.ts';
import { openSystem } from '../../support/system.ts';
import { openServer } from './stage.ts';

const PREFIX = '/ops/queues';

describe('a server behind a path', () => {
  test.for([
    {
      what: 'HTTP_BASE_PATH, which the proxy takes off',
      environment: { HTTP_BASE_PATH: PREFIX },
      strips: true,
    },
    {
      what: 'HTTP_BASE_PATH, which the proxy leaves',
      environment: { HTTP_BASE_PATH: PREFIX },
      strips: false,
    },
    {
      what: 'X-Forwarded-Prefix of a trusted proxy',
      environment: { HTTP_TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.0/8' },
      headers: { 'x-forwarded-prefix': PREFIX },
      strips: true,
    },
  ])('has all its links below it: $what', async ({ environment, headers, strips }) => {
    const { url } = await openServer(await openSystem(), environment);
    const outside = await openReverseProxy(url, { prefix: PREFIX, strips, ...(headers && { headers }) });

    const start = await (await fetch(`${outside}/`)).text();
    const page = await fetch(`${outside}/board/queue/message-transmission`);
    const html = await page.text();

    const [files = ''] = /(?<=<script type="module" src=")[^"]+/.exec(start) ?? [];
    expect(files).toMatch(new RegExp(`^${PREFIX}/control-room/`));
    expect((await fetch(new URL(files, outside))).status).toBe(200);
    expect(page.status).toBe(200);
    expect(html).toContain(`<base href="${PREFIX}/board/" />`);
    const [script = ''] = /(?<=<script defer src=")[^"]+/.exec(html) ?? [];
    expect((await fetch(`${outside}/board/${script}`)).status).toBe(200);
    for (const path of ['/board/api/queues', '/healthz', '/readyz']) {
      expect((await fetch(outside + path)).status).toBe(200);
    }
    expect((await fetch(`${outside}/v1/jobs/jabc`)).status).toBe(401);
  });

  test.for([
    { what: 'from an untrusted proxy', environment: {} },
    { what: 'from a network that is not named', environment: { HTTP_TRUSTED_PROXIES: '10.0.0.0/8,::2' } },
  ])('ignores X-Forwarded-Prefix $what', async ({ environment }) => {
    const { url } = await openServer(await openSystem(), environment);
    const headers = { 'x-forwarded-prefix': '/evil' };

    const start = await (await fetch(url, { headers })).text();

    expect(start).toContain('src="/control-room/');
    expect(await (await fetch(`${url}/board`, { headers })).text()).toContain('<base href="/board/" />');
  });

  test.for([
    '//evil.example',
    '/a/../b',
    '/"><script>',
    'https://evil.example',
    `/${'a'.repeat(300)}`,
    '/a//b',
  ])('ignores a wrong path: %s', async (prefix) => {
    const { url } = await openServer(await openSystem(), { HTTP_TRUSTED_PROXIES: '127.0.0.1' });

    const start = await (await fetch(url, { headers: { 'x-forwarded-prefix': prefix } })).text();

    expect(start).toContain('src="/control-room/');
  });
});
