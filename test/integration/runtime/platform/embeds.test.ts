import { describe, expect, test } from 'vitest';
import { embedFields } from '../../../support/guides/embed.ts';
import { setPlatformStage } from './organizations-stage.ts';

const stage = setPlatformStage();
const KIND = 'embed-generation';

describe('an embed code of the platform', () => {
  test('is the snippet of the deployment, beside a tag with the attributes of the job', async () => {
    const [tenant] = stage.tenants;
    await stage.setConfiguration(tenant, 'configuration-1');
    await stage.setDeployment(tenant, 'deployment-1', 'configuration-1');

    const { state, result } = await stage.run(KIND, { widgetId: 'deployment-1', ...embedFields });

    const [deployment] = await stage.deployments(tenant);
    expect({ state, result }).toEqual({
      state: 'completed',
      result: {
        widgetId: 'deployment-1',
        environment: 'sandbox',
        generatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        payloadBytes: expect.any(Number),
        requestMs: expect.any(Number),
        scriptTag: deployment?.['snippet'],
        attributesTag:
          '<script>Genesys("subscribe","Database.ready",function(){Genesys("command","Database.set",' +
          '{"messaging":{"customAttributes":{"source":"marketing_campaign","priority":"high"}}})});</script>',
        missingLanguages: ['es-ES', 'fr-FR'],
        notApplied: ['theme'],
      },
    });
  });

  test.each([
    ['of another host', { domain: 'evil.example/x' }, /^WIDGET_MALFORMED: .*snippet\.src: expected/],
    [
      'with code of its own',
      { environment: "'}); alert(1); ({ a: '" },
      /^WIDGET_MALFORMED: .*known function/,
    ],
  ])('is refused if its script is %s', async (_, organization, reason) => {
    const [tenant] = stage.tenants;
    await stage.setConfiguration(tenant, 'configuration-1');
    await stage.setDeployment(tenant, 'deployment-1', 'configuration-1');
    await stage.settings({ organization });

    const { failedReason } = await stage.run(KIND, { widgetId: 'deployment-1', ...embedFields });

    expect(failedReason).toMatch(reason);
  });

  test('is refused if its configuration shows no messenger', async () => {
    const [tenant] = stage.tenants;
    await stage.setConfiguration(tenant, 'configuration-1', { messenger: { enabled: false } });
    await stage.setDeployment(tenant, 'deployment-1', 'configuration-1');

    const { failedReason } = await stage.run(KIND, { widgetId: 'deployment-1', ...embedFields });

    expect(failedReason).toMatch(/^WIDGET_FEATURES_MISSING: .*webMessagingV2/);
  });
});
