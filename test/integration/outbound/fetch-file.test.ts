import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createFiles, type Files } from '../../../src/outbound/fetch-file.ts';
import type { TargetRules } from '../../../src/outbound/target.ts';
import { onEnd } from '../../support/lifetime.ts';
import { openReceiver, type Receiver } from '../../support/receiver.ts';
import { failureOf } from '../genesys/caller.ts';

/** The rules of a tenant whose files are on this machine. */
const LOCAL: TargetRules = {
  allowHttp: true,
  ports: [{ from: 1024, to: 65_535 }],
  allowHosts: ['127.0.0.1'],
};
/** Bytes that are not UTF-8. */
const BYTES = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe, 0x00, 0x01]);

function openFiles(requestTimeoutMs = 5000): Files {
  const files = createFiles({ connectTimeoutMs: 5000, requestTimeoutMs, userAgent: 'test' });
  onEnd(() => files.close());
  return files;
}

function fetched(
  files: Files,
  { url }: Receiver,
  { sizeBytes = BYTES.length, rules = LOCAL, signal = new AbortController().signal } = {},
): Promise<Buffer> {
  return files.use(rules, { url: `${url}/photo.png`, sizeBytes }, signal, async (bytes) =>
    Buffer.from(bytes),
  );
}

function body(bytes: Buffer, headers: Record<string, string> = {}) {
  return { status: 200, headers, body: bytes as unknown as string };
}

describe('a file is fetched', () => {
  test('byte for byte, and asked for without compression', async () => {
    const host = await openReceiver();
    host.usually(body(BYTES));

    expect(await fetched(openFiles(), host)).toEqual(BYTES);
    expect(host.received).toMatchObject([{ method: 'GET', headers: { 'accept-encoding': 'identity' } }]);
  });

  test('when it is shorter than declared, and never when it is longer', async () => {
    const host = await openReceiver();
    host.usually(body(BYTES));
    const files = openFiles();

    expect(await fetched(files, host, { sizeBytes: BYTES.length + 1 })).toEqual(BYTES);
    expect(await failureOf(fetched(files, host, { sizeBytes: BYTES.length - 1 }))).toMatchObject({
      code: 'ATTACHMENT_REFUSED',
      message: expect.stringContaining('longer than its sizeBytes, 7'),
    });
    host.usually(body(gzipSync(Buffer.alloc(100_000)), { 'content-encoding': 'gzip' }));
    expect(await failureOf(fetched(files, host, { sizeBytes: 1000 }))).toMatchObject({
      code: 'ATTACHMENT_REFUSED',
    });
  });

  test('only a few at a time', async () => {
    const host = await openReceiver();
    const gate = Promise.withResolvers<void>();
    host.usually(gate.promise.then(() => body(BYTES)));
    const files = openFiles(60_000);

    const all = Array.from({ length: 10 }, () => fetched(files, host));
    gate.resolve();
    await Promise.all(all);

    expect(host.mostInHand()).toBeLessThanOrEqual(4);
  });
});

describe('a file is not fetched', () => {
  test('from an address that the tenant does not allow', async () => {
    const host = await openReceiver();
    expect(
      await failureOf(fetched(openFiles(), host, { rules: { ...LOCAL, allowHosts: [] } })),
    ).toMatchObject({
      code: 'ATTACHMENT_REFUSED',
      status: undefined,
    });
    expect(host.received).toEqual([]);
  });

  test.for([
    [302, 'ATTACHMENT_REFUSED', 'follow no redirect'],
    [404, 'ATTACHMENT_REFUSED', 'answered 404'],
    [503, 'ATTACHMENT_UNREACHABLE', 'answered 503'],
    [429, 'ATTACHMENT_UNREACHABLE', 'answered 429'],
  ] as const)('when its host answers %i', async ([status, code, message]) => {
    const host = await openReceiver();
    host.usually({ status, headers: { location: `${host.url}/elsewhere` } });

    expect(await failureOf(fetched(openFiles(), host))).toMatchObject({
      code,
      message: expect.stringContaining(message),
      // The bucket of the tenant must not take it for an answer of Genesys Cloud.
      status: undefined,
    });
    expect(host.received).toHaveLength(1);
  });

  test('when it is empty, cut off, or late', async () => {
    const host = await openReceiver();
    host.answerWith({ status: 200 }, (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      response.destroy();
    });
    const files = openFiles();
    expect(await failureOf(fetched(files, host))).toMatchObject({ code: 'ATTACHMENT_REFUSED' });
    expect(await failureOf(fetched(files, host))).toMatchObject({ code: 'ATTACHMENT_UNREACHABLE' });

    host.usually(undefined);
    expect(await failureOf(fetched(openFiles(50), host))).toMatchObject({
      code: 'ATTACHMENT_UNREACHABLE',
      message: expect.stringContaining('no answer within 50 ms'),
    });
  });

  test('after the worker has stopped the job', async () => {
    const host = await openReceiver();
    const signal = AbortSignal.abort();
    expect(await failureOf(fetched(openFiles(), host, { signal }))).toMatchObject({
      code: 'ATTACHMENT_UNREACHABLE',
    });
    expect(host.received).toEqual([]);
  });
});
