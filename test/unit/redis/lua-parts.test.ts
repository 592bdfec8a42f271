import { describe, expect, test } from 'vitest';
import { partsFor, shareLua } from '../../../src/redis/lua-parts.ts';

const SHARED = `-- Notes on one, two and three.
local now = tonumber(ARGV[1])
if not now then
  now = 7
end

local LIFE, REST = 10, 20 -- ms

-- Adds one.
local function one(number)
  -- Not as two does.
  return number + 1
end

local function two(number)
  return one(one(number))
end

local three
function three(number)
  return number == 0 and LIFE or three(number - 1)
end`;

describe('the shared code in front of a script', () => {
  test('has the functions that the script calls, and those that they call, in their order', () => {
    expect(partsFor('return two(1)', shareLua([SHARED]))).toBe(`local now = tonumber(ARGV[1])
if not now then
  now = 7
end
local function one(number)
  return number + 1
end
local function two(number)
  return one(one(number))
end`);
  });

  test('has a function that is declared before its body, and one of several constants with all', () => {
    const parts = partsFor('return three(1)', shareLua([SHARED]));

    expect(parts).toContain('local three\nfunction three(number)');
    expect(parts).toContain('local LIFE, REST = 10, 20');
    expect(parts).not.toContain('function one');
  });

  test('has no function that only a comment names, and what a text names', () => {
    expect(partsFor('-- one\nreturn 1', shareLua([SHARED]))).not.toContain('function one');
    expect(partsFor("return 'one'", shareLua([SHARED]))).toContain('function one');
  });

  test('takes what another file needs from the files before it', () => {
    expect(
      partsFor('return four(1)', shareLua([SHARED, 'local function four(n)\n  return one(n)\nend'])),
    ).toContain('function one');
  });
});
