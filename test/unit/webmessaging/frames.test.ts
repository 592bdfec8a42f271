import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFrame, readMessages } from '../../../src/webmessaging/frames.ts';

const read = (frame: object) => readFrame(JSON.stringify(frame));

const SESSION = {
  connected: true,
  newSession: true,
  readOnly: false,
  allowedMedia: {
    inbound: { fileTypes: [{ type: 'image/png' }, { type: 'text/*' }], maxFileSizeKB: 10_240 },
  },
  blockedExtensions: ['.exe'],
  maxCustomDataBytes: 2048,
  durationSeconds: 259_200,
  expirationDate: 1_796_112_000,
};

describe('a frame of the server', () => {
  test('tells the session with the files that it takes', () => {
    expect(
      read({ type: 'response', class: 'SessionResponse', code: 200, tracingId: 'c-1', body: SESSION }),
    ).toEqual({
      kind: 'session',
      tracingId: 'c-1',
      session: expect.objectContaining({
        connected: true,
        newSession: true,
        readOnly: false,
        durationSeconds: 259_200,
        blockedExtensions: ['.exe'],
        allowedMedia: { inbound: { fileTypes: ['image/png', 'text/*'], maxFileSizeKB: 10_240 } },
      }),
    });
  });

  test('tells a message with its ids, its text and its metadata', () => {
    const body = {
      id: '9c0d4e0f5b7a4c1d8e2f3a4b5c6d7e8f',
      type: 'Text',
      text: 'Where is my parcel?',
      direction: 'Inbound',
      channel: { time: '2026-11-28T08:00:01.234Z', messageId: 'm-1' },
      metadata: { jobId: '71' },
      content: [],
    };
    const frame = { type: 'message', class: 'StructuredMessage', code: 200, tracingId: 'job-71', body };
    expect(read(frame)).toMatchObject({ kind: 'message', tracingId: 'job-71', message: body });
    expect(read({ ...frame, type: 'response' })).toMatchObject({ kind: 'message' });
  });

  test.each([
    ['a text as body', { class: 'string', code: 4011, tracingId: 't', body: 'too long' }, 4011],
    [
      'an ErrorMessage',
      { class: 'ErrorMessage', code: 409, body: { errorCode: 409, errorMessage: 'x' } },
      409,
    ],
    [
      'an ErrorMessage with the code 200',
      { class: 'ErrorMessage', code: 200, body: { errorCode: 5000 } },
      5000,
    ],
    ['a code as text', { class: 'string', code: '4006', body: '' }, 4006],
    [
      'a GenerateUrlError with 200',
      { class: 'GenerateUrlError', code: 200, body: { errorCode: 4001 } },
      4001,
    ],
    [
      'a GenerateUrlError with 400',
      { class: 'GenerateUrlError', code: 400, body: { errorCode: 4002 } },
      4002,
    ],
    ['an UploadFailureEvent', { class: 'UploadFailureEvent', code: 200, body: { errorCode: 4003 } }, 4003],
    ['a class that is unknown', { class: 'Sorry', code: 500, body: null }, 500],
  ])('is an error with its code: %s', (_name, frame, code) => {
    expect(read(frame)).toMatchObject({ kind: 'refused', refusal: { code } });
  });

  test('tells which file an error is about', () => {
    const body = { attachmentId: 'a-1', errorCode: 4001, errorMessage: 'x' };
    const refusal = { code: 4001, attachmentId: 'a-1' };
    expect(read({ class: 'GenerateUrlError', code: 400, body })).toMatchObject({ kind: 'refused', refusal });
    expect(read({ class: 'UploadFailureEvent', code: 200, body })).toMatchObject({
      kind: 'refused',
      refusal,
    });
  });

  test.each([
    [3, 3000],
    ['3', 3000],
    [0, 0],
    [-5, 0],
    [1e12, 3_600_000],
    [undefined, undefined],
    ['soon', undefined],
  ])('asks for a pause of at most an hour: retryAfter %s is %s ms', (retryAfter, retryAfterMs) => {
    const body = { retryAfter, errorCode: 4029, errorMessage: 'x' };
    const frame = read({ class: 'TooManyRequestsErrorMessage', code: 429, tracingId: 't', body });
    expect(frame).toEqual({ kind: 'refused', tracingId: 't', refusal: { code: 429, retryAfterMs } });
  });

  test.each([
    ['ConnectionClosedEvent', { reason: 'signedIn' }, 'connection'],
    ['ConnectionClosedEvent', {}, 'connection'],
    ['SessionExpiredEvent', undefined, 'expiry'],
    ['SessionClearedEvent', {}, 'clear'],
    ['LogoutEvent', null, 'log-out'],
  ])('ends the connection: %s', (frameClass, body, by) => {
    expect(read({ class: frameClass, code: 200, body })).toMatchObject({ kind: 'ended', by });
  });

  test('tells where the bytes of a file go, and that they have come', () => {
    const body = { attachmentId: 'a-1', url: 'https://files.example/1', headers: { 'x-amz-tagging': 't' } };
    expect(read({ class: 'PresignedUrlResponse', code: 200, body })).toMatchObject({
      kind: 'upload',
      upload: body,
    });
    const came = { attachmentId: 'a-1', downloadUrl: 'https://files.example/1', timestamp: 'now' };
    expect(read({ class: 'UploadSuccessEvent', code: 200, body: came })).toMatchObject({
      kind: 'uploaded',
      attachmentId: 'a-1',
    });
  });

  test.each([
    ['no JSON', '{"class":'],
    ['no object', '[1]'],
    ['null', 'null'],
    ['a class that is unknown', '{"class":"GetConfigurationResponse","code":200,"body":{}}'],
    ['a class of Object', '{"class":"toString","code":200,"body":{}}'],
    ['a class that is no text', '{"class":7,"code":200}'],
    ['a session without fields', '{"class":"SessionResponse","code":200,"body":null}'],
    ['a JWT that no header can hold', '{"class":"JwtResponse","code":200,"body":{"jwt":"a\\r\\nb"}}'],
    ['a file without an address', '{"class":"PresignedUrlResponse","code":200,"body":{"attachmentId":"a"}}'],
  ])('is left out when it is %s', (_name, text) => {
    expect(readFrame(text)).toMatchObject({ kind: 'other' });
  });

  test('loses no acceptance for a field of a wrong type', () => {
    const body = {
      id: 7,
      type: null,
      text: [],
      direction: 'Inbound',
      channel: 'none',
      metadata: [],
      content: {},
    };
    expect(read({ class: 'StructuredMessage', code: 200, tracingId: 't', body })).toMatchObject({
      kind: 'message',
      tracingId: 't',
      message: { direction: 'Inbound', id: undefined, text: undefined, metadata: {}, content: [] },
    });
  });

  test('never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json({ maxDepth: 6 })), (text) => {
        expect(readFrame(text)).toHaveProperty('kind');
      }),
      { seed: 1 },
    );
    const odd = fc.record(
      {
        type: fc.jsonValue(),
        class: fc.constantFrom(
          'SessionResponse',
          'StructuredMessage',
          'PresignedUrlResponse',
          'ErrorMessage',
          'string',
        ),
        code: fc.jsonValue(),
        tracingId: fc.jsonValue(),
        body: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(odd, (frame) => {
        expect(read(frame)).toHaveProperty('kind');
      }),
      { seed: 2 },
    );
  });
});

test('the history leaves out entries that are no messages', () => {
  expect(readMessages([null, 7, { id: 'm-1', direction: 'Inbound' }, 'x']).map(({ id }) => id)).toEqual([
    'm-1',
  ]);
});
