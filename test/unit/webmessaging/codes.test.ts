import { describe, expect, test } from 'vitest';
import { ChannelRefusal, CODES, refusedConnection } from '../../../src/webmessaging/codes.ts';

const refusal = (code: number, retryAfterMs?: number) =>
  new ChannelRefusal({ code, retryAfterMs }, 'onMessage');

/**
 * Every code of the channel that is known, with what must follow. `reject`: another attempt gets the
 * same answer. `doubt`: the message may be stored. `closed`: the conversation takes no more messages.
 */
const TABLE: readonly (readonly [code: number, follows: string])[] = [
  [400, 'reject'],
  [401, 'closed'],
  [403, 'reject'],
  [404, 'reject'],
  [408, 'doubt'],
  [409, 'closed'],
  [429, 'pause'],
  [4000, 'reject'],
  [4001, 'reject'],
  [4002, 'reject'],
  [4003, 'reject'],
  [4004, 'reject'],
  [4005, 'reject'],
  [4006, 'closed'],
  [4007, 'closed'],
  [4008, 'reject'],
  [4009, 'reject'],
  [4010, 'reject'],
  [4011, 'reject'],
  [4013, 'reject'],
  [4017, 'closed'],
  [4020, 'reject'],
  [4029, 'pause'],
  [4102, 'reject'],
  [5000, 'doubt'],
];

function followsFrom(error: ChannelRefusal): string {
  if (error.code === 'CONVERSATION_CLOSED') return 'closed';
  if (error.disposition === 'retry' && error.isUnknown) return 'doubt';
  return error.disposition;
}

describe('a code of the channel', () => {
  test.each(TABLE)('%i means: %s', (code, follows) => {
    const error = refusal(code);
    expect(followsFrom(error)).toBe(follows);
    expect(error.status).toBe(code);
    expect(error.message).toContain(String(code));
  });

  test('is in the table of the reference, and the other way round', () => {
    expect(Object.keys(CODES).map(Number)).toEqual(TABLE.map(([code]) => code));
  });

  test.each([500, 502, 503, 504, 599])(
    '%i of the server leaves open whether the message is stored',
    (code) => {
      expect(refusal(code)).toMatchObject({ code: 'GENESYS_UNAVAILABLE', isUnknown: true });
    },
  );

  test.each([0, 200, 301, 405, 600, 4012, 4014, 4999, 6000])('%i is refused as unknown', (code) => {
    expect(refusal(code)).toMatchObject({ code: 'GENESYS_REFUSED', isUnknown: false });
  });

  test('of the rate says how long to wait, also when the channel does not', () => {
    expect(refusal(429, 7000).retryAfterMs).toBe(7000);
    expect(refusal(4029).retryAfterMs).toBe(3000);
    expect(refusal(4011).retryAfterMs).toBeUndefined();
  });

  test('names what a worker can repair itself', () => {
    const remedies = TABLE.map(([code]) => [code, refusal(code).remedy] as const).filter(
      ([, remedy]) => remedy,
    );
    expect(remedies).toEqual([
      [4006, 'configure'],
      [4007, 'configure'],
      [4008, 'upload'],
      [4009, 'upload'],
      [4010, 'upload'],
    ]);
  });
});

const NO_HEADERS = new Headers();

describe('a refused connection', () => {
  test.each([
    [403, 'CAPABILITY_UNAVAILABLE'],
    [404, 'NOT_FOUND'],
    [429, 'RATE_LIMITED'],
    [408, 'GENESYS_UNAVAILABLE'],
    [502, 'GENESYS_UNAVAILABLE'],
    [302, 'GENESYS_REFUSED'],
    [200, 'GENESYS_REFUSED'],
  ])('with the status %i is %s', (status, code) => {
    expect(refusedConnection({ status, headers: NO_HEADERS }, 'guests.example')).toMatchObject({
      code,
      status,
      isUnknown: false,
    });
  });

  test('pauses for the time that the answer asks for', () => {
    const headers = new Headers({ 'retry-after': '20' });
    const pauseOf = (headers: Headers) =>
      refusedConnection({ status: 429, headers }, 'guests.example').retryAfterMs;
    expect([pauseOf(headers), pauseOf(NO_HEADERS)]).toEqual([20_000, 3000]);
  });

  test('names what to check', () => {
    expect(refusedConnection({ status: 403, headers: NO_HEADERS }, 'guests.example').message).toContain(
      'deploymentId and origin',
    );
  });
});
