import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { liveConversation } from './bodies.ts';
import { failureOf, openStage, type Stage } from './sdk.ts';

const BYTES = Buffer.from('not really a picture');

describe('a file for a message', () => {
  test('is uploading, then valid, and then part of a message', async () => {
    const stage = await openStage({ platform: { messages: { mediaCheckMs: 1000 } } });
    const file = await requestUpload(stage);
    expect(await file.status()).toBe('uploading');
    expect((await file.put()).status).toBe(200);
    expect(await file.status()).toBe('uploading');
    expect(await failureOf(file.send())).toMatchObject({ status: 400, code: 'bad.request' });

    stage.advance(1000);
    expect(await file.status()).toBe('valid');
    expect(await file.send()).toMatchObject({
      normalizedMessage: {
        text: 'See this',
        content: [
          {
            contentType: 'Attachment',
            attachment: { id: file.id, mediaType: 'Image', mime: 'image/png', filename: 'photo.png' },
          },
        ],
      },
    });
  });

  test('needs the headers of its upload, and its own bytes', async () => {
    const stage = await openStage();
    const contentMd5 = createHash('md5').update(BYTES).digest('base64');
    const file = await requestUpload(stage, { contentMd5 });
    expect(file.headers).toMatchObject({ 'Content-Type': 'image/png', 'Content-MD5': contentMd5 });
    expect((await file.put({ headers: {} })).status).toBe(403);
    expect((await file.put({ body: 'other bytes' })).status).toBe(400);
    expect((await file.put({ url: `${file.url}x` })).status).toBe(404);
    expect((await file.put()).status).toBe(200);
  });

  test.each([
    ['of a type that may not be sent', { fileName: 'terms.pdf' }],
    ['shorter than announced', { contentLengthBytes: BYTES.length + 1 }],
  ])('is invalid when it is %s', async (_case, fields) => {
    const stage = await openStage();
    const file = await requestUpload(stage, fields);
    await file.put();
    stage.advance(1000);
    expect(await file.status()).toBe('invalid');
  });

  test('is refused when it is too large, and with a name that is not allowed', async () => {
    const stage = await openStage({ platform: { messages: { maxMediaBytes: 100 } } });
    expect(await failureOf(requestUpload(stage, { contentLengthBytes: 101 }))).toMatchObject({
      status: 400,
      code: 'media.too.large',
    });
    for (const fileName of ['.photo.png', 'my photo.png', 'photo#1.png', 'photo.png/']) {
      expect(await failureOf(requestUpload(stage, { fileName }))).toMatchObject({
        code: 'constraint.validation',
        details: [{ fieldName: 'fileName' }],
      });
    }
  });

  test('can be lost by a fault plan', async () => {
    const stage = await openStage();
    const file = await requestUpload(stage);
    const errors = [{ status: 503, rate: 1, times: 1 }];
    await stage.sandbox.inject({ operations: { 'platform.media.put': { errors } } });
    expect((await file.put()).status).toBe(503);
    expect((await file.put()).status).toBe(200);
  });
});

async function requestUpload(stage: Stage, fields: object = {}) {
  const { conversationId, communicationId } = await liveConversation(stage);
  const { conversations } = stage;
  const upload = await conversations.postConversationsMessageCommunicationMessagesMediaUploads(
    conversationId,
    communicationId,
    { fileName: 'photo.png', contentLengthBytes: BYTES.length, ...fields },
  );
  const { id = '', uploadUrl: url = '', uploadHeaders: headers = {} } = upload;
  return {
    id,
    url,
    headers,
    put: (other: { url?: string; headers?: Record<string, string>; body?: string } = {}) =>
      fetch(other.url ?? url, {
        method: 'PUT',
        headers: other.headers ?? headers,
        body: other.body ?? BYTES,
      }),
    async status() {
      const media = await conversations.getConversationsMessageCommunicationMessagesMediaMediaId(
        conversationId,
        communicationId,
        id,
      );
      return media.status;
    },
    send: () =>
      conversations.postConversationsMessageCommunicationMessages(conversationId, communicationId, {
        textBody: 'See this',
        mediaIds: [id],
      }),
  };
}
