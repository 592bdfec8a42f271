import { expect, test } from 'vitest';
import { parseJson } from '../../../src/core/json.ts';

test('an answer is parsed as JSON; other text gives undefined', () => {
  expect(parseJson('{"id":"msg-001"}')).toEqual({ id: 'msg-001' });
  expect(parseJson('null')).toBeNull();
  for (const text of ['', '<html>Bad Gateway</html>', '{"id":"msg-0'])
    expect(parseJson(text)).toBeUndefined();
});
