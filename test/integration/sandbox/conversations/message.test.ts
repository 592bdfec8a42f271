import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { guideAnswer, guideMessage } from '../../../support/guides/message.ts';
import { messagesPath, openStage } from '../caller.ts';

const mebibyte = 1024 * 1024;
const attachment = {
  contentType: 'image/png',
  url: 'https://files.example/a.png',
  fileName: 'a.png',
  size: 2048,
};

describe('a valid message', () => {
  test('gets the documented answer', async () => {
    await using stage = await openStage();
    const { status, headers, body } = await stage.send(await stage.tokenOf('acme'));
    expect(status).toBe(200);
    expect(body).toEqual({ ...guideAnswer, id: expect.stringMatching(/^msg-.{8,}/) });
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('x-ratelimit-remaining')).toBe('99');
    expect(headers.get('x-request-id')).toMatch(/^req-/);
    expect(headers.get('inin-correlation-id')).toMatch(/^[\da-f-]{36}$/);
  });

  test('gets a new id each time', async () => {
    await using stage = await openStage();
    const token = await stage.tokenOf('acme');
    const [first, second] = [await stage.send(token), await stage.send(token)];
    expect(first.body.id).not.toBe(second.body.id);
    for (const name of ['x-request-id', 'inin-correlation-id']) {
      expect(first.headers.get(name)).not.toBe(second.headers.get(name));
    }
  });

  test('gets its attachments back', async () => {
    await using stage = await openStage();
    const attachments = [attachment, { ...attachment, size: 25 * mebibyte }];
    const { status, body } = await stage.send(await stage.tokenOf('acme'), { ...guideMessage, attachments });
    expect(status).toBe(200);
    expect(body.attachments).toEqual(attachments);
  });

  test.each([
    ['of HTML', { body: { contentType: 'text/html', content: '<b>hello</b>' } }],
    ['without metadata', { metadata: undefined }],
    [
      'with a time stamp in the format of Python',
      { metadata: { transmissionTimestamp: '2024-01-15T10:30:00.123456+00:00' } },
    ],
    ['of 4096 bytes', { body: { contentType: 'text/plain', content: 'x'.repeat(4096) } }],
    [
      'of an attachment only',
      { body: { contentType: 'text/plain', content: '' }, attachments: [attachment] },
    ],
  ])('may be a message %s', async (_case, part) => {
    await using stage = await openStage();
    const { status, body } = await stage.send(await stage.tokenOf('acme'), { ...guideMessage, ...part });
    expect(status, JSON.stringify(body)).toBe(200);
  });
});

describe('a message that is not valid', () => {
  test.each([
    ['from is missing', { from: undefined }, 'from', 'missing.value'],
    ['to is missing', { to: undefined }, 'to', 'missing.value'],
    ['body is missing', { body: undefined }, 'body', 'missing.value'],
    ['the sender has no id', { from: { type: 'user' } }, 'from.id', 'missing.value'],
    ['the sender is an agent', { from: { id: 'a', type: 'agent' } }, 'from.type', 'invalid.value'],
    ['the conversation id is empty', { to: { id: '', type: 'conversation' } }, 'to.id', 'invalid.value'],
    ['it goes to a user', { to: { id: 'a', type: 'user' } }, 'to.type', 'invalid.value'],
    ['there is no content type', { body: { content: 'a' } }, 'body.contentType', 'missing.value'],
    [
      'the content type is unknown',
      { body: { contentType: 'text/markdown', content: 'a' } },
      'body.contentType',
      'invalid.value',
    ],
    [
      'the content is no text',
      { body: { contentType: 'text/plain', content: 5 } },
      'body.content',
      'invalid.value',
    ],
    [
      'it has no content',
      { body: { contentType: 'text/plain', content: '' } },
      'body.content',
      'invalid.value',
    ],
    [
      'the receipt flag is no boolean',
      { metadata: { readReceipt: 'yes' } },
      'metadata.readReceipt',
      'invalid.value',
    ],
    [
      'an attachment is a film',
      { attachments: [attachment, { ...attachment, contentType: 'video/mp4' }] },
      'attachments[1].contentType',
      'invalid.value',
    ],
    [
      'the URL of an attachment is no web address',
      { attachments: [{ ...attachment, url: 'file:///etc/passwd' }] },
      'attachments[0].url',
      'invalid.value',
    ],
    [
      'an attachment has no size',
      { attachments: [{ ...attachment, size: undefined }] },
      'attachments[0].size',
      'missing.value',
    ],
  ])('is refused with the field when %s', async (_case, part, fieldName, errorCode) => {
    await using stage = await openStage();
    const reply = await stage.send(await stage.tokenOf('acme'), { ...guideMessage, ...part });
    expect(reply.status).toBe(400);
    expect(reply.body).toEqual({
      message: expect.stringContaining(`${fieldName}: wanted `),
      code: 'bad.request',
      status: 400,
      contextId: reply.headers.get('inin-correlation-id'),
      details: [{ errorCode, fieldName }],
      errors: [],
    });
    expect(stage.sandbox.stats()).toMatchObject({ rejected: 1, accepted: 0 });
  });

  test.each(['', '{}'])('is refused with every missing field when the body is %j', async (text) => {
    await using stage = await openStage();
    const { status, body } = await stage.send(await stage.tokenOf('acme'), text);
    expect(status).toBe(400);
    expect(body.details).toEqual(
      ['from', 'to', 'body'].map((fieldName) => ({ errorCode: 'missing.value', fieldName })),
    );
  });

  test.each(['{', '[]', '"text"', 'null,'])('is refused when the body is %j', async (text) => {
    await using stage = await openStage();
    const { status, body } = await stage.send(await stage.tokenOf('acme'), text);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'bad.request', status: 400 });
  });
});

describe('a message that is too large', () => {
  test.each([
    ['4097 letters', 'x'.repeat(4097)],
    ['2049 letters of two bytes', 'ü'.repeat(2049)],
  ])('is refused when its content is %s', async (_case, content) => {
    await using stage = await openStage();
    const message = { ...guideMessage, body: { contentType: 'text/plain', content } };
    const { status, body } = await stage.send(await stage.tokenOf('acme'), message);
    expect(status).toBe(413);
    expect(body).toMatchObject({
      code: 'request.entity.too.large',
      status: 413,
      details: [{ errorCode: 'max.length.exceeded', fieldName: 'body.content' }],
    });
    expect(stage.sandbox.stats()).toMatchObject({ rejected: 1, accepted: 0 });
  });

  test('is refused when an attachment has more than 25 MiB', async () => {
    await using stage = await openStage();
    const attachments = [attachment, { ...attachment, size: 25 * mebibyte + 1 }];
    const { status, body } = await stage.send(await stage.tokenOf('acme'), { ...guideMessage, attachments });
    expect(status).toBe(413);
    expect(body.details).toEqual([{ errorCode: 'media.too.large', fieldName: 'attachments[1].size' }]);
  });

  test.each([512_001, 5_000_000])(
    'is refused with an answer when the request has %i bytes',
    async (bytes) => {
      await using stage = await openStage();
      const token = await stage.tokenOf('acme');
      const shell = JSON.stringify({ ...guideMessage, filling: '' });
      const filling = 'x'.repeat(bytes - shell.length);
      const { status, body } = await stage.send(token, { ...guideMessage, filling });
      expect(status).toBe(413);
      expect(body).toMatchObject({ code: 'request.entity.too.large', status: 413 });
      expect((await stage.send(token)).status).toBe(200);
    },
  );

  test('is read to its end, so that a caller that writes everything first gets the answer', async () => {
    await using stage = await openStage();
    const socket = connect(Number(new URL(stage.sandbox.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const pieces = 12;
    const pieceBytes = 50_000;
    socket.write(`POST ${messagesPath} HTTP/1.1\r\nHost: sandbox\r\nContent-Type: application/json\r\n`);
    socket.write(`Content-Length: ${pieces * pieceBytes}\r\n\r\n`);
    for (let piece = 0; piece < pieces; piece += 1) {
      // The sandbox has answered another request meanwhile: it has had the time to close too early.
      await stage.requests();
      socket.write('x'.repeat(pieceBytes));
    }
    const [answer] = await once(socket, 'data');
    socket.destroy();
    expect(String(answer)).toMatch(/^HTTP\/1\.1 401 /);
  });

  test('is accepted when the request has 512,000 bytes', async () => {
    await using stage = await openStage();
    const shell = JSON.stringify({ ...guideMessage, filling: '' });
    const filling = 'x'.repeat(512_000 - shell.length);
    expect((await stage.send(await stage.tokenOf('acme'), { ...guideMessage, filling })).status).toBe(200);
  });
});
