import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { connectGuest, type Guest } from '../../../support/channel/guest.ts';
import { openSession } from '../../../support/channel/session.ts';

const FILE = { fileName: 'parcel.png', fileType: 'image/png', fileSize: 3 };
const BYTES = 'png';

const announce = (guest: Guest, token: string, fields: object = {}) =>
  guest.ask({ action: 'onAttachment', token, errorsAsJson: true, ...FILE, ...fields });

async function put(
  { body }: Awaited<ReturnType<typeof announce>>,
  bytes = BYTES,
  headers?: Record<string, string>,
) {
  const given = headers ?? (body['headers'] as Record<string, string>);
  return (await fetch(String(body['url']), { method: 'PUT', body: bytes, headers: given })).status;
}

const eventAbout = (guest: Guest, attachmentId: unknown) =>
  guest.until(
    'the event',
    (frame) => frame.class.startsWith('Upload') && frame.body['attachmentId'] === attachmentId,
  );

describe('a file', () => {
  test('is announced, uploaded, checked and sent, and can be read again', async () => {
    const { token, guest } = await openSession();
    const announced = await announce(guest, token, {
      fileMd5: createHash('md5').update(BYTES).digest('base64'),
    });
    expect(announced).toMatchObject({
      type: 'response',
      class: 'PresignedUrlResponse',
      body: { fileName: 'parcel.png' },
    });
    expect(await put(announced)).toBe(200);
    const id = announced.body['attachmentId'];
    expect(await eventAbout(guest, id)).toMatchObject({ type: 'message', class: 'UploadSuccessEvent' });
    const content = [{ contentType: 'Attachment', attachment: { id } }];
    const echo = await guest.ask({ action: 'onMessage', token, message: { content } });
    expect(echo.body).toMatchObject({
      type: 'Text',
      content: [
        { attachment: { id, filename: 'parcel.png', fileSize: 3, mime: 'image/png', mediaType: 'Image' } },
      ],
    });
    expect(echo.body).not.toHaveProperty('text');
    const again = await guest.ask({ action: 'getAttachment', token, attachmentId: id });
    expect(again).toMatchObject({ class: 'PresignedUrlResponse', body: { headers: {}, fileSize: 3 } });
    expect(await (await fetch(String(again.body['url']))).text()).toBe(BYTES);
  });

  test('needs exactly the headers of its address', async () => {
    const { token, guest } = await openSession();
    expect(await put(await announce(guest, token), BYTES, {})).toBe(403);
  });

  test('has an address that ends', async () => {
    const { sandbox, token, guest } = await openSession();
    const announced = await announce(guest, token);
    await sandbox.platform('POST', '/webmessaging/clock', { advanceMs: 601_000 });
    expect(await put(announced)).toBe(403);
  });

  test.each([
    ['of a blocked ending', { fileName: 'run.exe' }, 4001],
    ['that is too large', { fileSize: 10_240_001 }, 4002],
    ['without an ending', { fileName: 'parcel' }, 4004],
    ['with a name of 1024 characters', { fileName: `${'x'.repeat(1020)}.png` }, 4005],
    ['that is empty', { fileSize: 0 }, 4102],
  ])('%s is refused, in the form that the request asks for', async (_name, fields, code) => {
    const { token, guest } = await openSession();
    expect(await announce(guest, token, fields)).toMatchObject({
      class: 'GenerateUrlError',
      body: { errorCode: code },
    });
    const plain = await announce(guest, token, { ...fields, errorsAsJson: false });
    expect(plain).toMatchObject({ type: 'response', class: 'string', code });
  });

  test.each([
    ['of another length', 'longer', {}],
    ['with another sum', BYTES, { fileMd5: '0'.repeat(32) }],
  ])('%s is refused by an event', async (_name, bytes, fields) => {
    const { token, guest } = await openSession();
    const announced = await announce(guest, token, fields);
    await put(announced, bytes);
    expect(await eventAbout(guest, announced.body['attachmentId'])).toMatchObject({
      class: 'UploadFailureEvent',
      body: { errorCode: 4003 },
    });
  });

  test.each([
    ['that is unknown', 4009, async () => {}],
    ['that was not uploaded', 4010, async () => {}],
    ['that has expired', 4008, async (advance: () => Promise<unknown>) => void (await advance())],
  ])('%s cannot be sent', async (name, code, before) => {
    const { sandbox, token, guest } = await openSession({ attachments: { lifeSeconds: 60 } });
    const announced = await announce(guest, token);
    if (name.includes('expired')) {
      await put(announced);
      await eventAbout(guest, announced.body['attachmentId']);
    }
    await before(() => sandbox.platform('POST', '/webmessaging/clock', { advanceMs: 61_000 }));
    const id = name.includes('unknown') ? 'other' : announced.body['attachmentId'];
    const content = [{ contentType: 'Attachment', attachment: { id } }];
    expect(await guest.ask({ action: 'onMessage', token, message: { content } })).toMatchObject({ code });
  });

  test('can be deleted until it is sent', async () => {
    const { token, guest } = await openSession();
    const announced = await announce(guest, token);
    const attachmentId = announced.body['attachmentId'];
    const gone = await guest.ask({ action: 'deleteAttachment', token, attachmentId });
    expect(gone).toMatchObject({
      type: 'message',
      class: 'AttachmentDeletedResponse',
      body: { attachmentId },
    });
    expect(await put(announced)).toBe(403);
  });

  test('is seen by the other connections of the session, or by that of the request alone', async () => {
    for (const [eventTo, count] of [
      ['session', 1],
      ['requester', 0],
    ] as const) {
      const { sandbox, token, guest } = await openSession({ attachments: { eventTo } });
      const other = await connectGuest(sandbox);
      await other.configure(token);
      const announced = await announce(guest, token);
      await put(announced);
      await eventAbout(guest, announced.body['attachmentId']);
      await other.ask({ action: 'getJwt', token });
      expect(other.frames.filter((frame) => frame.class === 'UploadSuccessEvent')).toHaveLength(count);
    }
  });
});

describe('the history', () => {
  async function read(url: string, jwt: unknown, query = '', origin = 'https://shop.example') {
    const answer = await fetch(`${url}/api/v2/webmessaging/messages${query}`, {
      headers: { authorization: `Bearer ${jwt}`, origin },
    });
    return {
      status: answer.status,
      headers: answer.headers,
      body: (await answer.json()) as Record<string, unknown>,
    };
  }

  async function withMessages(count: number, settings: object = {}) {
    const session = await openSession({
      rates: { messagesPerSecond: 1000, requestsPerMinute: 1000 },
      echo: { delayMs: { min: 0, max: 0 } },
      ...settings,
    });
    const { token, guest } = session;
    for (let n = 1; n <= count; n++) await guest.say(token, `text ${n}`, { metadata: { jobId: String(n) } });
    const { body } = await guest.ask({ action: 'getJwt', token });
    return { ...session, jwt: body['jwt'] };
  }

  test('has pages, the newest message first, and shifts when a message comes', async () => {
    const { sandbox, token, guest, jwt } = await withMessages(30);
    const first = await read(sandbox.url, jwt);
    expect(first.body).toMatchObject({ total: 30, pageCount: 2, pageSize: 25, pageNumber: 1 });
    const textsOf = (body: Record<string, unknown>) =>
      (body['entities'] as { text: string }[]).map(({ text }) => text);
    expect(textsOf(first.body).slice(0, 2)).toEqual(['text 30', 'text 29']);
    await guest.say(token, 'text 31');
    const second = await read(sandbox.url, jwt, '?pageNumber=2&pageSize=10');
    expect(textsOf(second.body)[0]).toBe('text 21');
  });

  test.each([true, false])('has the metadata of messages: %s', async (metadata) => {
    const { sandbox, jwt } = await withMessages(1, { history: { metadata } });
    const { body } = await read(sandbox.url, jwt);
    const [entity] = body['entities'] as { metadata?: { jobId: string } }[];
    expect(entity?.metadata?.jobId).toBe(metadata ? '1' : undefined);
  });

  test('needs a token that is a minute old at most, and a page of an allowed domain', async () => {
    const { sandbox, jwt } = await withMessages(1);
    expect((await read(sandbox.url, 'other')).status).toBe(401);
    await sandbox.platform('POST', '/webmessaging/clock', { advanceMs: 61_000 });
    expect((await read(sandbox.url, jwt)).status).toBe(401);
    const second = await withMessages(1);
    const [{ id }] = (await second.sandbox.platform('GET', '/webmessaging/deployments')) as [{ id: string }];
    await second.sandbox.platform('PUT', '/webmessaging/deployments', { id, allowAllDomains: false });
    expect((await read(second.sandbox.url, second.jwt)).status).toBe(403);
  });

  test.each([
    ['expire', 'session.expired'],
    ['end', 'session.not.found'],
  ])('of a session that is over is not found: %s', async (ending, code) => {
    const { sandbox, token, jwt } = await withMessages(1);
    await sandbox.platform('POST', `/webmessaging/sessions/${ending}`, { token });
    const { status, body } = await read(sandbox.url, jwt);
    expect({ status, code: body['code'] }).toEqual({ status: 404, code });
  });

  test('is read ten times a minute', async () => {
    const { sandbox, jwt } = await withMessages(1);
    for (let n = 0; n < 10; n++) expect((await read(sandbox.url, jwt)).status).toBe(200);
    const refused = await read(sandbox.url, jwt);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
