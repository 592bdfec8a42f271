import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import { openSystem } from '../../support/system.ts';
import { basic, openServer } from './stage.ts';

const PASSWORD = 'correct horse battery';
const headers = { authorization: basic('admin', PASSWORD) };
let url: string;

beforeAll(async () => {
  ({ url } = await openServer(await openSystem(), { BOARD_PASSWORD: PASSWORD }));
});

describe('every answer', () => {
  test.for([
    ['GET', '/', 200],
    ['GET', '/control-room/0000000000000000/main.ts', 404],
    ['GET', '/healthz', 200],
    ['GET', '/readyz', 200],
    ['GET', '/board', 200],
    ['GET', '/board/queue/message-transmission/jabc', 200],
    ['GET', '/board/api/queues', 200],
    ['GET', '/board/api/queues/message-transmission/jabc', 404],
    ['PUT', '/board/api/queues/message-transmission/pause', 405],
    ['GET', '/board/static/images/logo.svg', 200],
    ['GET', '/board/static/nothing.js', 404],
    ['GET', '/board/static/%2e%2e%2fpackage.json', 404],
    ['GET', '/v1/jobs/jabc', 401],
    ['GET', '/v1/jobs/message-transmission/jabc', 404],
    ['GET', '/nothing', 404],
    ['GET', '/%zz', 400],
    ['DELETE', '/v1/jobs/jabc', 401],
    ['POST', '/board', 404],
  ] as const)('to %s %s, status %i, has the protective headers', async ([method, path, status]) => {
    const response = await fetch(url + path, { method, headers, redirect: 'manual' });

    expect(response.status).toBe(status);
    expectSafe(response);
  });

  test('to a request without a login has them', async () => {
    const response = await fetch(`${url}/board`);

    expect(response.status).toBe(401);
    expectSafe(response);
  });

  test('to a request that is no HTTP has them', async () => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.end('nonsense\r\n\r\n');

    const answer = await text(socket);

    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('x-content-type-options: nosniff');
    expect(answer).toContain("frame-ancestors 'none'");
  });
});

describe('the page of the board', () => {
  test('refers to no other host, and its policy allows neither other hosts nor inline scripts', async () => {
    const response = await fetch(`${url}/board`, { headers });
    const html = await response.text();

    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(html).not.toMatch(/<style|style="/);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
  });

  test('is not cached, nor are its data; files with a hash in their name are', async () => {
    const html = await (await fetch(`${url}/board`, { headers })).text();
    const [script = ''] = /(?<=<script defer src=")[^"]+/.exec(html) ?? [];
    const cachingOf = async (path: string) =>
      (await fetch(url + path, { headers })).headers.get('cache-control');

    expect(await cachingOf('/board')).toBe('no-store');
    expect(await cachingOf('/board/api/queues')).toBe('no-store');
    expect(await cachingOf('/v1/jobs/jabc')).toBe('no-store');
    for (const path of ['/openapi.json', '/board', '/']) {
      expect(await cachingOf(`${path}?q=/static/js/a.0123456789abcdef.js`)).toBe('no-store');
    }
    expect(await cachingOf(`/board/${script}`)).toBe('private, max-age=31536000, immutable');
    expect(await cachingOf('/board/static/images/logo.svg')).toBe('private, no-cache');
    expect(await cachingOf('/board/static/nothing.js')).toBe('no-store');
  });
});

describe('the control room', () => {
  test('runs its own scripts alone, and browsers keep its files', async () => {
    const page = await fetch(`${url}/`);
    const html = await page.text();
    const policy = page.headers.get('content-security-policy') ?? '';
    const [script = ''] = /(?<=<script type="module" src=")[^"]+/.exec(html) ?? [];
    const file = await fetch(url + script);

    expect(html).not.toMatch(/<script(?![^>]* src=)|<style|style="|\bon\w+="/);
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(policy).toMatch(/script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'/);
    expect(policy).not.toMatch(/unsafe|https?:|data:|\*|sha256/);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(file.headers.get('content-type')).toMatch(/^text\/javascript/);
    expect(file.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
  });
});

function expectSafe({ headers }: Response): void {
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'.*frame-ancestors 'none'/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-frame-options')).toBe('DENY');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cache-control')).toMatch(/^(no-store|private, )/);
}
