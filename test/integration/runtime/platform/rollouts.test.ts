import { describe, expect, test } from 'vitest';
import { messenger } from '../../../support/guides/messenger.ts';
import { setPlatformStage } from './organizations-stage.ts';

const stage = setPlatformStage();
const KIND = 'config-rollout';

describe('a rollout to organizations of the platform', () => {
  test('as the guide has it creates the configuration, and publishes it in each of them', async () => {
    const [a, b] = stage.tenants;

    const { state, result } = await stage.rollOut({ organizationIds: [a, b] });

    expect({ state, result }).toMatchObject({
      state: 'completed',
      result: {
        status: 'completed',
        updated: 2,
        failed: 0,
        concurrency: 'best-effort',
        ignored: [
          'configuration.fontSizePx',
          'configuration.greetings',
          'configuration.availabilityRules',
          'configuration.audienceSegments',
        ],
        replication: { status: 'completed', failedCount: 0 },
        organizations: [
          { organizationId: a, status: 'updated', isCreated: true, versionBefore: null, versionAfter: 1 },
          { organizationId: b, status: 'updated', isCreated: true, versionBefore: null, versionAfter: 1 },
        ],
      },
    });
    for (const tenant of [a, b]) {
      expect(await published(tenant)).toMatchObject([
        {
          version: '1',
          name: 'Web chat',
          defaultLanguage: 'en-us',
          messenger: {
            enabled: true,
            styles: { primaryColor: '#0052cc' },
            fileUpload: { enableAttachments: true },
            apps: { conversations: { markdown: { enabled: false } } },
          },
        },
      ]);
    }
  });

  test('merges its fields into the newest version, publishes the next one, and pins deployments', async () => {
    const [a] = stage.tenants;
    await stage.setConfiguration(a, 'configuration-1');
    await stage.setDeployment(a, 'deployment-1', 'configuration-1', 'Shop');
    await stage.setDeployment(a, 'deployment-2', 'configuration-1', 'Help');

    const { result } = await stage.rollOut({ organizationIds: [a], deployments: ['Shop', 'deployment-2'] });

    expect(result).toMatchObject({
      status: 'completed',
      organizations: [
        {
          status: 'updated',
          configurationId: 'configuration-1',
          versionBefore: 1,
          versionAfter: 2,
          conflictsResolved: 0,
          deployments: [
            { deploymentId: 'deployment-1', before: { version: '1' }, isPinned: true },
            { deploymentId: 'deployment-2', before: { version: '1' }, isPinned: true },
          ],
        },
      ],
    });
    const [, second] = await published(a);
    const before = messenger();
    expect(second).toMatchObject({
      ...before,
      messenger: { ...before.messenger, styles: { primaryColor: '#0052cc' } },
    });
    const pinned = (await stage.deployments(a)).map(({ configuration }) => configuration.version);
    expect(pinned).toEqual(['2', '2']);
  });

  test('takes a configuration nearly as large as a request may be', async () => {
    const [a, b] = stage.tenants;
    const maskSelectors = Array.from({ length: 4500 }, (_, n) => `#field-${n}-${'x'.repeat(90)}`);
    const cobrowse = { enabled: true, maskSelectors };
    for (let n = 0; n < 3; n++)
      await stage.setConfiguration(a, `configuration-${n}`, { name: `Shop ${n}`, cobrowse });

    const { state, result, failedReason } = await stage.rollOut({
      organizationIds: [a, b],
      configurationName: 'Shop 0',
    });

    expect({ state, result, failedReason }).toMatchObject({
      state: 'completed',
      result: { updated: 2, failed: 0 },
    });
    expect((await published(a)).at(-1)).toMatchObject({
      cobrowse,
      messenger: { styles: { primaryColor: '#0052cc' } },
    });
    expect((await published(b)).at(-1)).toMatchObject({ cobrowse });
  });

  test('without a difference writes nothing', async () => {
    const [a] = stage.tenants;
    await stage.rollOut({ organizationIds: [a] });
    const { result } = await stage.rollOut({ organizationIds: [a] });

    expect(result).toMatchObject({
      unchanged: 1,
      updated: 0,
      organizations: [{ versionAfter: 1, changes: [] }],
    });
    expect(await requests('platform.draft.write', a)).toHaveLength(0);
    expect(await published(a)).toHaveLength(1);
  });

  test('only reads and compares in a dry run', async () => {
    const [a, b] = stage.tenants;
    await stage.setConfiguration(a, 'configuration-1');

    const { result } = await stage.rollOut({ organizationIds: [a, b], dryRun: true });

    expect(result).toMatchObject({
      dryRun: true,
      organizations: [
        { status: 'dry-run', changes: expect.arrayContaining([expect.objectContaining({ to: '#0052cc' })]) },
        { status: 'dry-run', isCreated: true, configurationId: null },
      ],
    });
    expect(await published(a)).toHaveLength(1);
    expect(await stage.configurations(b)).toEqual([]);
  });

  test('copies the first organization to others without its foreign ids, and merges where they have one', async () => {
    const [a, b, c] = stage.tenants;
    const knowledge = { enabled: true, knowledgeBase: { id: 'base-of-a' } };
    await stage.setConfiguration(a, 'source', {
      authenticationSettings: { enabled: true, integrationId: 'integration-of-a' },
      messenger: { ...messenger().messenger, apps: { knowledge } },
    });
    await stage.setConfiguration(c, 'existing', { description: 'of c' });

    const { result } = await stage.rollOut({ organizationIds: [a, b, c] });

    expect(result).toMatchObject({
      status: 'completed',
      replication: { stripped: ['messenger.apps.knowledge', 'authenticationSettings'] },
    });
    const [copied] = await published(b);
    expect(copied).toMatchObject({
      description: 'The messenger of the shop',
      messenger: { styles: { primaryColor: '#0052cc' } },
    });
    expect(JSON.stringify(copied)).not.toMatch(/of-a/);
    const [, merged] = await published(c);
    expect(merged).toMatchObject({ description: 'of c', messenger: { styles: { primaryColor: '#0052cc' } } });
  });

  test('replaces what others have if it may, and keeps their own foreign ids', async () => {
    const [a, b] = stage.tenants;
    await stage.setConfiguration(a, 'source');
    const authenticationSettings = { enabled: true, integrationId: 'integration-of-b' };
    await stage.setConfiguration(b, 'existing', { description: 'of b', authenticationSettings });

    await stage.rollOut({ organizationIds: [a, b], overwriteExisting: true });

    const [, replaced] = await published(b);
    expect(replaced).toMatchObject({ description: 'The messenger of the shop', authenticationSettings });
  });

  test('goes on with the others if one organization refuses, and names its permission', async () => {
    const [a, b] = stage.tenants;
    const errors = [{ status: 403, rate: 1, times: 1 }];
    await stage.system.sandbox.inject({ operations: { 'platform.configuration.create': { errors } } });

    const { result } = await stage.rollOut({ organizationIds: [a, b], replicate: false });

    expect(result).toMatchObject({ status: 'partial', updated: 1, failed: 1 });
    expect(JSON.stringify(result)).toContain('webDeployments:configuration:add');
  });

  test('changes nothing if a deployment to pin does not exist', async () => {
    const [a] = stage.tenants;
    await stage.setConfiguration(a, 'configuration-1');

    const { failedReason } = await stage.rollOut({ organizationIds: [a], deployments: ['Nowhere'] });

    expect(failedReason).toMatch(
      /^ROLLOUT_FAILED: .*NOT_FOUND: no deployment has the id or the name "Nowhere"/,
    );
    expect(await published(a)).toHaveLength(1);
  });

  test('with the name of several configurations is refused, and names their ids', async () => {
    const [a] = stage.tenants;
    await stage.setConfiguration(a, 'configuration-1');
    await stage.setConfiguration(a, 'configuration-2');

    const { failedReason } = await stage.rollOut({ organizationIds: [a] });

    expect(failedReason).toMatch(/CONFIGURATION_AMBIGUOUS: .*configuration-1 and configuration-2/);
    const { result } = await stage.rollOut({ organizationIds: [a], configurationId: 'configuration-2' });
    expect(result).toMatchObject({
      organizations: [{ configurationId: 'configuration-2', versionAfter: 2 }],
    });
  });

  test('waits for what comes late, and fails for what never comes', async () => {
    const [a, b] = stage.tenants;
    await stage.settings({ configurations: { notFoundForMs: 700, pendingForMs: 1200 } });
    expect((await stage.rollOut({ organizationIds: [a] })).result).toMatchObject({ status: 'completed' });

    await stage.setConfiguration(b, 'configuration-2');
    await stage.settings({ configurations: { notFoundForMs: 0, pendingForMs: 600_000 } });
    const { failedReason } = await stage.rollOut({ tenantId: b, organizationIds: [b] });

    expect(failedReason).toMatch(/CHANGE_PENDING: Genesys Cloud did not get to configuration-active within/);
  });
});

describe('another administrator', () => {
  const theirs = { description: 'theirs', position: { alignment: 'Auto', sideSpace: 1, bottomSpace: 2 } };

  test.each(['read', 'write', 'publish'] as const)(
    'who changes the draft after a %s is found, and merged',
    async (after) => {
      const [a] = stage.tenants;
      await stage.setConfiguration(a, 'configuration-1');
      await stage.interfere(after, theirs);

      const { result } = await stage.rollOut({ organizationIds: [a] });

      const isLate = after === 'publish';
      expect(result).toMatchObject({
        status: 'completed',
        conflictsResolved: isLate ? 0 : 1,
        organizations: [
          { foreignFields: isLate ? [] : expect.arrayContaining(['description']), conflictFields: [] },
        ],
      });
      const [, second, ...more] = await published(a);
      expect(more).toEqual([]);
      expect(second).toMatchObject({ messenger: { styles: { primaryColor: '#0052cc' } } });
      // After the publication the draft is theirs alone, and stays so.
      if (!isLate) expect(second).toMatchObject(theirs);
    },
  );

  test('who sets the same field is overruled, and the result says so', async () => {
    const [a] = stage.tenants;
    await stage.setConfiguration(a, 'configuration-1');
    await stage.interfere('read', {
      messenger: { ...messenger().messenger, styles: { primaryColor: '#123456' } },
    });

    const { result } = await stage.rollOut({ organizationIds: [a] });

    expect(result).toMatchObject({
      organizations: [{ conflictFields: ['messenger.styles.primaryColor'], conflictsResolved: 1 }],
    });
    expect((await published(a)).at(-1)).toMatchObject({ messenger: { styles: { primaryColor: '#0052cc' } } });
  });

  test('is left alone with abort, and loses the changes with overwrite', async () => {
    const [a, b] = stage.tenants;
    await stage.setConfiguration(a, 'configuration-1');
    await stage.setConfiguration(b, 'configuration-2');
    await stage.interfere('read', theirs);

    const aborted = await stage.rollOut({ organizationIds: [a], onConflict: 'abort' });
    await stage.interfere('read', theirs, b);
    const overwritten = await stage.rollOut({ tenantId: b, organizationIds: [b], onConflict: 'overwrite' });

    expect(aborted.failedReason).toMatch(/CONFLICT: .*another administrator changed \d+ fields meanwhile/);
    expect(await published(a)).toHaveLength(1);
    expect(overwritten.result).toMatchObject({ status: 'completed' });
    expect((await published(b)).at(-1)).toMatchObject({ description: 'The messenger of the shop' });
  });

  test('who left a draft without publishing it is told, and the draft is not published', async () => {
    const [a] = stage.tenants;
    await stage.setConfiguration(a, 'configuration-1');
    const change = { tenant: a, configurationId: 'configuration-1', changes: { description: 'a draft' } };
    await stage.system.sandbox.platform('POST', '/foreign-administrator', change);

    const aborted = await stage.rollOut({ organizationIds: [a], onConflict: 'abort' });
    const merged = await stage.rollOut({ organizationIds: [a] });

    expect(aborted.failedReason).toMatch(/CONFLICT: .*1 changed fields that are not published/);
    expect(merged.result).toMatchObject({ organizations: [{ discardedFields: ['description'] }] });
    expect((await published(a)).at(-1)).toMatchObject({ description: 'The messenger of the shop' });
  });

  test('who has published another version than ifVersion names is found', async () => {
    const [a] = stage.tenants;
    await stage.setConfiguration(a, 'configuration-1');

    const { failedReason } = await stage.rollOut({ organizationIds: [a], ifVersion: 7, onConflict: 'abort' });

    expect(failedReason).toMatch(/CONFLICT: .*version 7 was expected, and version 1 was found/);
  });
});

describe('a rollback', () => {
  test('publishes what was there before, and puts deployments back', async () => {
    const [a, b] = stage.tenants;
    // An id is that of one organization.
    for (const tenant of [a, b]) {
      await stage.setConfiguration(tenant, `${tenant}-1`);
      await stage.setConfiguration(tenant, `${tenant}-2`, { name: 'Other' });
      await stage.setDeployment(tenant, `${tenant}-shop`, `${tenant}-1`, 'Shop');
      await stage.setDeployment(tenant, `${tenant}-help`, `${tenant}-2`, 'Help');
    }
    const { jobId } = await stage.rollOut({ organizationIds: [a, b], deployments: ['Shop', 'Help'] });
    const changes = { description: 'since then' };
    await stage.system.sandbox.platform('POST', '/foreign-administrator', {
      tenant: a,
      configurationId: `${a}-1`,
      changes,
    });

    const { result } = await stage.run(KIND, { rollback: jobId });

    expect(result).toMatchObject({ status: 'completed', updated: 2, concurrency: 'best-effort' });
    const before = messenger();
    for (const tenant of [a, b]) {
      const versions = await published(tenant);
      expect(versions).toHaveLength(3);
      expect(versions.at(-1)).toMatchObject(before);
      expect((await stage.deployments(tenant)).map(({ configuration }) => configuration)).toMatchObject([
        { id: `${tenant}-1`, version: '3' },
        { id: `${tenant}-2`, version: '1' },
      ]);
    }
  });

  test('of a rollout that changed nothing is refused', async () => {
    const [a] = stage.tenants;
    const { jobId } = await stage.rollOut({ organizationIds: [a], dryRun: true });

    const { failedReason } = await stage.run(KIND, { rollback: jobId });

    expect(failedReason).toMatch(/^ROLLBACK_IMPOSSIBLE/);
  });
});

/** The published versions of the first configuration of a tenant, the oldest first. */
async function published(tenant: string) {
  const [configuration] = await stage.configurations(tenant);
  return configuration?.published ?? [];
}

async function requests(operation: string, tenant: string) {
  return await stage.system.sandbox.requests(operation, tenant);
}
