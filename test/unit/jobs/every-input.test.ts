import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { optionsOf, unwrapped } from '../../../src/content/fields/schema-walk.ts';
import { createContentPolicy } from '../../../src/content/policy/policy.ts';
import { checked } from '../../../src/core/checked.ts';
import { CATALOG, JOB_KINDS, type JobKind } from '../../../src/jobs/catalog.ts';
import { MAX_JOB_BYTES, parseJob } from '../../../src/jobs/define.ts';
import { prepare } from '../../../src/queues/prepare.ts';
import { tenantsFileSchema } from '../../../src/tenants/tenant.ts';
import { configurationRollout } from '../../support/guides/configuration.ts';
import { deploymentRollout } from '../../support/guides/deployment.ts';
import { embed } from '../../support/guides/embed.ts';
import { cardOf, componentsCard } from './cards.ts';
import { attachmentOf, messageOf } from './messages.ts';

const policy = createContentPolicy();
const UNCOMPARABLE = { length: { toString: 0, valueOf: 0 }, size: { toString: 0 } };

const GOOD: readonly (readonly [JobKind, Record<string, unknown>])[] = [
  [
    'message-transmission',
    messageOf({ attachments: [attachmentOf()], callback: { url: 'https://a.example' } }),
  ],
  ['card-delivery', cardOf({ callback: { url: 'https://a.example', events: ['failed'] } })],
  ['card-delivery', componentsCard({ type: 'buttonGroup', buttons: [{ label: 'x', style: 'primary' }] })],
  ['config-rollout', configurationRollout()],
  ['config-rollout', deploymentRollout()],
  ['embed-generation', embed({ cms: { url: 'https://a.example' } })],
  ['audit-sync', { tenantId: 'acme', organizationIds: ['a'], actions: ['x'] }],
];

/** Names with a meaning in JavaScript, on which careless code fails. */
const hostileKey = fc.constantFrom(
  ...[
    'length',
    'size',
    'toString',
    'valueOf',
    'constructor',
    '__proto__',
    'then',
    'toJSON',
    'type',
    'hasOwnProperty',
  ],
);
const { value: hostile } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(UNCOMPARABLE),
    fc.jsonValue(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(hostileKey, tie('value')), { maxLength: 3 }).map(withOwnFields),
  ),
}));

describe('a JSON value in any place', () => {
  test('never makes the check of a field throw', () => {
    const place = fc.constantFrom(
      ...GOOD.flatMap(([kind, good]) => pathsIn(good).map((path) => ({ kind, good, path }))),
    );
    fc.assert(
      fc.property(place, hostile, ({ kind, good, path }, value) => {
        const input = withValue(good, path, value);
        const parsed = parseJob<z.ZodType>(CATALOG[kind], input, policy);
        if (!parsed.ok)
          expect(parsed.issues.map(({ message }) => message).join()).not.toContain('broke the check');
        expect(prepare({ kind, index: 3, input }).index).toBe(3);
      }),
      { numRuns: 600 },
    );
  });

  test('never makes the check of a whole input throw', () => {
    fc.assert(
      fc.property(fc.constantFrom(...JOB_KINDS), hostile, (kind, value) => {
        const parsed = parseJob<z.ZodType>(CATALOG[kind], value, policy);
        expect(parsed.ok).toBe(false);
        if (!parsed.ok)
          expect(parsed.issues.map(({ message }) => message).join()).not.toContain('broke the check');
      }),
      { numRuns: 300 },
    );
  });

  test.for(GOOD)('never breaks a length check of %s', ([kind, good]) => {
    for (const path of pathsIn(good)) {
      const parsed = parseJob<z.ZodType>(CATALOG[kind], withValue(good, path, UNCOMPARABLE), policy);
      if (!parsed.ok)
        for (const { message } of parsed.issues) expect(message).not.toContain('broke the check');
    }
  });

  test('never makes the check of the tenants file throw', () => {
    fc.assert(
      fc.property(
        hostile,
        fc.constantFrom('id', 'clientId', 'blockedPatterns', 'receivers', 'limits', 'hosts'),
        (value, name) => {
          const result = checked(tenantsFileSchema, { tenants: [{ id: 'a', [name]: value }] });
          expect(result.ok).toBe(false);
          if (!result.ok)
            expect(result.issues.map(({ message }) => message).join()).not.toContain('broke the check');
        },
      ),
    );
  });
});

test('an object with throwing getters is an issue of its own entry only', () => {
  const trap = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('no');
      },
    },
  );
  for (const input of [trap, messageOf({ body: trap }), cardOf({ fields: trap })]) {
    for (const kind of JOB_KINDS) expect(prepare({ kind, index: 0, input }).issues).not.toEqual([]);
  }
});

test('every length check tests the type first', () => {
  const foreign: string[] = [];
  for (const schema of [...Object.values(CATALOG).map(({ schema }) => schema), tenantsFileSchema]) {
    for (const { _zod } of schemasIn(schema).flatMap((held) => held.def.checks ?? [])) {
      const { check, when } = _zod.def;
      if (!/length|size/.test(check)) continue;
      const runs = when?.({ value: UNCOMPARABLE, issues: [] });
      if (runs !== false) foreign.push(check);
    }
  }
  expect(foreign).toEqual([]);
});

describe('a flood of issues', () => {
  test('is reported as at most 51 issues of bounded length', () => {
    const input = { tenantId: 'acme', organizationIds: Array.from({ length: 1000 }, () => ' ') };
    const parsed = parseJob<z.ZodType>(CATALOG['audit-sync'], input, policy);
    const issues = parsed.ok ? [] : parsed.issues;
    expect(issues).toHaveLength(51);
    expect(issues.at(-1)?.message).toMatch(/^and \d+ more issues$/);
    for (const { path, message } of issues) expect(path.length + message.length).toBeLessThan(810);
  });

  test('is not searched in a job of more than a mebibyte', () => {
    const content = 'x'.repeat(MAX_JOB_BYTES);
    const parsed = parseJob<z.ZodType>(CATALOG['message-transmission'], { body: { content } }, policy);
    expect(parsed).toEqual({
      ok: false,
      issues: [
        { path: 'body', message: `expected at most ${MAX_JOB_BYTES} bytes of JSON in a job, got more` },
      ],
    });
  });
});

function withOwnFields(entries: readonly (readonly [string, unknown])[]): object {
  return JSON.parse(
    `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`,
  );
}

function pathsIn(value: unknown, above: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, held]) => {
    const path = [...above, Array.isArray(value) ? Number(key) : key];
    return [path, ...pathsIn(held, path)];
  });
}

function withValue(root: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const copy = structuredClone(root) as Record<string | number, unknown>;
  const holder = path
    .slice(0, -1)
    .reduce<Record<string | number, unknown>>(
      (held, step) => held[step] as Record<string | number, unknown>,
      copy,
    );
  holder[path.at(-1) ?? ''] = value;
  return copy;
}

function schemasIn(schema: z.ZodType): z.ZodType[] {
  const inner = unwrapped(schema);
  const below = (): z.ZodType[] => {
    if (inner instanceof z.ZodUnion) return optionsOf(inner);
    if (inner instanceof z.ZodArray) return [inner.element as z.ZodType];
    return inner instanceof z.ZodObject ? Object.values<z.ZodType>(inner.shape) : [];
  };
  const around =
    inner instanceof z.ZodTransform && schema instanceof z.ZodPipe ? [schema.def.in as z.ZodType] : [];
  return [schema, inner, ...[...below(), ...around].flatMap(schemasIn)];
}
