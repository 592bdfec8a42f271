import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JobInput } from '../../../src/jobs/catalog.ts';
import { configRollout } from '../../../src/jobs/config-rollout.ts';
import { configurationOf, configurationRollout } from '../../support/guides/configuration.ts';
import { deploymentRollout } from '../../support/guides/deployment.ts';
import { accepted, issuesOf, pathsOf, STEPS } from './rollouts.ts';

/** The input of a program, which need not name the type. */
const rollback: JobInput<'config-rollout'> = { tenantId: 'acme', rollback: 'kabc' };

describe('a rollout', () => {
  test('of a configuration is accepted, with defaults', () => {
    expect(accepted(configurationRollout())).toEqual({
      ...configurationRollout(),
      type: 'webchat-configuration',
      configuration: configurationOf({ backgroundColor: '#FFFFFF' }),
      replicate: true,
      overwriteExisting: false,
      onConflict: 'merge',
      dryRun: false,
      onUnknownOutcome: 'resend',
    });
  });

  test('of a deployment is accepted, with defaults', () => {
    expect(accepted(deploymentRollout())).toEqual({
      ...deploymentRollout(),
      type: 'deployment',
      status: 'active',
      language: 'en-US',
      strict: false,
      onUnknownOutcome: 'resend',
    });
  });

  test('with the id of another rollout is a rollback', () => {
    expect(accepted(rollback)).toEqual({
      ...rollback,
      type: 'rollback',
      onConflict: 'merge',
      dryRun: false,
      onUnknownOutcome: 'resend',
    });
  });

  test('may have every field', () => {
    const conditions = {
      idempotencyKey: 'brand-2026',
      callback: { url: 'https://events.example.com/hook', events: ['failed'] },
      priority: 'urgent',
      expiresAt: '2026-03-01T09:30:00+01:00',
      onUnknownOutcome: 'hold',
    };
    const rollouts = [
      configurationRollout({
        type: 'webchat-configuration',
        configuration: configurationOf({ backgroundColor: '#ffffff' }),
        replicate: false,
        overwriteExisting: true,
        onConflict: 'abort',
        ifVersion: 7,
        dryRun: true,
        ...conditions,
      }),
      { ...rollback, type: 'rollback', onConflict: 'overwrite', dryRun: true, ...conditions },
      deploymentRollout({
        type: 'deployment',
        id: 'd-1',
        status: 'inactive',
        language: 'de-AT',
        launcher: {
          position: 'top-left',
          horizontalOffset: 0,
          verticalOffset: 1000,
          show: false,
          icon: 'https://cdn.example.com/icon.svg',
        },
        strict: true,
        ...conditions,
      }),
    ];
    for (const rollout of rollouts) expect(accepted(rollout)).toEqual(rollout);
  });

  test('of the examples is valid: twenty organizations, and one deployment', () => {
    const file = readFileSync(new URL('../../../examples/rollouts.ndjson', import.meta.url), 'utf8');
    const rollouts = file
      .trim()
      .split('\n')
      .map((line) => accepted(JSON.parse(line)));
    expect(rollouts.map(({ type }) => type)).toEqual(['webchat-configuration', 'deployment']);
    expect(rollouts[0]).toHaveProperty('organizationIds.19', 'org-20');
  });

  test('has the named type, or the type that its fields show', () => {
    expect(pathsOf(configurationRollout({ type: 'deployment' }))).toContain('launcher');
    expect(accepted(configurationRollout({ type: undefined })).type).toBe('webchat-configuration');
    expect(pathsOf({ tenantId: 'acme', organizationIds: ['a'] })).toEqual(['configuration']);
    expect(pathsOf({ tenantId: 'acme', configuration: configurationOf() })).toEqual(['organizationIds']);
    expect(pathsOf({ tenantId: 'acme' })).toEqual(['launcher', 'widget', 'name']);
  });

  test.for(['webchat', 'Rollback', '', 7, null, ['deployment'], {}])('may not have the type %j', (type) => {
    expect(issuesOf(deploymentRollout({ type }))).toEqual([
      expect.stringMatching(
        /^type: expected webchat-configuration, rollback or deployment, or no type, got /,
      ),
    ]);
  });
});

describe('a checked rollout', () => {
  const word = fc.stringMatching(/^[a-zA-Z][a-z0-9_-]{0,9}$/);
  const conditions = {
    idempotencyKey: fc.option(word, { nil: undefined }),
    priority: fc.constantFrom('normal', 'urgent', undefined),
    expiresAt: fc.constantFrom('2026-03-01T09:30:00Z', undefined),
    onUnknownOutcome: fc.constantFrom('resend', 'hold', undefined),
  };
  const choices = {
    onConflict: fc.constantFrom('merge', 'overwrite', 'abort', undefined),
    dryRun: fc.constantFrom(true, false, undefined),
  };
  const configuration = fc.record({
    brandColor: fc.constantFrom('#000', '#0052CC', '#333333'),
    backgroundColor: fc.constantFrom('#FFF', '#ffffff', undefined),
    fontSizePx: fc.integer({ min: 14, max: 24 }),
    greetings: fc.array(word, { minLength: 1, maxLength: 3 }),
    availabilityRules: fc.constantFrom([], configurationOf().availabilityRules),
    featureFlags: fc.dictionary(word, fc.boolean(), { maxKeys: 50, noNullPrototype: true }),
    audienceSegments: fc.array(word, { maxLength: 5 }),
  });
  const rollout = fc.oneof(
    fc
      .record({
        organizationIds: fc.uniqueArray(word, { minLength: 1, maxLength: 5 }),
        configuration,
        replicate: fc.constantFrom(true, false, undefined),
        ifVersion: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
        ...choices,
        ...conditions,
      })
      .map(configurationRollout),
    fc.record({ rollback: word, ...choices, ...conditions }).map((fields) => ({ ...rollback, ...fields })),
    fc
      .record({
        name: fc.option(word, { nil: undefined }),
        id: word,
        status: fc.constantFrom('active', 'inactive', undefined),
        strict: fc.constantFrom(true, false, undefined),
        ...conditions,
      })
      .map(deploymentRollout),
    fc.constantFrom(...Object.values(STEPS)),
  );

  test('passes the check again unchanged, also after it was in a queue', () => {
    fc.assert(
      fc.property(rollout, (input) => {
        const before = structuredClone(input);
        const once = accepted(input);
        expect(accepted(once)).toEqual(once);
        expect(accepted(JSON.parse(JSON.stringify(once)))).toEqual(JSON.parse(JSON.stringify(once)));
        expect(input).toEqual(before);
      }),
    );
  });
});

describe('the lane', () => {
  const laneOf = (input: unknown) => configRollout.lane(accepted(input));

  test('lets one job at a time change an organization or a deployment', () => {
    expect(laneOf(STEPS.organization)).toBe('organization org-01');
    expect(laneOf(STEPS.restore)).toBe('organization org-01');
    expect(laneOf(deploymentRollout())).toBe('deployment My Custom Styled Chat');
    expect(laneOf(deploymentRollout({ id: 'd-1' }))).toBe('deployment d-1');
    expect(laneOf(deploymentRollout({ name: undefined, id: 'd-1' }))).toBe('deployment d-1');
  });

  test('is the same for all rollouts and rollbacks of a tenant', () => {
    expect([laneOf(configurationRollout()), laneOf(rollback)]).toEqual(['all rollouts', 'all rollouts']);
  });

  test('is absent for steps that change no organization', () => {
    expect([laneOf(STEPS.replication), laneOf(STEPS['audit-read-back'])]).toEqual([null, null]);
  });
});

describe('a step', () => {
  test.for(Object.entries(STEPS))('%s is valid as the runtime creates it', ([, step]) => {
    expect(accepted(step)).toMatchObject(step);
  });

  test('for an organization either sets fields or restores them', () => {
    const { settings, ...neither } = STEPS.organization;
    const message = 'settings: expected either settings or changes to restore';
    expect(issuesOf(neither)).toEqual([message]);
    expect(issuesOf({ ...STEPS.restore, settings })).toEqual([message]);
    expect(pathsOf({ ...neither, settings: [] })).toEqual(['settings']);
    expect(pathsOf({ ...neither, settings: JSON.parse('{"__proto__":{}}') })).toEqual(['settings']);
  });

  test.for([
    ['no list', {}, 'restore'],
    ['no object', [null], 'restore[0]'],
    ['no path', [{ to: 1 }], 'restore[0]'],
    ['an empty path', [{ path: [], to: 1 }], 'restore[0]'],
    ['a path of numbers', [{ path: ['a'] }, { path: [1] }], 'restore[1]'],
    ['a path to the prototype', [{ path: ['__proto__', 'a'], to: 1 }], 'restore[0]'],
    ['another field', [{ path: ['a'], value: 1 }], 'restore[0]'],
    ['a value that JSON has not', [{ path: ['a'], to: Number.NaN }], 'restore[0].to'],
    ['a value of a megabyte', [{ path: ['a'], to: 'x'.repeat(2 ** 20) }], 'restore'],
  ] as const)('restores no changes with %s', ([, restore, path]) => {
    expect(pathsOf({ ...STEPS.restore, restore })).toEqual([path]);
  });

  test('of a replication may name each target once', () => {
    expect(pathsOf({ ...STEPS.replication, targetOrganizationIds: ['a', 'a'] })).toEqual([
      'targetOrganizationIds[1]',
    ]);
  });
});
