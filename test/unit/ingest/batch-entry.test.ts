import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createContentPolicy } from '../../../src/content/policy/policy.ts';
import { batchEntryOf, PRODUCER_KINDS } from '../../../src/ingest/batch-entry.ts';
import { CATALOG, JOB_KINDS, type JobKind } from '../../../src/jobs/catalog.ts';
import { type JobDefinition, parseJob } from '../../../src/jobs/define.ts';
import { message } from '../../support/guides/message.ts';

const KINDS = 'message-transmission, card-delivery, config-rollout, embed-generation, audit-sync';

describe('a line of a batch', () => {
  test('is the input of its kind, with the kind beside the fields', () => {
    const entry = batchEntryOf({ kind: 'message-transmission', ...message() });

    expect(entry).toEqual({ kind: 'message-transmission', input: message() });
  });

  test.for(PRODUCER_KINDS)('may be of the kind %s', (kind) => {
    expect(batchEntryOf({ kind })).toEqual({ kind, input: {} });
  });

  test.for([
    { what: 'a missing kind', value: {}, came: 'but it is missing' },
    { what: 'an unknown kind', value: { kind: 'secret-kind' }, came: 'got a text of 11 characters' },
    { what: 'a kind of the prototype', value: { kind: 'constructor' }, came: 'got a text of 11 characters' },
    {
      what: 'a kind that only jobs start',
      value: { kind: 'webhook-delivery' },
      came: 'got a text of 16 characters',
    },
    { what: 'a kind that is no text', value: { kind: ['audit-sync'] }, came: 'got a list of 1' },
    { what: 'a kind that throws as a text', value: { kind: { toString: 1 } }, came: 'got an object' },
  ])('with $what is refused', ({ value, came }) => {
    expect(batchEntryOf(value)).toEqual({
      issues: [{ path: 'kind', message: `expected one of ${KINDS}, ${came}` }],
    });
  });

  test.for([null, 1, 'text', [], [{ kind: 'audit-sync' }]])('that is %j is refused', (value) => {
    expect(batchEntryOf(value)).toEqual({
      issues: [{ path: '', message: expect.stringMatching(/^expected an object with a kind, got /) }],
    });
  });

  test('takes no kind from a prototype, and touches none', () => {
    expect(batchEntryOf(JSON.parse('{"__proto__":{"kind":"audit-sync"}}'))).toHaveProperty('issues');
    const entry = batchEntryOf(JSON.parse('{"kind":"audit-sync","__proto__":{"polluted":true}}'));
    expect('polluted' in (entry as { input: object }).input).toBe(false);
  });

  test('of any shape is an entry or has issues, and never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const entry = batchEntryOf(value);
        expect('kind' in entry || 'issues' in entry).toBe(true);
      }),
    );
  });
});

// A contract with a field of this name could not be told from its entry.
test.for(JOB_KINDS)('the contract of %s has no field "kind"', (kind: JobKind) => {
  const issues = (input: object) => {
    const parsed = parseJob(CATALOG[kind] as JobDefinition, input, createContentPolicy());
    return parsed.ok ? [] : parsed.issues.map(({ message: text }) => text);
  };
  const known = kind === 'webhook-delivery' ? { purpose: 'callback' } : {};
  expect(issues({ ...known, kind: 'x' }).join()).toContain('unknown field "kind"');
});

test('the lines of the documentation are what the contracts take', () => {
  const page = readFileSync(new URL('../../../docs/ingest.md', import.meta.url), 'utf8');
  const lines = page.split('\n').filter((line) => line.startsWith('{"kind"'));
  expect(lines).not.toEqual([]);
  for (const line of lines) {
    const entry = batchEntryOf(JSON.parse(line));
    if (entry.issues) expect(entry.issues).toEqual([]);
    else
      expect(parseJob(CATALOG[entry.kind] as JobDefinition, entry.input, createContentPolicy()).ok).toBe(
        true,
      );
  }
});
