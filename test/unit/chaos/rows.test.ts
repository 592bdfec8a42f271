import { describe, expect, test } from 'vitest';
import { FAULTS, SHORT_FORM } from '../../chaos/registry.ts';
import { readRun } from '../../chaos/stored-run.ts';
import { walk } from '../../chaos/walk.ts';

describe('the stored run', () => {
  test('has only rows of present faults, with their words and rules', () => {
    const stored = readRun().rows.map(({ name, group, what, mayFailWith }) => ({
      name,
      group,
      what,
      mayFailWith,
    }));
    const known = FAULTS.map(({ name, group, what, rules }) => ({
      ...{ name, group, what, mayFailWith: rules?.deadLetters ?? [] },
    }));

    expect(stored.length).toBeGreaterThan(0);
    expect(known).toEqual(expect.arrayContaining(stored));
  });

  test('has no row that failed', () => {
    expect(readRun().rows.flatMap(({ name, failures }) => failures.map((why) => `${name}: ${why}`))).toEqual(
      [],
    );
  });
});

test('names are unique, and the short form has the groups 1, 2, 3, 5 and 9', () => {
  expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
  expect(SHORT_FORM.map(({ group }) => group).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 5, 9]);
});

describe('a random walk', () => {
  const steps = (seed: number, count: number) =>
    walk(FAULTS, seed)
      .take(count)
      .map(({ fault, scale, seed: ofRow }) => ({ name: fault.name, ...scale, ofRow }))
      .toArray();

  test('visits every fault before it visits one again', () => {
    expect(new Set(steps(1, FAULTS.length).map(({ name }) => name)).size).toBe(FAULTS.length);
  });

  test('is the same for the same seed, and another one for another', () => {
    expect(steps(7, 40)).toEqual(steps(7, 40));
    expect(steps(7, 40)).not.toEqual(steps(8, 40));
  });
});
