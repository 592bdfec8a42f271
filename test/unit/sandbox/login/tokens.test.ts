import { describe, expect, test } from 'vitest';
import { defaultClients } from '../../../../src/sandbox/login/clients.ts';
import { bearerOf, createTokens, isValid, type Token } from '../../../../src/sandbox/login/tokens.ts';

const [acme, globex] = defaultClients as [(typeof defaultClients)[0], (typeof defaultClients)[0]];

function found(token: Token | undefined): Token {
  if (token === undefined) throw new Error('the token was not found');
  return token;
}

describe('tokens', () => {
  test('are valid until their lifetime is over', () => {
    const tokens = createTokens(60);
    const token = found(tokens.find(tokens.issue(acme, ['audit:read'], 1_000)));
    expect(token).toMatchObject({ client: acme, scopes: new Set(['audit:read']) });
    expect(isValid(token, 60_999)).toBe(true);
    expect(isValid(token, 61_000)).toBe(false);
  });

  test('of one tenant can be revoked alone', () => {
    const tokens = createTokens(60);
    const ofAcme = found(tokens.find(tokens.issue(acme, [], 0)));
    const ofGlobex = found(tokens.find(tokens.issue(globex, [], 0)));
    expect(tokens.revoke('acme', 0)).toBe(1);
    expect([isValid(ofAcme, 0), isValid(ofGlobex, 0)]).toEqual([false, true]);
  });

  test('are revoked once, and a later token is valid', () => {
    const tokens = createTokens(60);
    tokens.issue(acme, [], 0);
    tokens.issue(globex, [], 0);
    expect([tokens.revoke(undefined, 0), tokens.revoke(undefined, 0)]).toEqual([2, 0]);
    expect(isValid(found(tokens.find(tokens.issue(acme, [], 0))), 0)).toBe(true);
  });

  test('are removed after their lifetime, so that the store does not grow without bound', () => {
    const tokens = createTokens(60);
    const old = tokens.issue(acme, [], 0);
    const young = tokens.issue(acme, [], 30_000);
    tokens.issue(acme, [], 60_000);
    expect(tokens.find(old)).toBeUndefined();
    expect(tokens.find(young)).toBeDefined();
  });
});

test.each([
  ['Bearer abc', 'abc'],
  ['bearer abc', 'abc'],
  ['Basic abc', undefined],
  ['abc', undefined],
  [undefined, undefined],
])('the authorization header %j has the bearer text %j', (header, bearer) => {
  expect(bearerOf(header)).toBe(bearer);
});
