import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { exchange } from '../../fuzz/wire.ts';
import { message, openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { openServer } from './stage.ts';

async function stage() {
  const system = await openSystem();
  const server = await openServer(system);
  const secret = await server.keys.make();
  const port = Number(new URL(server.url).port);
  const send = (text: string, answers = 1) =>
    exchange(port, { bytes: Buffer.from(text, 'latin1'), answers, isHead: false, patienceMs: 60_000 });
  return { system, ...server, port, send, key: `authorization: Bearer ${secret}` };
}

const JSON_TYPE = 'content-type: application/json';

function post(path: string, headers: readonly string[], body: string): string {
  return `${[`POST ${path} HTTP/1.1`, ...headers, `content-length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`;
}

const NOISE = 'no HTTP at all\r\n\r\n';

describe('a request that is no HTTP', () => {
  test.for([
    ['REQUEST_UNREADABLE', 'GET /v1/tenants HTTP/1.1\r\n\r\n'],
    ['REQUEST_UNREADABLE', NOISE],
    [
      'REQUEST_UNREADABLE',
      'GET /v1/tenants HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
    ],
    ['HEADERS_TOO_LARGE', `GET /v1/tenants HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`],
    ['RESOURCE_UNKNOWN', 'GET /nowhere HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\n\r\n'],
    ['RESOURCE_UNKNOWN', post('/nowhere', ['host: a', JSON_TYPE], '{')],
  ] as const)('has a problem document: %s %#', async ([code, text]) => {
    const { send } = await stage();

    const { answers } = await send(text);

    expect(answers).toHaveLength(1);
    expect(answers[0]?.headers.get('content-type')).toBe('application/problem+json');
    expect(JSON.parse(String(answers[0]?.body))).toMatchObject({ code, status: answers[0]?.status });
  });

  test('does not take the place of the answer to the request before it', async () => {
    const { send, key } = await stage();
    const first = post('/v1/messages', ['host: a', key, JSON_TYPE], JSON.stringify(message()));

    const { answers } = await send(first + NOISE, 2);

    expect(answers.map(({ status }) => status)).toEqual([202, 400]);
  });

  test('does not write into an answer that is under way', async () => {
    const { port, key } = await stage();
    const socket = connect(port, '127.0.0.1');
    let said = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      said += text;
    });
    const line = `${JSON.stringify({ kind: 'message-transmission', ...message() })}\n`;
    const head = ['POST /v1/batch HTTP/1.1', 'host: a', key, 'content-type: application/x-ndjson'];
    socket.write(`${[...head, 'transfer-encoding: chunked'].join('\r\n')}\r\n\r\n`);
    socket.write(`${line.length.toString(16)}\r\n${line}\r\n`);
    await waitFor(() => said.includes('"accepted"'), { what: 'the first line of the answer' });

    socket.write('this is no chunk\r\n');
    await once(socket, 'close');

    expect(said.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});

test('a server ignores an expectation that it does not know', async () => {
  const { send, key } = await stage();

  const { answers } = await send(
    post('/v1/messages', ['host: a', key, JSON_TYPE, 'expect: nothing'], JSON.stringify(message())),
  );

  expect(answers.map(({ status }) => status)).toEqual([202]);
});

test.for(['/v1/messages', '/v1/events', '/v1/batch'])(
  'a caller that leaves within its body is no failure of the server: %s',
  async (path) => {
    const { port, key, errors, url } = await stage();
    const types = { '/v1/batch': 'application/x-ndjson' };
    const type = types[path as keyof typeof types] ?? 'application/json';
    const socket = connect(port, '127.0.0.1');
    const head = [`POST ${path} HTTP/1.1`, 'host: a', key, `content-type: ${type}`, 'content-length: 1000'];
    socket.write(`${head.join('\r\n')}\r\n\r\n{"kind":`);
    const connections = async () => (await fetch(`${url}/readyz`)).ok;
    await waitFor(connections, { what: 'the server' });

    socket.destroy();
    await once(socket, 'close');
    await waitFor(connections, { what: 'the server' });

    expect(errors).toEqual([]);
  },
);
