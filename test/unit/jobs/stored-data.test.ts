import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { createContentPolicy } from '../../../src/content/policy/policy.ts';
import { CATALOG, JOB_KINDS, type JobKind } from '../../../src/jobs/catalog.ts';
import { contentDigest } from '../../../src/jobs/content-digest.ts';
import { parseJob } from '../../../src/jobs/define.ts';
import { defaultsOf, readData, writeData } from '../../../src/jobs/stored-data.ts';
import { configurationRollout } from '../../support/guides/configuration.ts';
import { deploymentRollout } from '../../support/guides/deployment.ts';
import { embed } from '../../support/guides/embed.ts';
import { cardOf } from './cards.ts';
import { attachmentOf, messageOf, plain } from './messages.ts';

const tenantId = 'acme';
const policy = createContentPolicy();

const SAMPLES: readonly (readonly [JobKind, Record<string, unknown>])[] = [
  ['message-transmission', messageOf()],
  ['message-transmission', messageOf({ idempotencyKey: 'k', priority: 'urgent' })],
  ['message-transmission', messageOf({ attachments: [attachmentOf()] })],
  ['message-transmission', messageOf({ event: { typing: {} } })],
  ['card-delivery', cardOf()],
  ['config-rollout', configurationRollout()],
  ['config-rollout', deploymentRollout()],
  ['embed-generation', embed()],
  ['audit-sync', { tenantId, organizationIds: ['a'] }],
  [
    'webhook-delivery',
    { tenantId, purpose: 'analytics', url: 'https://a.example/', messageId: 'm', record: { a: 1 } },
  ],
];

/** For each field with a default, values that differ from it. */
const OTHERS: Readonly<Record<string, readonly unknown[]>> = {
  body: [plain('other'), plain(' ')],
  attachments: [[attachmentOf()]],
  readReceipt: [false],
  split: [true],
  truncate: [true],
  customAttributes: [{ a: 'b' }],
  theme: [{ a: 'b' }],
  onUnknownOutcome: ['hold'],
  actions: [['x'], ['y', 'x']],
  pageSize: [1, 100],
};

/** A checked job, some of whose fields equal their defaults. */
const job = fc
  .constantFrom(...SAMPLES)
  .chain(([kind, sample]) => {
    const fields = Object.entries(defaultsOf(kind)).map(([name, usual]) => {
      const choices = [{}, { [name]: usual }, ...(OTHERS[name] ?? []).map((value) => ({ [name]: value }))];
      return fc.constantFrom<Record<string, unknown>[]>(...choices);
    });
    return fc.tuple(...fields).map((chosen) => ({ kind, input: Object.assign({ ...sample }, ...chosen) }));
  })
  .map(({ kind, input }) => ({ kind, payload: parsed(kind, input) }))
  .filter((made): made is { kind: JobKind; payload: Record<string, unknown> } => made.payload !== undefined);

describe('the data of a job in Redis', () => {
  test('have the same content as those that were accepted', () => {
    fc.assert(
      fc.property(job, ({ kind, payload }) => {
        const read = readData(kind, JSON.parse(writeData(kind, { tenantId, payload })));

        expect(read).toEqual({ tenantId, payload });
        expect(parsed(kind, read?.payload)).toEqual(payload);
        expect(contentDigest(read?.payload ?? {})).toBe(contentDigest(payload));
      }),
      { numRuns: 500 },
    );
  });

  test('have no field that equals its default, and the tenant once', () => {
    fc.assert(
      fc.property(job, ({ kind, payload }) => {
        const stored = JSON.parse(writeData(kind, { tenantId, payload })).payload;

        for (const [name, usual] of Object.entries(defaultsOf(kind))) expect(stored[name]).not.toEqual(usual);
        expect(stored).not.toHaveProperty('tenantId');
      }),
    );
  });

  test('are read as well if the version before wrote them, with all fields', () => {
    fc.assert(
      fc.property(job, ({ kind, payload }) => {
        const saved = { begun: true };
        const former = JSON.parse(JSON.stringify({ tenantId, payload, saved }));
        expect(readData(kind, former)).toEqual({ tenantId, payload, saved });
      }),
    );
  });

  test('keep the tenant of a payload that differs from that of the envelope', () => {
    const payload = messageOf({ tenantId: 'globex' });
    const stored = JSON.parse(writeData('message-transmission', { tenantId, payload }));
    expect(readData('message-transmission', stored)?.payload['tenantId']).toBe('globex');
  });

  test.for([undefined, null, 'x', {}, { tenantId: '' }, { tenantId, payload: [] }])(
    'that are %j cannot be read',
    (stored) => expect(readData('message-transmission', stored)).toBeUndefined(),
  );
});

describe('the defaults', () => {
  // A job that waits has none of these. Another default here needs the next FORMAT in
  // src/redis/installation.ts.
  test('are those of format 3', () => {
    expect(Object.fromEntries(JOB_KINDS.map((kind) => [kind, defaultsOf(kind)]))).toEqual({
      'message-transmission': {
        body: { contentType: 'text/plain', content: '' },
        attachments: [],
        readReceipt: true,
        split: false,
      },
      'card-delivery': { truncate: false },
      'config-rollout': {},
      'embed-generation': { customAttributes: {}, theme: {}, onUnknownOutcome: 'resend' },
      'audit-sync': {
        actions: ['webchat:configuration:update'],
        pageSize: 25,
        onUnknownOutcome: 'resend',
      },
      'webhook-delivery': {},
    });
  });

  test('all have other values in these tests', () => {
    const names = JOB_KINDS.flatMap((kind) => Object.keys(defaultsOf(kind)));
    expect(names.filter((name) => !Object.hasOwn(OTHERS, name))).toEqual([]);
  });
});

/** Undefined for input with issues. */
function parsed(kind: JobKind, input: unknown): Record<string, unknown> | undefined {
  const result = parseJob<z.ZodType>(CATALOG[kind], input, policy);
  return result.ok ? JSON.parse(JSON.stringify(result.data)) : undefined;
}
