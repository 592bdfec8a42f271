import { expect } from 'vitest';
import { kindOf } from '../../src/observe/throttle.ts';
import { NEAR_EQUAL_EVERY_MS } from '../../src/redis/connection-log.ts';

interface Line {
  readonly msg: string;
  readonly reason?: unknown;
}

/** Expects no two lines that say nearly the same, except after the time that the log leaves between them. */
export function expectFewLines(lines: readonly Line[], withinMs: number): void {
  const kinds = Map.groupBy(lines, ({ msg, reason }) => kindOf(`${msg} ${reason}`));
  const most = 1 + Math.floor(withinMs / NEAR_EQUAL_EVERY_MS);
  const tooOften = [...kinds].filter(([, alike]) => alike.length > most);
  expect(tooOften.map(([kind, { length }]) => `${length} times: ${kind}`)).toEqual([]);
}
