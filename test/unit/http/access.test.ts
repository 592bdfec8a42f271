import Fastify from 'fastify';
import { describe, expect, onTestFinished, test } from 'vitest';
import { OperatorError } from '../../../src/core/errors.ts';
import { boardAccess } from '../../../src/http/access.ts';

const PASSWORD = 'korrekt: pferd €';

/** A page behind the guard, and the number of requests that reached it. */
function open(settings: { httpHost?: string; boardPassword?: string } = {}) {
  const app = Fastify();
  onTestFinished(() => app.close());
  const access = boardAccess({
    httpHost: '127.0.0.1',
    boardUser: 'admin',
    boardPassword: undefined,
    ...settings,
  });
  const reached = { count: 0 };
  app.addHook('onRequest', access);
  app.all('/board', () => {
    reached.count++;
    return 'the board';
  });
  const ask = (headers: Record<string, string> = {}, method: 'GET' | 'HEAD' | 'POST' | 'PUT' = 'GET') =>
    app.inject({ method, url: '/board', headers });
  return { ask, reached };
}

function login(user: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

describe('a server on a network address', () => {
  test.for([
    '0.0.0.0',
    '::',
    '192.168.1.7',
    'example.com',
    '127.0.0.1.example.com',
    '127.0.0.1x',
    '10.127.0.0.1',
  ])('does not start on %s without a password', (httpHost) => {
    const build = () => boardAccess({ httpHost, boardUser: 'admin', boardPassword: undefined });
    expect(build).toThrow(OperatorError);
    expect(build).toThrow(`HTTP_HOST is ${httpHost}`);
    expect(build).toThrow('BOARD_PASSWORD');
  });

  test('starts with a password', async () => {
    const { ask } = open({ httpHost: '0.0.0.0', boardPassword: PASSWORD });
    const answer = await ask({ ...login('admin', PASSWORD), host: 'board.example.com' });
    expect(answer.statusCode).toBe(200);
  });
});

describe('a board with a password', () => {
  test('opens with the right login, under any host name', async () => {
    const { ask, reached } = open({ boardPassword: PASSWORD });
    for (const host of ['localhost', '10.0.0.1:3000', 'board.example.com']) {
      expect((await ask({ ...login('admin', PASSWORD), host })).body).toBe('the board');
    }
    expect(reached.count).toBe(3);
  });

  test.for([
    ['no login', {}],
    ['an empty login', { authorization: '' }],
    ['a wrong password', login('admin', 'korrekt: pferd')],
    ['a password with a character after it', login('admin', `${PASSWORD}x`)],
    ['a wrong user', login('root', PASSWORD)],
    ['another case', login('Admin', PASSWORD)],
    ['no user', login('', PASSWORD)],
    ['no password', login('admin', '')],
    ['no colon', { authorization: `Basic ${Buffer.from('admin').toString('base64')}` }],
    ['no base64', { authorization: 'Basic ????' }],
    ['a scheme alone', { authorization: 'Basic ' }],
    [
      'another scheme',
      { authorization: login('admin', PASSWORD)['authorization']?.replace('Basic', 'Bearer') },
    ],
    ['the login without a scheme', { authorization: `admin:${PASSWORD}`.replace('€', 'E') }],
    ['two logins', { authorization: `${login('admin', PASSWORD)['authorization']}, Basic eA==` }],
  ] as [string, Record<string, string>][])('asks for a login again: %s', async ([, headers]) => {
    const { ask, reached } = open({ boardPassword: PASSWORD });
    const answer = await ask(headers);
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=".+", charset="UTF-8"$/);
    expect(answer.body).not.toContain('pferd');
    expect(reached.count).toBe(0);
  });

  test('accepts the scheme in any case', async () => {
    const { ask } = open({ boardPassword: PASSWORD });
    const authorization = login('admin', PASSWORD)['authorization']?.replace('Basic', 'basic') ?? '';
    expect((await ask({ authorization })).statusCode).toBe(200);
  });
});

describe('a board without a password', () => {
  test.for([
    'localhost',
    'localhost:3000',
    '127.0.0.1',
    '127.0.0.1:3000',
    '127.1.2.3',
    '[::1]',
    '[::1]:3000',
  ])('is open under a host name of this machine: %s', async (host) => {
    const { ask } = open();
    expect((await ask({ host })).statusCode).toBe(200);
  });

  test.for([
    'example.com',
    'localhost.example.com',
    '127.0.0.1.example.com',
    'x127.0.0.1',
    '10.0.0.1',
    '0.0.0.0',
    'localhost:3000.example.com',
    'localhost@example.com',
  ])('is closed under any other host name, which a web page could use: "%s"', async (host) => {
    const { ask, reached } = open();
    expect((await ask({ host })).statusCode).toBe(403);
    expect(reached.count).toBe(0);
  });

  test.for(['127.0.0.1', 'localhost', '::1'])('may start on %s', (httpHost) => {
    expect(() => boardAccess({ httpHost, boardUser: 'admin', boardPassword: undefined })).not.toThrow();
  });
});

describe('a request from another site', () => {
  const GUARDS = [
    { name: 'with a password', settings: { boardPassword: PASSWORD }, headers: login('admin', PASSWORD) },
    { name: 'without one', settings: {}, headers: { host: 'localhost' } },
  ];

  test.for(GUARDS)('may not write, $name', async ({ settings, headers }) => {
    const { ask, reached } = open(settings);
    for (const site of ['cross-site', 'same-site', 'nonsense']) {
      for (const method of ['POST', 'PUT'] as const) {
        expect((await ask({ ...headers, 'sec-fetch-site': site }, method)).statusCode).toBe(403);
      }
    }
    expect(reached.count).toBe(0);
  });

  test.for(GUARDS)('may follow a link, $name', async ({ settings, headers }) => {
    const { ask } = open(settings);
    for (const method of ['GET', 'HEAD'] as const) {
      expect((await ask({ ...headers, 'sec-fetch-site': 'cross-site' }, method)).statusCode).toBe(200);
    }
  });

  test.for(GUARDS)('differs from a request of the board itself, $name', async ({ settings, headers }) => {
    const { ask } = open(settings);
    for (const site of ['same-origin', 'none']) {
      expect((await ask({ ...headers, 'sec-fetch-site': site }, 'POST')).statusCode).toBe(200);
    }
    expect((await ask(headers, 'POST')).statusCode).toBe(200);
  });
});
