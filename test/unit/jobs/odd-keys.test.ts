import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { createContentPolicy } from '../../../src/content/policy/policy.ts';
import { describeIssue } from '../../../src/core/issues.ts';
import { CATALOG, type JobKind } from '../../../src/jobs/catalog.ts';
import { parseJob } from '../../../src/jobs/define.ts';
import { shownReason } from '../../../src/jobs/shown/reasons.ts';
import { configurationOf, configurationRollout } from '../../support/guides/configuration.ts';
import { deploymentRollout, widgetOf } from '../../support/guides/deployment.ts';
import { embed } from '../../support/guides/embed.ts';
import { cardOf, componentsCard } from './cards.ts';
import { attachmentOf, messageOf } from './messages.ts';

const policy = createContentPolicy();
const LONG = `a\u001b[2J\u202e${'x'.repeat(10_240)}\n`;
/** The largest length of an issue: see `firstIssues`. */
const MOST = 201 + 601 + 2;

/**
 * A job of each kind, for each place where a caller may choose a name, with a wrong value there.
 */
const JOBS: readonly (readonly [JobKind, (name: string, value: unknown) => object])[] = [
  ['message-transmission', (name, value) => messageOf({ [name]: value })],
  ['message-transmission', (name, value) => messageOf({ attachments: [attachmentOf({ [name]: value })] })],
  ['card-delivery', (name, value) => cardOf({ [name]: value })],
  ['card-delivery', (name, value) => cardOf({ fields: { title: 'x', [name]: value } })],
  ['card-delivery', (name, value) => cardOf({ fields: { list: [{ [name]: { [name]: value } }] } })],
  ['card-delivery', (name, value) => componentsCard({ type: 'body', text: 'x', [name]: value })],
  ['config-rollout', (name, value) => deploymentRollout({ widget: widgetOf({ [name]: value }) })],
  [
    'config-rollout',
    (name, value) =>
      configurationRollout({ configuration: configurationOf({ featureFlags: { [name]: value } }) }),
  ],
  ['embed-generation', (name, value) => embed({ customAttributes: { [name]: { [name]: value } } })],
  ['embed-generation', (name, value) => embed({ locales: { [name]: value } })],
  ['embed-generation', (name, value) => embed({ theme: { [name]: value } })],
  ['audit-sync', (name, value) => ({ tenantId: 'acme', [name]: value })],
];

function issuesOf(kind: JobKind, input: unknown): string[] {
  const parsed = parseJob<z.ZodType>(CATALOG[kind], input, policy);
  return parsed.ok ? [] : parsed.issues.map(describeIssue);
}

describe('a field with a name of 10 KB and control characters', () => {
  test.for(JOBS)('is reported in few printable characters: %s %#', ([kind, jobOf]) => {
    for (const value of [
      1,
      'x',
      '<b>',
      'a\u0000',
      null,
      {},
      [{ deep: '\ud800' }],
      'x'.repeat(2 * 1024 * 1024),
    ]) {
      for (const issue of issuesOf(kind, jobOf(LONG, value))) {
        expect(issue).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{DI}]/u);
        expect(issue.length).toBeLessThanOrEqual(MOST);
      }
    }
  });

  test('causes an issue in each kind', () => {
    for (const [kind, jobOf] of JOBS) expect(issuesOf(kind, jobOf(LONG, 'a\u0000')), kind).not.toEqual([]);
  });
});

describe('a name with the form of an issue', () => {
  test('is not shown as an issue of another field', () => {
    const secret = 'jkqxzjkqxz';
    const names = fc.constantFrom(
      `x; body.content: expected ${secret}`,
      `x"; body.content: expected ${secret}`,
      `x\\"; unknown field "y"; body.content: expected ${secret}`,
      `x: expected ${secret}`,
      `${'y'.repeat(40)}"; body.content: expected ${secret}`,
    );
    fc.assert(
      fc.property(fc.constantFrom(...JOBS), names, ([kind, jobOf], name) => {
        const issues = issuesOf(kind, jobOf(name, 'a\u0000'));
        expect(shownReason(`JOB_INVALID: ${issues.join('; ')}`)).not.toContain(secret);
      }),
    );
  });
});
