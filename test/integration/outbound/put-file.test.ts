import { expect, test } from 'vitest';
import { createFiles } from '../../../src/outbound/fetch-file.ts';
import type { TargetRules } from '../../../src/outbound/target.ts';
import { onEnd } from '../../support/lifetime.ts';
import { openReceiver } from '../../support/receiver.ts';
import { failureOf } from '../genesys/caller.ts';

const BYTES = Buffer.from('the bytes of a file');
const HEADERS = { 'content-type': 'image/png', 'x-amz-tagging': 'a=b' };

/** The rules of a tenant whose hosts are on this machine. */
const LOCAL: TargetRules = {
  allowHttp: true,
  ports: [{ from: 1024, to: 65_535 }],
  allowHosts: ['127.0.0.1'],
};

function openFiles(requestTimeoutMs = 5000) {
  const files = createFiles({ connectTimeoutMs: 5000, requestTimeoutMs, userAgent: 'test' });
  onEnd(() => files.close());
  const put = (url: string, rules: Partial<TargetRules> = {}) =>
    files.put({ ...LOCAL, ...rules }, { url, headers: HEADERS, bytes: BYTES }, AbortSignal.timeout(60_000));
  return { put };
}

test('a file is uploaded with the headers that its address needs', async () => {
  const host = await openReceiver();
  await openFiles().put(`${host.url}/upload?signature=s`);
  expect(host.received).toMatchObject([
    {
      method: 'PUT',
      path: '/upload?signature=s',
      headers: { ...HEADERS, 'content-length': String(BYTES.length) },
      body: BYTES.toString(),
    },
  ]);
});

test('a failed upload is tried again with another address, and its error does not have the address', async () => {
  const host = await openReceiver();
  host.answerWith({ status: 403 }, undefined);
  const address = `${host.url}/upload?signature=s`;
  for (const requestTimeoutMs of [5000, 50]) {
    const error = await failureOf(openFiles(requestTimeoutMs).put(address));
    expect(error).toMatchObject({ code: 'ATTACHMENT_UNREACHABLE', status: undefined });
    expect(error.message).not.toContain('signature');
  }
});

test.each<[string, Partial<TargetRules>]>([
  ['of a private network', { allowHosts: [] }],
  ['of plain http, except in a sandbox', { allowHttp: false }],
  ['with a port that no host of the tenant has', { ports: [] }],
])('no file goes to an address %s', async (_name, rules) => {
  const host = await openReceiver();
  const error = await failureOf(openFiles().put(`${host.url}/upload?signature=s`, rules));
  expect(error).toMatchObject({
    code: 'ATTACHMENT_REFUSED',
    message: expect.stringMatching(
      /workers may not call the address that Genesys Cloud gave; expected a public address by https, or a host of the tenant$/,
    ),
  });
  expect(host.received).toEqual([]);
});

test('no file goes to a name that leads to a private network', async () => {
  const host = await openReceiver();
  const { port } = new URL(host.url);
  const error = await failureOf(openFiles().put(`http://localhost:${port}/upload`, { allowHosts: [] }));
  expect(error).toMatchObject({ code: 'ATTACHMENT_REFUSED' });
  expect(host.received).toEqual([]);
});

test('a redirect is not followed', async () => {
  const [host, other] = [await openReceiver(), await openReceiver()];
  host.answerWith({ status: 307, headers: { location: `${other.url}/upload` } });
  expect(await failureOf(openFiles().put(host.url))).toMatchObject({
    code: 'ATTACHMENT_UNREACHABLE',
    message: expect.stringContaining('answered 307'),
  });
  expect(other.received).toEqual([]);
});
