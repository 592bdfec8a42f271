import { describe, expect, test } from 'vitest';
import { configurationOf } from '../../../support/guides/configuration.ts';
import { messenger } from '../../../support/guides/messenger.ts';
import { runCommand } from '../../../support/gwm-command.ts';
import { setPlatformStage } from './organizations-stage.ts';

const stage = setPlatformStage();

describe('gwm jobs get', () => {
  test('names the fields that a rollout ignored, stripped and found changed', async () => {
    const [a, b] = stage.tenants;
    const knowledge = { enabled: true, knowledgeBase: { id: 'base-of-a' } };
    const apps = { ...messenger().messenger.apps, knowledge };
    await stage.setConfiguration(a, 'source', { messenger: { ...messenger().messenger, apps } });
    await stage.interfere('read', { description: 'of theirs' });

    const { jobId } = await stage.rollOut({ organizationIds: [a, b], onConflict: 'merge' });
    const shown = await shownJob(jobId);

    expect(shown).toContain('"configuration.fontSizePx"');
    expect(shown).toContain('"messenger.apps.knowledge"');
    expect(shown).toMatch(/"foreignFields": ?\[\s*"description"/);
    expect(shown).not.toMatch(/of theirs|base-of-a/);
  });

  test('names the fields for which a job is refused, and no flag of the caller', async () => {
    const [a] = stage.tenants;
    const configuration = { ...configurationOf(), featureFlags: { secretPlan: true } };

    const { jobId } = await stage.rollOut({ organizationIds: [a], ignoreUnsupported: false, configuration });
    const shown = await shownJob(jobId);

    expect(shown).toContain(
      'CAPABILITY_UNAVAILABLE: the dialect platform has no counterpart of configuration.fontSizePx, configuration.greetings, configuration.availabilityRules, configuration.featureFlags.…, configuration.audienceSegments; set ignoreUnsupported to true to leave them out',
    );
    expect(shown).not.toContain('secretPlan');
  });
});

async function shownJob(jobId: string): Promise<string> {
  const { stdout } = await runCommand(['jobs', 'get', 'config-rollout', jobId], {
    env: stage.system.environment,
  });
  return stdout;
}
