import { describe, expect, test } from 'vitest';
import { openReceiver } from '../../support/receiver.ts';
import { guestTenant, onlySession, openStage, type Stage } from './stage.ts';

/** A server with one file, and the attachment that names it. */
async function fileServer(content = 'the bytes of a file') {
  const server = await openReceiver();
  server.usually({ status: 200, body: content });
  return {
    url: server.url,
    attachment: {
      contentType: 'text/plain',
      url: `${server.url}/parcel.txt`,
      fileName: 'parcel.txt',
      sizeBytes: Buffer.byteLength(content),
    },
  };
}

interface Logged {
  readonly text?: string;
  readonly content?: { attachment?: { id: string; filename: string; fileSize: number; mime: string } }[];
}

async function logOf(stage: Stage): Promise<Logged[]> {
  const { token } = await onlySession(stage);
  const query = new URLSearchParams({ token });
  const log = await stage.system.sandbox.platform('GET', `/webmessaging/sessions/messages?${query}`);
  return (log as { body: Logged }[]).map(({ body }) => body);
}

const body = (content: string) => ({ contentType: 'text/plain', content });

describe('a message with a file', () => {
  test('uploads the file, and sends it with the text', async () => {
    const stage = await openStage();
    const { attachment } = await fileServer();
    const ended = await stage.job({ body: body('see the file'), attachments: [attachment] }).run();
    expect(ended).toMatchObject({ kind: 'done' });
    const file = { filename: 'parcel.txt', fileSize: 19, mime: 'text/plain' };
    expect(await logOf(stage)).toMatchObject([
      { text: 'see the file', content: [{ contentType: 'Attachment', attachment: file }] },
    ]);
  });

  test('needs no text', async () => {
    const stage = await openStage();
    const { attachment } = await fileServer();
    expect(await stage.job({ body: body(' '), attachments: [attachment] }).run()).toMatchObject({
      kind: 'done',
    });
    const [stored] = await logOf(stage);
    expect(stored?.content).toHaveLength(1);
    expect(stored?.text).toBeUndefined();
  });

  test.each(['response-400', 'message-200'])(
    'is refused with the code of the channel (as %s)',
    async (urlErrorForm) => {
      const stage = await openStage();
      await stage.set({ attachments: { urlErrorForm } });
      await stage.system.sandbox.platform('PUT', '/webmessaging/deployments', {
        id: guestTenant().platform?.webmessaging?.deploymentId,
        attachments: false,
      });
      const { attachment } = await fileServer();
      expect(await stage.job({ attachments: [attachment] }).run()).toMatchObject({
        kind: 'threw',
        error: { code: 'CAPABILITY_UNAVAILABLE', status: 4000 },
      });
    },
  );

  test('is refused when the channel finds the bytes bad', async () => {
    const stage = await openStage();
    await stage.fault({ on: 'upload', effect: { kind: 'fail-upload', code: 4003 } });
    const { attachment } = await fileServer();
    expect(await stage.job({ attachments: [attachment] }).run()).toMatchObject({
      kind: 'threw',
      error: { code: 'CONTENT_REFUSED', status: 4003 },
    });
  });

  test.each([
    ['a blocked ending', { blockedExtensions: ['.txt'] }, 'blocks files that end in .txt'],
    ['another type', { fileTypes: ['image/*'] }, 'no files of the type text/plain'],
  ])('is refused before an upload for %s', async (_name, media, words) => {
    const stage = await openStage();
    await stage.set({ media });
    const { attachment } = await fileServer();
    expect(await stage.job({ attachments: [attachment] }).run()).toMatchObject({
      kind: 'threw',
      error: { code: 'CONTENT_REFUSED', message: expect.stringContaining(words) },
    });
    expect(await onlySession(stage)).toMatchObject({ attachments: [] });
  });

  test('uploads no file again that a run before has uploaded', async () => {
    const stage = await openStage();
    const { attachment } = await fileServer();
    await stage.fault({ effect: { kind: 'throttle', retryAfterSeconds: 1 } });
    const job = stage.job({ body: body('see'), attachments: [attachment] });
    expect(await job.run()).toMatchObject({ kind: 'snooze', reason: 'session-paused' });
    expect(job.saved()).toMatchObject({ attachmentId: expect.any(String) });
    expect(await job.runToEnd()).toMatchObject({ kind: 'done' });
    expect(await onlySession(stage)).toMatchObject({ attachments: [{ state: 'sent' }] });
  });

  test('uploads a file again that has expired', async () => {
    const stage = await openStage();
    const { attachment } = await fileServer();
    await stage.fault({ effect: { kind: 'error', code: 4008 } });
    expect(await stage.job({ body: body('see'), attachments: [attachment] }).run()).toMatchObject({
      kind: 'done',
    });
    expect((await onlySession(stage)) as unknown).toMatchObject({
      attachments: [{ state: 'uploaded' }, { state: 'sent' }],
    });
  });

  test('is delivered once when its echo is lost, also where the history has no metadata', async () => {
    const stage = await openStage({ environment: { GUEST_ECHO_TIMEOUT: '500ms' } });
    const { attachment } = await fileServer();
    await stage.set({ history: { metadata: false } });
    await stage.fault({ effect: { kind: 'lose-echo' } });
    expect(await stage.job({ body: body(''), attachments: [attachment] }).runToEnd()).toMatchObject({
      kind: 'done',
    });
    expect(await logOf(stage)).toHaveLength(1);
  });

  test('does not go to an address that is neither public nor a host of the tenant', async () => {
    const stage = await openStage();
    const { attachment, url } = await fileServer();
    const upload = {
      attachmentId: 'a-1',
      url: `${url}/upload`,
      headers: {},
      fileName: 'parcel.txt',
      fileType: 'x',
    };
    const frame = { type: 'response', class: 'PresignedUrlResponse', code: 200, body: upload };
    await stage.fault({ on: 'onAttachment', effect: { kind: 'reply', text: JSON.stringify(frame) } });
    expect(await stage.job({ attachments: [attachment] }).run()).toMatchObject({
      kind: 'threw',
      error: { code: 'ATTACHMENT_REFUSED', message: expect.stringContaining('workers may not call') },
    });
  });
});
