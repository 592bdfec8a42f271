import { describe, expect, test } from 'vitest';
import { partitionOf } from '../../../src/core/ids.ts';
import { issuesOf, tenantOf } from './tenants-file.ts';

const LIMIT = { capacity: 10, ratePerSecond: 1, sharedAs: 'org' };
const NAMES = Array.from({ length: 20 }, (_, index) => `tenant-${index}`);
const [FIRST = '', SECOND = ''] = NAMES.filter((id) => partitionOf(id, 2) === 0);
const IN_TWO = { partitionsOf: (tenantId: string) => [partitionOf(tenantId, 2)] };
const ELSEWHERE = NAMES.find((id) => partitionOf(id, 2) === 1) ?? '';

describe('tenants that share a bucket', () => {
  test('may be in one partition with one limit', () => {
    expect(issuesOf(sharing([FIRST, LIMIT], [SECOND, LIMIT]), IN_TWO)).toEqual([]);
  });

  test('are refused in two partitions, where each would send the whole limit', () => {
    const [issue, ...others] = issuesOf(sharing([FIRST, LIMIT], [ELSEWHERE, LIMIT]), IN_TWO);
    expect(others).toEqual([]);
    expect(issue).toContain(
      `tenants[1].limits.messages.sharedAs: "${ELSEWHERE}" and "${FIRST}" share "org", and fall into partitions 1 and 0`,
    );
    expect(issue).toMatch(/; move one of them with gwm partitions move, or/);
  });

  test('may be in two partitions while a move takes them to one', () => {
    const partitionsOf = (tenantId: string) => (tenantId === FIRST ? [0, 1] : [1]);
    expect(issuesOf(sharing([FIRST, LIMIT], [ELSEWHERE, LIMIT]), { partitionsOf })).toEqual([]);
  });

  test('may have any names in a single partition', () => {
    expect(issuesOf(sharing([FIRST, LIMIT], [ELSEWHERE, LIMIT]))).toEqual([]);
  });

  test('are refused with two limits, because only one would count', () => {
    expect(issuesOf(sharing([FIRST, LIMIT], [SECOND, { ...LIMIT, ratePerSecond: 2 }]))).toEqual([
      `tenants[1].limits.messages: "${SECOND}" and "${FIRST}" share "org", and have different limits; give both the same limit: capacity 10, ratePerSecond 1, inFlight 10`,
    ]);
  });

  test('may have different limits for different classes', () => {
    const cards = tenantOf({ id: ELSEWHERE, limits: { cards: { ...LIMIT, ratePerSecond: 2 } } });
    const messages = tenantOf({ id: FIRST, limits: { messages: LIMIT } });
    expect(issuesOf({ tenants: [cards, messages] }, IN_TWO)).toEqual([]);
  });
});

function sharing(...members: readonly (readonly [id: string, limit: object])[]): object {
  return { tenants: members.map(([id, limit]) => tenantOf({ id, limits: { messages: limit } })) };
}
