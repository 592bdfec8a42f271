import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { exchange } from '../../fuzz/wire.ts';
import { openSystem } from '../../support/system.ts';
import { openServer } from './stage.ts';

const PIECE = Buffer.alloc(64 * 1024, ' ');
const PIECES = 100;
const JSON_TYPE = 'content-type: application/json';

let port: number;
let secret: string;
beforeAll(async () => {
  const { url, keys } = await openServer(await openSystem());
  port = Number(new URL(url).port);
  secret = await keys.make();
});

test.for([
  ['with a wrong key', 401, 'POST /v1/messages', [JSON_TYPE], 'wrong'],
  ['with a body beyond the limit', 413, 'POST /v1/messages', [JSON_TYPE]],
  ['with a wrong type', 415, 'POST /v1/messages', ['content-type: text/plain']],
  ['with a wrong encoding', 415, 'POST /v1/messages', [JSON_TYPE, 'content-encoding: br']],
  ['with a damaged body', 400, 'POST /v1/events', [JSON_TYPE, 'content-encoding: gzip']],
  ['to an unknown address', 404, 'POST /nothing', [JSON_TYPE]],
  ['that needs no body', 404, 'POST /v1/jobs/unknown/retry', [JSON_TYPE]],
] as const)(
  'a caller %s has the answer, even when it sends its whole body first',
  async ([, status, target, headers, wrongKey]) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const write = promisify<string | Buffer>(socket.write.bind(socket));
    const head = [
      `${target} HTTP/1.1`,
      'host: localhost',
      `authorization: Bearer ${wrongKey ?? secret}`,
      `content-length: ${PIECES * PIECE.length}`,
      ...headers,
    ];

    await write(`${head.join('\r\n')}\r\n\r\n`);
    await write(PIECE);
    const [first] = (await once(socket, 'data')) as [Buffer];
    socket.pause();
    for (let sent = 1; sent < PIECES; sent++) await write(PIECE);
    socket.end();
    const answer = first.toString() + (await text(socket));

    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toMatch(/^connection: close\r$/im);
    expect(answer).toMatch(/\r\n\r\n\{"type".*\}$/);
  },
);

test.for([
  ['GET /v1/tenants/%ff', 400],
  ['GET /nothing', 404],
  ['PUT /v1/tenants', 405],
  ['GET /v1/tenants', 401],
  ['POST /v1/messages', 401],
] as const)('a caller without a body keeps its connection: %s', async ([target, status]) => {
  const { answers } = await exchange(port, {
    bytes: Buffer.from(`${target} HTTP/1.1\r\nhost: localhost\r\n\r\n`),
    answers: 1,
    isHead: false,
    patienceMs: 60_000,
  });

  expect(answers[0]?.status).toBe(status);
  expect(answers[0]?.headers.get('connection')).toBe('keep-alive');
});
