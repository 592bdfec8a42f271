import { describe, expect, test } from 'vitest';
import { addressAt } from '../../../src/tenants/hosts.ts';
import { issuesOf, tenantOf } from './tenants-file.ts';

test.for([
  ['https://a.example', '/x?y=1', 'https://a.example/x?y=1'],
  ['https://a.example/', '/x', 'https://a.example/x'],
  ['https://a.example/p/q', '/x', 'https://a.example/p/q/x'],
  ['https://a.example/p//', '/x', 'https://a.example/p/x'],
] as const)('%s and %s become %s', ([host, path, address]) => {
  expect(addressAt(host, path).href).toBe(address);
});

describe('the address of a host', () => {
  test.for(['https://a.example/p?key=secret', 'https://a.example/?', 'https://a.example/#top'])(
    'may have no query and no fragment: %s',
    (address) => {
      const hosts = { login: address, api: 'https://api.example/gateway/' };
      expect(issuesOf({ tenants: [tenantOf({ region: undefined, hosts })] })).toEqual([
        'tenants[0].hosts.login: expected an address without query and fragment: a worker adds paths to it',
      ]);
    },
  );
});
