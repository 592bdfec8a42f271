import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runGwm, startGwm } from '../support/gwm.ts';
import { watchLeftovers } from '../support/leftovers.ts';
import { listen } from '../support/listen.ts';
import type { TestProcess } from '../support/processes.ts';
import { openSystem } from '../support/system.ts';

describe('gwm sandbox', () => {
  test('prints its address, answers, and exits 0 on SIGTERM', async () => {
    const sandbox = startGwm(['sandbox', '--port', '0']);
    const url = await urlOf(sandbox);

    expect(await (await fetch(`${url}/__sandbox/stats`)).json()).toMatchObject({ accepted: 0 });
    sandbox.kill('SIGTERM');

    expect(await sandbox.exit).toEqual({ code: 0, signal: null });
    expect(sandbox.stderr).toEqual([]);
    await expect(fetch(`${url}/__sandbox/stats`)).rejects.toThrow();
  });

  test('knows the clients of its file', async () => {
    const { env } = await watchLeftovers();
    const file = join(env['TMPDIR'] ?? '', 'clients.json');
    await writeFile(
      file,
      JSON.stringify([{ tenant: 'umbrella', clientId: 'u', clientSecret: 's', scopes: ['openid'] }]),
    );

    const url = await urlOf(startGwm(['sandbox', '--port', '0', '--clients', file]));

    expect(await (await fetch(`${url}/__sandbox/stats`)).json()).toMatchObject({
      byTenant: { umbrella: {} },
    });
  });

  test.each([
    ['wrong clients', '[{"tenant": "acme"}]', 'clientId'],
    ['no JSON', '[{', 'is not JSON'],
  ])('reports a file of %s in plain words', async (_what, content, said) => {
    const { env } = await watchLeftovers();
    const file = join(env['TMPDIR'] ?? '', 'clients.json');
    await writeFile(file, content);

    expectPlainFailure(await runGwm(['sandbox', '--port', '0', '--clients', file]), said, 78);
  });

  test('reports a taken or invalid port in plain words', async () => {
    const port = String(await listen(createServer()));

    expectPlainFailure(
      await runGwm(['sandbox', '--port', port]),
      `The sandbox cannot start on 127.0.0.1 port ${port}: `,
      69,
    );
    expectPlainFailure(
      await runGwm(['sandbox', '--port', 'eighty']),
      'It must be a whole number from 0 to 65535.',
      2,
    );
  });
});

describe('gwm serve', () => {
  test('prints its address, answers, continues on SIGHUP, and exits 0 on SIGTERM while a browser keeps its connection open', async () => {
    const { environment } = await openSystem();
    const serve = startGwm(['serve'], { env: { ...environment, HTTP_PORT: '0' } });
    const url = await urlOf(serve);

    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect((await fetch(`${url}/board`)).status).toBe(200);
    serve.kill('SIGHUP');
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const response = await fetch(`${url}/healthz`, { headers: { connection: 'keep-alive' } });
    await response.text();
    serve.kill('SIGTERM');

    expect(await serve.exit).toEqual({ code: 0, signal: null });
    // Without any API key, three lines show the development key.
    expect(serve.stderr).toEqual([
      expect.stringMatching(/^There is no API key yet/),
      expect.stringContaining(`curl ${url}/v1/tenants`),
      expect.stringMatching(/^gwm keys create/),
    ]);
  });

  test('reports a taken port in plain words', async () => {
    const { environment } = await openSystem();
    const port = String(await listen(createServer()));

    expectPlainFailure(
      await runGwm(['serve'], { env: { ...environment, HTTP_PORT: port } }),
      `Cannot listen on 127.0.0.1 port ${port}`,
      69,
    );
  });

  test('refuses a network address without a password', async () => {
    const { environment } = await openSystem();

    expectPlainFailure(
      await runGwm(['serve'], { env: { ...environment, HTTP_PORT: '0', HTTP_HOST: '0.0.0.0' } }),
      'HTTP_HOST is 0.0.0.0, which the network can reach, and BOARD_PASSWORD is not set',
      78,
    );
  });
});

/** The address that a server prints. */
async function urlOf(server: TestProcess): Promise<string> {
  const line = await server.line(/http:\/\/127\.0\.0\.1:\d+/);
  return /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? '';
}

function expectPlainFailure(
  { code, stderr }: { code: number | null; stderr: string },
  said: string,
  wanted: number,
): void {
  expect(code).toBe(wanted);
  expect(stderr).toContain(said);
  expect(stderr).not.toMatch(/^\s+at /m);
}
