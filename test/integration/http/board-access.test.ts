import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { OperatorError } from '../../../src/core/errors.ts';
import { JOB_KINDS } from '../../../src/jobs/catalog.ts';
import { openSystem } from '../../support/system.ts';
import { basic, openServer } from './stage.ts';

const PASSWORD = 'correct horse battery';
const PLACES = [
  '/board',
  '/board/',
  '/board/queue/message-transmission',
  '/board/api/queues',
  '/board/static/',
];

describe('a board with a password', () => {
  test.each(PLACES)('asks for a login at %s', async (path) => {
    const { url } = await openServer(await openSystem(), { BOARD_PASSWORD: PASSWORD });

    const response = await fetch(url + path);

    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
    expect(await response.json()).toEqual({ error: 'login required' });
  });

  test.each([
    ['a wrong password', basic('admin', 'wrong')],
    ['another user', basic('root', PASSWORD)],
    ['an empty password', basic('admin', '')],
    ['a part of the password', basic('admin', PASSWORD.slice(0, -1))],
    ['an unknown scheme', `Bearer ${PASSWORD}`],
    ['no Base64', 'Basic ???'],
  ])('refuses %s', async (_what, authorization) => {
    const { url } = await openServer(await openSystem(), { BOARD_PASSWORD: PASSWORD });

    const page = await fetch(`${url}/board`, { headers: { authorization } });
    const api = await fetch(`${url}/board/api/queues`, { headers: { authorization } });

    expect([page.status, api.status]).toEqual([401, 401]);
  });

  test('opens the page and the API with the login', async () => {
    const { url } = await openServer(await openSystem(), { BOARD_PASSWORD: PASSWORD, BOARD_USER: 'ops' });
    const headers = { authorization: basic('ops', PASSWORD) };

    const page = await fetch(`${url}/board`, { headers });
    const api = await fetch(`${url}/board/api/queues`, { headers });

    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Web Messaging Worker');
    expect(api.status).toBe(200);
    expect(await api.json()).toMatchObject({
      queues: JOB_KINDS.map((name) => ({ name })),
    });
  });

  test('refuses cross-site requests with the stored login', async () => {
    const { url } = await openServer(await openSystem(), { BOARD_PASSWORD: PASSWORD });
    const headers = { authorization: basic('admin', PASSWORD), 'sec-fetch-site': 'cross-site' };

    const response = await fetch(`${url}/board/api/queues/pause`, { method: 'PUT', headers });

    expect(response.status).toBe(403);
  });
});

describe('a board without a password', () => {
  test('is open to this machine', async () => {
    const { url } = await openServer(await openSystem());

    expect((await fetch(`${url}/board`)).status).toBe(200);
    expect((await fetch(`${url}/board/api/queues`)).status).toBe(200);
  });

  test('refuses a web page that uses its own host name for this machine', async () => {
    const { url } = await openServer(await openSystem());

    expect(await statusUnderName(`${url}/board/api/queues`, 'attacker.example')).toBe(403);
    expect(await statusUnderName(`${url}/board/api/queues`, 'localhost')).toBe(200);
  });

  test.each(['0.0.0.0', '::', '192.0.2.1'])('is not opened at %s', async (host) => {
    const system = await openSystem();

    const opening = openServer(system, { HTTP_HOST: host });

    await expect(opening).rejects.toThrow(OperatorError);
    await expect(opening).rejects.toThrow(/BOARD_PASSWORD is not set/);
  });

  test('may start at 0.0.0.0 once it has a password', async () => {
    const system = await openSystem();
    const { url } = await openServer(system, { HTTP_HOST: '0.0.0.0', BOARD_PASSWORD: PASSWORD });
    const { port } = new URL(url);

    expect((await fetch(`http://127.0.0.1:${port}/board`)).status).toBe(401);
  });
});

describe('a taken port', () => {
  test('causes an error in plain words', async () => {
    const system = await openSystem();
    const { port } = new URL((await openServer(system)).url);

    const opening = openServer(system, { HTTP_PORT: port });

    await expect(opening).rejects.toThrow(OperatorError);
    await expect(opening).rejects.toThrow(`Cannot listen on 127.0.0.1 port ${port}`);
  });
});

/** The answer to a request with another host name; `fetch` cannot set it. */
function statusUnderName(address: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(address, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
