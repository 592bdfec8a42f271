import { expect, test } from 'vitest';
import { platformOperations } from '../../src/sandbox/platform/operations.ts';
import { readLoginSource, readSdkOperations } from './sdk-sources.ts';

const sdkOperations = readSdkOperations();

test('the sources of the SDK can be read', () => {
  expect(sdkOperations.size).toBeGreaterThan(2000);
  expect(sdkOperations.get('GET /api/v2/webdeployments/configurations')).toEqual(
    new Set(['pageSize', 'before', 'after', 'showOnlyPublished']),
  );
});

test('the SDK has the method and the path of every operation of the sandbox', () => {
  const unknown = platformOperations
    .map(({ method, path }) => `${method} ${path}`)
    .filter((request) => !sdkOperations.has(request));
  expect(unknown).toEqual([]);
});

test('the SDK has every query parameter of the sandbox', () => {
  const unknown = platformOperations.flatMap(({ method, path, query }) =>
    query
      .filter((name) => !sdkOperations.get(`${method} ${path}`)?.has(name))
      .map((name) => `${method} ${path}?${name}`),
  );
  expect(unknown).toEqual([]);
});

test('the SDK asks for a token at the path of the sandbox', () => {
  expect(readLoginSource()).toContain('/oauth/token`, `POST`');
});

test('no two operations have one name, or one method and path', () => {
  const names = platformOperations.map(({ name }) => name);
  const requests = platformOperations.map(({ method, path }) => `${method} ${path}`);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(requests).size).toBe(requests.length);
});
