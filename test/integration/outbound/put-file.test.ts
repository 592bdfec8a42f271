import { expect, test } from 'vitest';
import { createFiles } from '../../../src/outbound/fetch-file.ts';
import { onEnd } from '../../support/lifetime.ts';
import { openReceiver } from '../../support/receiver.ts';
import { failureOf } from '../genesys/caller.ts';

const BYTES = Buffer.from('the bytes of a file');
const HEADERS = { 'content-type': 'image/png', 'x-amz-tagging': 'a=b' };

function openFiles(requestTimeoutMs = 5000) {
  const files = createFiles({ connectTimeoutMs: 5000, requestTimeoutMs, userAgent: 'test' });
  onEnd(() => files.close());
  const put = (url: string, fields: object = {}) =>
    files.put(
      { url, headers: HEADERS, bytes: BYTES, allowInsecureHttp: true, ...fields },
      AbortSignal.timeout(60_000),
    );
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
  for (const put of [openFiles().put(address), openFiles(50).put(address)]) {
    const error = await failureOf(put);
    expect(error).toMatchObject({ code: 'ATTACHMENT_UNREACHABLE', status: undefined });
    expect(error.message).not.toContain('signature');
  }
});

test('no file goes to an address of plain http, except in a sandbox', async () => {
  const host = await openReceiver();
  const error = await failureOf(openFiles().put(host.url, { allowInsecureHttp: false }));
  expect(error).toMatchObject({ code: 'ATTACHMENT_UNREACHABLE' });
  expect(host.received).toEqual([]);
});
