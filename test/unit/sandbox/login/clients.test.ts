import { describe, expect, test } from 'vitest';
import {
  checkClients,
  defaultClients,
  guideScopes,
  parseClients,
} from '../../../../src/sandbox/login/clients.ts';

const client = { tenant: 'acme', clientId: 'acme-client', clientSecret: 'hush', scopes: ['audit:read'] };

test('the default clients are the three tenants of the demo with every documented scope', () => {
  expect(
    defaultClients.map(({ tenant, clientId, clientSecret }) => [tenant, clientId, clientSecret]),
  ).toEqual([
    ['acme', 'acme-client', 'acme-sandbox-secret'],
    ['globex', 'globex-client', 'globex-sandbox-secret'],
    ['initech', 'initech-client', 'initech-sandbox-secret'],
    ['umbrella', 'umbrella-client', 'umbrella-sandbox-secret'],
  ]);
  for (const { scopes, dialect } of defaultClients) {
    expect(scopes).toEqual(dialect === 'platform' ? [] : guideScopes);
  }
  expect(checkClients(defaultClients, 'defaults')).toEqual(defaultClients);
});

describe('a file of clients', () => {
  test('is read with and without limits', () => {
    const limited = {
      ...client,
      clientId: 'other',
      limits: { messages: { capacity: 5, ratePerSecond: 0.5 } },
    };
    expect(parseClients(JSON.stringify([client, limited]), 'clients.json')).toEqual([client, limited]);
  });

  test('is refused with its name and the reason if it is no JSON', () => {
    expect(() => parseClients('[{]', 'clients.json')).toThrow(/^clients\.json is not JSON: .+/);
  });

  test.each([
    ['no list', {}, 'wanted array, got {}'],
    ['an empty list', [], 'wanted a number of entries of at least 1, got []'],
    ['a missing field', [{ ...client, tenant: undefined }], '[0].tenant: wanted string, got nothing'],
    ['a wrong type', [{ ...client, scopes: 'audit:read' }], '[0].scopes: wanted array, got "audit:read"'],
    ['an unknown field', [{ ...client, secret2: 1 }], '[0].secret2: wanted nothing of this name'],
    [
      'a capacity of a half',
      [{ ...client, limits: { messages: { capacity: 0.5, ratePerSecond: 1 } } }],
      '[0].limits.messages.capacity: wanted a whole number, got 0.5',
    ],
    [
      'a rate of zero',
      [{ ...client, limits: { messages: { capacity: 1, ratePerSecond: 0 } } }],
      '[0].limits.messages.ratePerSecond: wanted a number of more than 0, got 0',
    ],
    [
      'a class that does not exist',
      [{ ...client, limits: { mesages: { capacity: 1, ratePerSecond: 1 } } }],
      '[0].limits.mesages: wanted a limit of one of "messages", "cards", "platform", got "mesages"',
    ],
    [
      'a repeated client id',
      [client, client],
      '[1].clientId: wanted a client id that no other client has, got "acme-client"',
    ],
  ])('with %s is refused with the path, the wanted and the given value', (_case, clients, sentence) => {
    const parse = () => parseClients(JSON.stringify(clients), 'clients.json');
    expect(parse).toThrow('clients.json is not a valid list of clients:');
    expect(parse).toThrow(sentence);
  });

  test('is refused with all its problems', () => {
    const clients = [{ ...client, tenant: 7, scopes: 7 }];
    expect(() => checkClients(clients, 'clients.json')).toThrow(/\[0\]\.tenant.*\n.*\[0\]\.scopes/);
  });

  test('is refused without showing a secret', () => {
    expect(() => checkClients([{ ...client, clientSecret: 12345678 }], 'clients.json')).toThrow(
      '[0].clientSecret: wanted string, got a hidden number',
    );
  });
});
