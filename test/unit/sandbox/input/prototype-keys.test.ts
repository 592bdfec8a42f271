import { expect, test } from 'vitest';
import { prototypeKeyProblems } from '../../../../src/sandbox/input/prototype-keys.ts';

const pathsOf = (text: string) => prototypeKeyProblems(JSON.parse(text)).map(({ path }) => path);

test.each([
  ['{"__proto__":1}', ['__proto__']],
  ['{"a":[{"b":1},{"__proto__":{"__proto__":2}}]}', ['a[1].__proto__', 'a[1].__proto__.__proto__']],
  ['{"a":{"proto":1,"constructor":2}}', []],
  ['["__proto__"]', []],
  ['"__proto__"', []],
  ['null', []],
])('in %s the paths %j have the key __proto__', (text, paths) => {
  expect(pathsOf(text)).toEqual(paths);
});

test('a deep body does not exhaust the stack', () => {
  const depth = 100_000;
  let body: unknown = 1;
  for (let level = 0; level < depth; level += 1) body = [body];
  expect(prototypeKeyProblems(body)).toEqual([]);
});
