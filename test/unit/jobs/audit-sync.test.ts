import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createContentPolicy } from '../../../src/content/policy/policy.ts';
import { describeIssue } from '../../../src/core/issues.ts';
import { type AuditSync, auditSync } from '../../../src/jobs/audit-sync.ts';
import { parseJob } from '../../../src/jobs/define.ts';

const policy = createContentPolicy();
const least = { tenantId: 'acme', organizationIds: ['ORG_ID_1', 'ORG_ID_2'] };
/** A sample window. */
const span = { from: '2024-01-01T00:00:00.000Z', to: '2024-12-31T23:59:59.999Z' };

function issuesOf(fields: Readonly<Record<string, unknown>>): string[] {
  const parsed = parseJob(auditSync, { ...least, ...fields }, policy);
  return parsed.ok ? [] : parsed.issues.map(describeIssue);
}

function accepted(input: unknown): AuditSync {
  const parsed = parseJob(auditSync, input, policy);
  if (parsed.ok) return parsed.data;
  throw new Error(parsed.issues.map(describeIssue).join('; '));
}

describe('an audit query', () => {
  test('asks for changed configurations by default, 25 records a page', () => {
    expect(accepted(least)).toEqual({
      ...least,
      actions: ['webchat:configuration:update'],
      pageSize: 25,
      onUnknownOutcome: 'resend',
    });
  });

  test('may have every field, and its checked form passes the check unchanged', () => {
    const full = {
      ...least,
      ...span,
      actions: ['webchat:configuration:update', 'webchat:configuration:replicate'],
      pageSize: 100,
      idempotencyKey: 'audit-2024',
      priority: 'urgent',
      onUnknownOutcome: 'hold',
    };
    expect(accepted(full)).toEqual(full);
    expect(accepted(accepted(least))).toEqual(accepted(least));
  });

  test("shares the lane of its tenant's other syncs, and its success is called synced", () => {
    expect(auditSync.lane(accepted(least))).toBe(auditSync.lane(accepted({ ...least, ...span })));
    expect(auditSync.successWord({})).toBe('synced');
  });

  test('of the example has twenty organizations', () => {
    const file = readFileSync(new URL('../../../examples/audit-sync.ndjson', import.meta.url), 'utf8');
    const [example] = file
      .trim()
      .split('\n')
      .map((line) => accepted(JSON.parse(line)));
    expect(example?.organizationIds).toHaveLength(20);
  });
});

describe('issues', () => {
  test('are reported together, each with its path', () => {
    const paths = issuesOf({
      organizationIds: ['a', 'a'],
      actions: ['1', 'x', 'x'],
      pageSize: 0,
      from: 'today',
      page: 2,
    }).map((issue) => issue.split(': ')[0]);
    expect(paths).toEqual([
      'actions[0]',
      'from',
      'pageSize',
      'unknown field "page"',
      'organizationIds[1]',
      'actions[2]',
    ]);
  });

  test('require a span that begins before it ends, with any offsets', () => {
    expect(issuesOf(span)).toEqual([]);
    expect(issuesOf({ from: span.from })).toEqual([]);
    expect(issuesOf({ from: '2026-03-01T10:00:00+02:00', to: '2026-03-01T09:00:00Z' })).toEqual([]);
    for (const to of ['2026-03-01T08:00:00Z', '2026-03-01T07:59:00Z']) {
      expect(issuesOf({ from: '2026-03-01T10:00:00+02:00', to })).toEqual([
        'to: expected a time after that of from',
      ]);
    }
  });

  test.for([
    ['organizationIds', [['a']], [[], Array.from({ length: 1001 }, (_, n) => `o${n}`), 'a', [7]]],
    ['actions', [['a:b']], [[], Array.from({ length: 51 }, (_, n) => `a${n}`), ['a b'], ['x'.repeat(101)]]],
    ['pageSize', [1, 25, 500], [0, 501, 2.5, '25']],
    ['mode', ['async', 'realtime'], ['later', true]],
  ] as const)('name the bounds of %s', ([name, good, bad]) => {
    for (const value of good) expect(issuesOf({ [name]: value })).toEqual([]);
    for (const value of bad) expect(issuesOf({ [name]: value })).toEqual([expect.stringMatching(`^${name}`)]);
  });

  test('are few for a flood and for endless nesting', () => {
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    for (const name of ['organizationIds', 'actions', 'from', 'to', 'pageSize']) {
      expect(issuesOf({ [name]: deep })).not.toEqual([]);
      expect(issuesOf({ [name]: Array.from({ length: 250_000 }, () => 'a b') }).join().length).toBeLessThan(
        10_000,
      );
    }
  });
});
