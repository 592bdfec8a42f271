import { describe, expect, test } from 'vitest';
import type { JobInput } from '../../../src/jobs/catalog.ts';
import { configurationFields } from '../../support/guides/configuration.ts';
import { KIND, rollout, setRolloutStage } from './rollout-stage.ts';

const stage = setRolloutStage();

const ONE = { organizationIds: ['org-1'] };

/**
 * Another program sets fields between the read and the write of the rollout. The rollout sets some
 * of them as well.
 */
const THEIRS = {
  widget: { launcher: { label: 'Ask us' }, theme: { colors: { primary: '#112233' } } },
  greetings: { delayMs: 5000 },
  features: { flags: { enableFileUpload: false, enableVoice: true } },
};

describe('two concurrent administrators', () => {
  test('merge: each keeps its own fields, and the rollout wins the shared ones', async () => {
    await change(1);

    const { result } = await stage.run(rollout(ONE));

    expect(result).toMatchObject({
      status: 'completed',
      conflictsResolved: 1,
      organizations: [
        {
          versionBefore: 2,
          versionAfter: 3,
          conflictsResolved: 1,
          conflictFields: ['widget.theme.colors.primary', 'features.flags.enableFileUpload'],
        },
      ],
    });
    expect((await stage.organization('org-1')).configuration).toMatchObject({
      widget: {
        launcher: { label: 'Ask us' },
        theme: { colors: { primary: '#0052CC', background: '#FFFFFF' } },
      },
      greetings: { delayMs: 5000, messages: configurationFields.greetings },
      features: { flags: { enableFileUpload: true, enableRichText: false, enableVoice: true } },
    });
  });

  test('overwrite: only the fields of the rollout are left', async () => {
    await change(1);

    const { result } = await stage.run(rollout({ ...ONE, onConflict: 'overwrite' }));

    expect(result).toMatchObject({ status: 'completed', organizations: [{ versionAfter: 3 }] });
    const { configuration } = await stage.organization('org-1');
    expect(configuration).toMatchObject({
      widget: { theme: { colors: { primary: '#0052CC' } } },
      greetings: { delayMs: 2000 },
      features: { flags: { enableFileUpload: true, enableRichText: false } },
    });
    expect(JSON.stringify(configuration)).not.toMatch(/Ask us|enableVoice/);
  });

  test('abort: the values of the other program stay', async () => {
    await change(1);

    const { failedReason } = await stage.run(rollout({ ...ONE, onConflict: 'abort' }));

    expect(failedReason).toMatch(
      /CONFLICT: configuration\.write: version 1 was expected, and version 2 was found/,
    );
    const { version, configuration } = await stage.organization('org-1');
    expect(version).toBe(2);
    expect(configuration).toMatchObject(THEIRS);
  });

  test.for([
    { answer: 503, wait: {} },
    { answer: 429, wait: { retryAfterSeconds: 1 } },
  ])('abort: also after a write with the answer $answer', async ({ answer, wait }) => {
    await change(1);
    const errors = [{ status: answer, rate: 1, times: 1, ...wait }];
    await stage.system.sandbox.inject({ operations: { 'configuration.write': { errors } } });

    const { failedReason } = await stage.run(rollout({ ...ONE, onConflict: 'abort', ifVersion: 1 }));

    expect(failedReason).toMatch(/CONFLICT: .*version 1 was expected, and version 2 was found/);
    expect((await stage.organization('org-1')).configuration).toMatchObject(THEIRS);
  });

  test('abort: also after an operator retries the rollout', async () => {
    await change(1);
    const { jobId } = await stage.run(rollout({ ...ONE, onConflict: 'abort', ifVersion: 1 }));

    expect(await stage.system.jobs.retry(KIND, jobId)).toBe('retried');

    const isBack = async () => {
      const job = await stage.system.jobs.get(KIND, jobId);
      return job?.state === 'failed' && job.attemptsMade > 0 && job.failedReason;
    };
    await expect.poll(isBack).toMatch(/CONFLICT/);
    expect((await stage.organization('org-1')).version).toBe(2);
  });

  test('that never stop make the rollout fail after MAX_CONFLICTS writes', async () => {
    await change(100);

    const { failedReason } = await stage.run(rollout(ONE));

    expect(failedReason).toMatch(/CONFLICT: .*, 6 times in a row/);
    const { byOperation } = stage.system.sandbox.stats();
    expect(byOperation['configuration.write']).toMatchObject({ accepted: 0, conflicts: 6 });
  });
});

describe('an expected version', () => {
  test('that is not found is a conflict, which abort refuses', async () => {
    await set(7);

    const { failedReason } = await stage.run(rollout({ ...ONE, ifVersion: 5, onConflict: 'abort' }));

    expect(failedReason).toMatch(/CONFLICT: .*version 5 was expected, and version 7 was found/);
    expect((await stage.organization('org-1')).version).toBe(7);
  });

  test('that is not found is a conflict, which merge resolves', async () => {
    await set(7);

    const { result } = await stage.run(rollout({ ...ONE, ifVersion: 5 }));

    expect(result).toMatchObject({
      organizations: [{ versionBefore: 7, versionAfter: 8, conflictsResolved: 1 }],
    });
  });

  test('that is found is no conflict', async () => {
    await set(7);

    const { result } = await stage.run(rollout({ ...ONE, ifVersion: 7, onConflict: 'abort' }));

    expect(result).toMatchObject({
      organizations: [{ versionBefore: 7, versionAfter: 8, conflictsResolved: 0 }],
    });
  });
});

describe('a write without an answer', () => {
  test('differs from a refused write, which has failed', async () => {
    const errors = [{ status: 422, rate: 1 }];
    await stage.system.sandbox.inject({ operations: { 'configuration.write': { errors } } });

    const { failedReason } = await stage.run(rollout(ONE));

    expect(failedReason).toMatch(/^ROLLOUT_FAILED: .*org-1: CONTENT_REFUSED: configuration\.write/);
  });

  test('has an unknown outcome if no run can read any more, and can be rolled back', async () => {
    const { sandbox } = stage.system;
    const changesOf = ({ result }: { result: unknown }) =>
      (result as { organizations: { changes: unknown[] }[] }).organizations[0]?.changes
        .map((each) => JSON.stringify(each))
        .sort();
    const before = changesOf(await stage.run(rollout({ ...ONE, dryRun: true })));
    // The read in front of the write passes, and no later one does.
    const errors = [{ status: 503, rate: 1, after: 1 }];
    await sandbox.inject({
      operations: { 'configuration.write': { loseReplyRate: 1 }, 'configuration.read': { errors } },
    });

    const { result, jobId } = await stage.run(rollout(ONE));

    expect(result).toMatchObject({
      status: 'partial',
      organizations: [{ status: 'unknown', error: expect.stringMatching(/^OUTCOME_UNKNOWN/) }],
    });
    await sandbox.inject({});
    expect((await stage.run({ rollback: jobId })).result).toMatchObject({ updated: 1 });
    expect(changesOf(await stage.run(rollout({ ...ONE, dryRun: true })))).toEqual(before);
  });
});

describe('a rollback', () => {
  test('reverses the changes of the rollout in every organization', async () => {
    await stage.system.sandbox.setOrganization({
      tenant: stage.tenantId,
      organizationId: 'org-1',
      version: 4,
    });
    const before = (await stage.organization('org-1')).configuration;
    const { jobId } = await stage.run(rollout({ organizationIds: ['org-1', 'org-2'] }));

    const { result } = await stage.run({ rollback: jobId });

    expect(result).toMatchObject({
      status: 'completed',
      updated: 2,
      organizations: [
        { organizationId: 'org-1', versionBefore: 5, versionAfter: 6 },
        { organizationId: 'org-2', versionBefore: 2, versionAfter: 3 },
      ],
    });
    expect((await stage.organization('org-1')).configuration).toEqual(before);
  });

  test('keeps later changes of other programs', async () => {
    const { jobId } = await stage.run(rollout(ONE));
    await change(1, { widget: { launcher: { label: 'Ask us' } } });

    await stage.run({ rollback: jobId });

    expect((await stage.organization('org-1')).configuration).toMatchObject({
      widget: { launcher: { label: 'Ask us' }, theme: { colors: { primary: '#FF4F1F' } } },
    });
  });

  test('keeps fields that other programs have added next to those of the rollout', async () => {
    const { jobId } = await stage.run(rollout(ONE));
    await change(1, { widget: { accessibility: { reducedMotion: true } } });

    await stage.run({ rollback: jobId });

    const { widget } = (await stage.organization('org-1')).configuration as {
      widget: { accessibility: unknown };
    };
    expect(widget.accessibility).toEqual({ reducedMotion: true });
  });

  test('with abort skips an organization that has changed since', async () => {
    const { jobId } = await stage.run(rollout(ONE));
    await stage.run(rollout(ONE, { fontSizePx: 20 }));

    const { failedReason } = await stage.run({ rollback: jobId, onConflict: 'abort' });

    expect(failedReason).toMatch(/CONFLICT: .*version 2 was expected, and version 3 was found/);
  });

  test('as a dry run shows its changes, and makes none', async () => {
    const { jobId } = await stage.run(rollout(ONE));

    const { result } = await stage.run({ rollback: jobId, dryRun: true });

    expect(result).toMatchObject({
      organizations: [
        {
          status: 'dry-run',
          changes: expect.arrayContaining([
            { path: ['widget', 'theme', 'colors', 'primary'], from: '#0052CC', to: '#FF4F1F' },
          ]),
        },
      ],
    });
    expect((await stage.organization('org-1')).version).toBe(2);
  });

  test.for([
    { of: 'an unknown rollout', rollback: () => Promise.resolve('jnothing') },
    {
      of: 'a rollout that changed nothing',
      rollback: async () => (await stage.run(rollout({ ...ONE, dryRun: true }))).jobId,
    },
    {
      of: 'a rollout whose replication has overwritten its targets',
      rollback: async () => {
        const organizationIds = ['org-1', 'org-2'];
        return (await stage.run(rollout({ organizationIds, overwriteExisting: true }))).jobId;
      },
    },
    {
      of: 'a rollout of another tenant',
      rollback: async () => {
        const producer = stage.system.openProducer();
        const { jobIds } = await producer.enqueue(
          KIND,
          rollout({ ...ONE, tenantId: 'tenant-39' }) as JobInput<typeof KIND>,
        );
        await stage.system.ended(jobIds[0], { kind: KIND, tenantId: 'tenant-39' });
        return jobIds[0] ?? '';
      },
    },
  ])('of $of is refused', async ({ rollback }) => {
    const { state, failedReason } = await stage.run({ rollback: await rollback() });

    expect({ state, failedReason }).toEqual({
      state: 'failed',
      failedReason: expect.stringMatching(/^ROLLBACK_IMPOSSIBLE: /),
    });
  });
});

async function change(times: number, changes: Record<string, unknown> = THEIRS): Promise<void> {
  await stage.system.sandbox.setForeignAdministrator({ tenant: stage.tenantId, changes, times });
}

async function set(version: number): Promise<void> {
  await stage.system.sandbox.setOrganization({ tenant: stage.tenantId, organizationId: 'org-1', version });
}
