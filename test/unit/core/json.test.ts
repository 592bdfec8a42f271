import { expect, test } from 'vitest';
import { parseJson } from '../../../src/core/json.ts';

test('JSON is read from an answer, and anything else is undefined', () => {
  expect(parseJson('{"id":"msg-001"}')).toEqual({ id: 'msg-001' });
  expect(parseJson('null')).toBeNull();
  for (const text of ['', '<html>Bad Gateway</html>', '{"id":"msg-0'])
    expect(parseJson(text)).toBeUndefined();
});
