import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import * as samples from '../../../src/http/routes/samples.ts';
import { message, openSystem } from '../../support/system.ts';
import { openServer } from './stage.ts';

const KIND = 'message-transmission';

interface Line {
  line?: number;
  status?: string;
  id?: string;
  code?: string;
  errors?: { pointer: string }[];
  summary?: object;
  problem?: { code: string };
}

async function stage(tenants: readonly string[] = ['acme']) {
  const system = await openSystem({ tenants });
  const server = await openServer(system);
  return { system, ...server, secret: await server.keys.make() };
}

async function post(
  url: string,
  secret: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${url}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/x-ndjson', ...headers },
    body,
    duplex: 'half',
  } as RequestInit);
  const text = await response.text();
  const lines = response.ok ? linesOf(text) : [];
  return { status: response.status, headers: response.headers, text, lines };
}

function linesOf(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

function batch(...lines: readonly (object | string)[]): string {
  return lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
}

describe('a batch', () => {
  test('has a line in the answer for each line, with its number, and a summary', async () => {
    const { system, url, secret } = await stage();
    const body = batch(
      { kind: KIND, ...message() },
      '',
      { kind: 'audit-sync', ...samples.auditSync },
      '{"kind":',
      { kind: 'webhook-delivery' },
      { kind: KIND, ...message(), guestId: 5 },
    );

    const { status, headers, lines } = await post(url, secret, body);

    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/x-ndjson');
    expect(lines.map(({ line, status, code }) => [line, status, code])).toEqual([
      [1, 'accepted', undefined],
      [3, 'accepted', undefined],
      [4, 'rejected', 'JOB_INVALID'],
      [5, 'rejected', 'JOB_INVALID'],
      [6, 'rejected', 'JOB_INVALID'],
      [undefined, undefined, undefined],
    ]);
    expect(lines[4]?.errors).toEqual([{ pointer: '#/guestId', detail: expect.any(String) }]);
    expect(lines.at(-1)?.summary).toEqual({ lines: 5, accepted: 2, replayed: 0, rejected: 3, refused: 0 });
    expect(await system.jobs.get('audit-sync', lines[1]?.id ?? '')).toBeDefined();
  });

  test.for([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)('is taken in %s', async ([encoding, compress]) => {
    const { url, secret } = await stage();
    const body = batch(...Array.from({ length: 2000 }, () => ({ kind: KIND, ...message() })));

    const { lines } = await post(url, secret, compress(body) as Uint8Array<ArrayBuffer>, {
      'content-encoding': encoding,
    });

    expect(lines.at(-1)?.summary).toMatchObject({ lines: 2000, accepted: 2000 });
    expect(lines.slice(0, -1).map(({ line }) => line)).toEqual(Array.from({ length: 2000 }, (_, i) => i + 1));
  });

  test('is replayed by its idempotency keys', async () => {
    const { url, secret } = await stage();
    const body = batch(
      ...Array.from({ length: 300 }, (_, n) => ({ kind: KIND, ...message(), idempotencyKey: `order-${n}` })),
    );

    const first = await post(url, secret, body);
    const again = await post(url, secret, body);

    expect(first.lines.at(-1)?.summary).toMatchObject({ accepted: 300, replayed: 0 });
    expect(again.lines.at(-1)?.summary).toMatchObject({ accepted: 0, replayed: 300 });
    expect(again.lines.slice(0, -1).map(({ id }) => id)).toEqual(
      first.lines.slice(0, -1).map(({ id }) => id),
    );
  });

  test('keeps the order of a conversation with cards and messages', async () => {
    const { system, url, secret } = await stage();
    const { tenantId, ...card } = samples.card;
    const conversationId = message().conversationId;
    const body = batch(
      ...Array.from({ length: 40 }, (_, n) => {
        const own = { tenantId, conversationId, idempotencyKey: `n-${n}` };
        return n % 2 === 0
          ? { kind: KIND, ...message(), ...own }
          : { kind: 'card-delivery', ...card, ...own };
      }),
    );

    const { lines } = await post(url, secret, body);

    const lane = `${system.keys.own('acme')}lane:acme:${conversationId}`;
    const inLane = await system.client.zrange(lane, '0', '-1');
    const ids = lines.slice(0, -1).map(({ id = '' }) => id);
    expect(inLane.map((job) => job.replace(/^..?/, '').replace(/^-/, ''))).toEqual(ids);
  });

  test('is answered line by line, while the caller still sends', async () => {
    const { url, secret } = await stage();
    const request = httpRequest(`${url}/v1/batch`, {
      method: 'POST',
      headers: { 'x-api-key': secret, 'content-type': 'application/x-ndjson' },
    });
    request.write(`${batch({ kind: KIND, ...message() })}\n`);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const answers = createInterface({ input: response })[Symbol.asyncIterator]();

    const first = await answers.next();
    request.write(`${batch({ kind: KIND, ...message() })}\n`);
    const second = await answers.next();
    request.end();
    const last = await answers.next();

    expect([first, second].map(({ value }) => JSON.parse(value ?? ''))).toMatchObject([
      { line: 1, status: 'accepted' },
      { line: 2, status: 'accepted' },
    ]);
    expect(JSON.parse(last.value ?? '').summary).toMatchObject({ lines: 2, accepted: 2 });
  });

  test('ends with a problem when its key is revoked meanwhile', async () => {
    const { system, url, secret, keys } = await stage();
    const request = httpRequest(`${url}/v1/batch`, {
      method: 'POST',
      headers: { 'x-api-key': secret, 'content-type': 'application/x-ndjson' },
    });
    request.on('error', () => {});
    request.write(`${batch({ kind: KIND, ...message() })}\n`);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const answers = createInterface({ input: response })[Symbol.asyncIterator]();
    await answers.next();

    await keys.revoke(secret);
    request.write(`${batch({ kind: KIND, ...message() })}\n`);
    const last = await answers.next();

    expect(JSON.parse(last.value ?? '')).toMatchObject({
      problem: { code: 'KEY_UNKNOWN', status: 401 },
      summary: { lines: 1, accepted: 1 },
    });
    expect((await answers.next()).done).toBe(true);
    expect(await system.flow.countWaiting('acme')).toBe(1);
    request.destroy();
  });

  test('of another tenant has errors like those of an unknown one', async () => {
    const { url, keys } = await stage(['acme', 'globex']);
    const secret = await keys.make({ tenants: ['acme'] });
    const { tenantId: _ofTheKey, ...own } = message();
    const body = batch(
      { kind: KIND, ...own },
      { kind: KIND, ...own, tenantId: 'globex' },
      { kind: KIND, ...own, tenantId: 'nowhere' },
    );

    const { lines } = await post(url, secret, body);

    expect(lines.map(({ status }) => status)).toEqual(['accepted', 'rejected', 'rejected', undefined]);
    expect({ ...lines[1], line: 0 }).toEqual({ ...lines[2], line: 0 });
  });

  test.for([
    ['MEDIA_TYPE_UNSUPPORTED', 415, { 'content-type': 'application/json' }],
    ['ENCODING_UNSUPPORTED', 415, { 'content-encoding': 'br' }],
  ] as const)('is refused with %s', async ([code, status, headers]) => {
    const { url, secret } = await stage();

    const answer = await post(url, secret, batch({ kind: KIND, ...message() }), headers);

    expect([answer.status, JSON.parse(answer.text).code]).toEqual([status, code]);
  });

  test('whose compressed data is broken ends with a problem, behind its results', async () => {
    const { url, secret } = await stage();
    const body = gzipSync(batch(...Array.from({ length: 50 }, () => ({ kind: KIND, ...message() }))));

    const { lines } = await post(url, secret, body.subarray(0, -20) as Uint8Array<ArrayBuffer>, {
      'content-encoding': 'gzip',
    });

    expect(lines.at(-1)?.problem).toMatchObject({ code: 'BODY_DAMAGED', type: '/errors/BODY_DAMAGED' });
  });
});

test('a batch that changes its kind with each line keeps the order', async () => {
  const { url, secret } = await stage();
  const { conversationId } = message();
  const { idempotencyKey: _key, ...card } = samples.card;
  const body = batch(
    ...Array.from({ length: 300 }, (_, number) =>
      number % 3 === 2
        ? { kind: 'card-delivery', ...card, conversationId }
        : { kind: KIND, ...message(), conversationId },
    ),
  );

  const { lines } = await post(url, secret, body);

  const ids = lines.flatMap(({ id }) => id ?? []);
  expect(ids).toHaveLength(300);
  const answer = await fetch(
    `${url}/v1/jobs?conversation=${conversationId}&order=oldest&limit=300&tenant=acme`,
    {
      headers: { authorization: `Bearer ${secret}` },
    },
  );
  const { jobs } = (await answer.json()) as { jobs: { id: string }[] };
  expect(jobs.map(({ id }) => id)).toEqual(ids);
});
