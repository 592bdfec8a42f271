import { describe, expect, test } from 'vitest';
import { sentConfiguration } from '../../support/guides/configuration.ts';
import { KIND, organizations, rollout, setRolloutStage } from './rollout-stage.ts';

const stage = setRolloutStage({ environment: { JOB_RETRY_FOR: '1m', AUDIT_READ_BACK_TIMEOUT: '1m' } });

describe('the sample rollout', () => {
  test('gives both organizations their configuration', async () => {
    const { state, result } = await stage.run(rollout());

    expect({ state, result }).toMatchObject({
      state: 'completed',
      result: {
        status: 'completed',
        updated: 2,
        unchanged: 0,
        failed: 0,
        conflictsResolved: 0,
        failures: [],
        replication: { status: 'completed', failedOrganizations: [] },
        audit: { status: 'found', found: 2, missing: 0 },
        organizations: [
          { organizationId: 'ORG_ID_1', status: 'updated', versionBefore: 1, versionAfter: 2, error: null },
          { organizationId: 'ORG_ID_2', status: 'updated', versionBefore: 1, versionAfter: 2, error: null },
        ],
      },
    });
    const { configuration } = await stage.organization('ORG_ID_2');
    expect(configuration).toMatchObject(sentConfiguration);
  });

  test('sends no write the second time', async () => {
    await stage.run(rollout());
    const writes = async () => (await stage.system.sandbox.requests('configuration.write')).length;
    const before = await writes();

    const { result } = await stage.run(rollout());

    expect(result).toMatchObject({ status: 'completed', updated: 0, unchanged: 2 });
    expect(await writes()).toBe(before);
  });
});

describe('a rollout', () => {
  test('reaches 200 organizations, although one write in ten conflicts and one request in twenty fails', async () => {
    stage.usePatientTenant();
    const flaky = { errors: [{ status: 503, rate: 0.05 }] };
    const contested = { errors: [...flaky.errors, { status: 409, rate: 0.1 }] };
    await stage.system.sandbox.inject({
      operations: { 'configuration.read': flaky, 'configuration.write': contested },
    });

    const { result, state } = await stage.run(rollout({ organizationIds: organizations(200) }));

    expect({ state, result }).toMatchObject({
      state: 'completed',
      result: { status: 'completed', updated: 200, failed: 0, audit: { found: 200, missing: 0 } },
    });
    const { conflictsResolved } = result as { conflictsResolved: number };
    expect(conflictsResolved).toBeGreaterThan(5);
    const all = await stage.system.sandbox.organizations(stage.tenantId);
    expect(all).toHaveLength(200);
    expect(all.every(({ version }) => version === 2)).toBe(true);
    expect(stage.system.sandbox.stats()).toMatchObject({ duplicates: 0, rateLimited: 0 });
  });

  test('continues after an organization fails, and names it', async () => {
    const { sandbox } = stage.system;
    await sandbox.setOrganization({ tenant: stage.tenantId, organizationId: 'org-2', isAssigned: false });

    const { result } = await stage.run(rollout({ organizationIds: organizations(3) }));

    const error = expect.stringMatching(/^SCOPE_MISSING: .*webchat:configuration:read/);
    expect(result).toMatchObject({
      status: 'partial',
      updated: 2,
      failed: 1,
      failures: [{ organizationId: 'org-2', error }],
      organizations: [{ status: 'updated' }, { status: 'failed', error }, { status: 'updated' }],
    });
    const [request] = await sandbox.requests('configuration.replicate');
    expect(request?.body).toMatchObject({
      sourceOrganizationId: 'org-1',
      targetOrganizationIds: ['org-3'],
      configType: 'webchat',
      overwriteExisting: false,
    });
  });

  test('without any organization has failed, and is retried as a whole', async () => {
    const { sandbox, jobs } = stage.system;
    const assign = async (isAssigned: boolean) => {
      for (const organizationId of organizations(2)) {
        await sandbox.setOrganization({ tenant: stage.tenantId, organizationId, isAssigned });
      }
    };
    await assign(false);
    const { jobId, state, failedReason } = await stage.run(rollout({ organizationIds: organizations(2) }));
    expect({ state, failedReason }).toEqual({
      state: 'failed',
      failedReason: expect.stringMatching(/^ROLLOUT_FAILED: no organization of 2 was reached \[org-1: /),
    });
    await assign(true);

    expect(await jobs.retry(KIND, jobId)).toBe('retried');

    await expect.poll(async () => (await jobs.get(KIND, jobId))?.state).toBe('completed');
    expect(await jobs.get(KIND, jobId)).toMatchObject({ result: { status: 'completed', updated: 2 } });
  });

  test('of one organization runs after the earlier one', async () => {
    const first = await stage.enqueue(rollout({ organizationIds: ['org-1'] }));
    const second = await stage.enqueue(rollout({ organizationIds: ['org-1'] }, { fontSizePx: 18 }));

    const outcomes = [await stage.ended(first), await stage.ended(second)].map(({ result }) => result);

    expect(outcomes).toMatchObject([
      { organizations: [{ versionBefore: 1, versionAfter: 2, conflictsResolved: 0 }] },
      { organizations: [{ versionBefore: 2, versionAfter: 3, conflictsResolved: 0 }] },
    ]);
  });

  test('is not undone by the replication of the earlier one', async () => {
    await stage.system.sandbox.setReplication({ durationMs: 800 });
    const organizationIds = organizations(2);
    const first = await stage.enqueue(rollout({ organizationIds, overwriteExisting: true }));
    const later = { organizationIds: ['org-2'], replicate: false };
    const second = await stage.enqueue(rollout(later, { brandColor: '#0000AA', contrastRatio: undefined }));

    await Promise.all([stage.ended(first), stage.ended(second)]);

    expect((await stage.organization('org-2')).configuration).toMatchObject({
      widget: { theme: { colors: { primary: '#0000AA' } } },
    });
  });

  test('is not replicated if it does not want that, or has one organization only', async () => {
    const alone = await stage.run(rollout({ organizationIds: ['org-1'] }));
    const unwanted = await stage.run(rollout({ organizationIds: organizations(2), replicate: false }));

    expect(alone.result).toMatchObject({ status: 'completed', replication: { status: 'not-wanted' } });
    expect(unwanted.result).toMatchObject({ status: 'completed', replication: { status: 'not-wanted' } });
    expect(await stage.system.sandbox.requests('configuration.replicate')).toEqual([]);
  });

  test('shows its steps, and is cancelled together with the waiting ones', async () => {
    const { jobs, flow, queues } = stage.system;
    const bucket = { tenantId: stage.tenantId, bucketClass: 'platform' } as const;
    await flow.configure(bucket, { capacity: 2, ratePerSecond: 0.01 });
    const jobId = await stage.enqueue(rollout({ organizationIds: organizations(3) }));
    const isWaiting = async () => (await jobs.get(KIND, jobId))?.state === 'waiting-children';
    await expect.poll(isWaiting).toBe(true);

    expect(await jobs.get(KIND, jobId)).toMatchObject({
      name: 'webchat-configuration',
      steps: { pending: 3, done: 0, failed: 0 },
    });
    expect(await jobs.cancel(KIND, jobId)).toBe('cancelled');
    await queues.wake(await flow.configure(bucket, { capacity: 100, ratePerSecond: 100 }));

    const { result, failedReason } = await stage.ended(jobId);
    const report = `${JSON.stringify(result)} ${failedReason}`;
    expect(report).toContain('JOB_CANCELLED');
    expect(await stage.system.sandbox.requests('configuration.replicate')).toEqual([]);
  });
});

describe('a step', () => {
  test('is refused from a producer', async () => {
    const step = {
      type: 'organization',
      rolloutId: 'j1',
      organizationId: 'org-1',
      settings: {},
      dryRun: true,
    };

    await expect(stage.enqueue(step)).rejects.toThrow(
      'type: organization is a step that only other jobs start',
    );
  });
});

describe('a dry run', () => {
  test('reports the payload and the changes, and makes none', async () => {
    const { result } = await stage.run(rollout({ organizationIds: ['org-1'], dryRun: true }));

    expect(result).toMatchObject({
      status: 'completed',
      dryRun: true,
      updated: 0,
      payload: { greetings: { messages: ['Hello, how can we assist you?', 'Welcome to support'] } },
      organizations: [
        {
          status: 'dry-run',
          versionBefore: 1,
          versionAfter: 1,
          changes: expect.arrayContaining([
            { path: ['widget', 'theme', 'colors', 'primary'], from: '#FF4F1F', to: '#0052CC' },
          ]),
        },
      ],
    });
    const { byOperation } = stage.system.sandbox.stats();
    expect(byOperation['configuration.write']?.accepted).toBe(0);
    expect(byOperation['configuration.replicate']?.accepted).toBe(0);
  });
});

describe('a replication', () => {
  test('makes the rollout partial if it fails for one organization', async () => {
    await stage.system.sandbox.setReplication({ failing: ['org-3'], durationMs: 200 });

    const { result } = await stage.run(
      rollout({ organizationIds: organizations(3), overwriteExisting: true }),
    );

    expect(result).toMatchObject({
      status: 'partial',
      updated: 3,
      replication: {
        status: 'partial',
        acknowledgedMs: expect.any(Number),
        activationLatencyMs: expect.any(Number),
        failedOrganizations: [{ organizationId: 'org-3' }],
      },
    });
    const { replication } = result as { replication: Record<string, number> };
    expect(replication['activationLatencyMs']).toBeGreaterThanOrEqual(200);
    expect(replication['acknowledgedMs']).toBeLessThan(replication['activationLatencyMs'] ?? 0);
  });

  test('without an end is given up, with a note in the result', async () => {
    await stage.system.sandbox.setReplication({ durationMs: 3_600_000 });

    const { result } = await stage.run(rollout({ organizationIds: organizations(2) }));

    expect(result).toMatchObject({
      status: 'partial',
      replication: { status: 'failed', error: expect.stringMatching(/^REPLICATION_TIMED_OUT: /) },
    });
  });
});

describe('audit records', () => {
  test('are found although they come late', async () => {
    await stage.system.sandbox.setAuditDelay(1000);

    const { result } = await stage.run(rollout());

    expect(result).toMatchObject({ audit: { status: 'found', found: 2 } });
    expect((await stage.system.sandbox.requests('audit.query')).length).toBeGreaterThan(1);
  });

  describe('are reported as missing, without making the rollout partial', () => {
    const impatient = setRolloutStage({ environment: { AUDIT_READ_BACK_TIMEOUT: '200ms' } });

    test('are reported, and do not make the rollout partial', async () => {
      await impatient.system.sandbox.setAuditDelay(3_600_000);

      const { result } = await impatient.run(rollout());

      expect(result).toMatchObject({
        status: 'completed',
        audit: { status: 'missing', found: 0, missing: 2, missingOrganizations: ['ORG_ID_1', 'ORG_ID_2'] },
      });
    });
  });
});
