import { describe, expect, test } from 'vitest';
import { deploymentContent, deploymentRollout, widgetOf } from '../../../support/guides/deployment.ts';
import { messenger } from '../../../support/guides/messenger.ts';
import { setPlatformStage } from './organizations-stage.ts';

const stage = setPlatformStage();
const KIND = 'config-rollout';
const { name: NAME, launcher } = deploymentContent;

describe('a deployment of the platform', () => {
  test('as the guide has it is created with its configuration, and is active', async () => {
    const [tenant] = stage.tenants;

    const { state, result } = await deploy();

    const [configuration] = await stage.configurations(tenant);
    const [deployment, ...others] = await stage.deployments(tenant);
    expect(others).toEqual([]);
    expect({ state, result }).toMatchObject({
      state: 'completed',
      result: {
        status: 'created',
        name: NAME,
        deploymentId: deployment?.id,
        configurationId: configuration?.id,
        versionAfter: 1,
        concurrency: 'best-effort',
        warnings: [],
        ignored: expect.arrayContaining(['widget.theme.headerTextColor']),
      },
    });
    expect(deployment).toMatchObject({ name: NAME, status: 'Active', allowAllDomains: true });
    expect(configuration?.published).toMatchObject([
      {
        name: NAME,
        languages: ['en-us'],
        defaultLanguage: 'en-us',
        messenger: {
          enabled: true,
          styles: { primaryColor: '#0056b3' },
          launcherButton: { visibility: 'On' },
        },
        position: { alignment: 'Right', sideSpace: 20, bottomSpace: 20 },
        customI18nLabels: [
          {
            language: 'en-us',
            localizedLabels: [
              { key: 'MessengerHomeHeaderTitle', value: 'Tech Support Chat' },
              {
                key: 'MessengerHomeHeaderSubTitle',
                value: 'Hi there! An agent will be with you shortly.',
              },
            ],
          },
        ],
      },
    ]);
  });

  test('is changed with its own configuration, and keeps what the job does not set', async () => {
    const [tenant] = stage.tenants;
    await existing();

    const { result } = await deploy({ name: undefined, id: 'deployment-1', status: 'inactive' });

    expect(result).toMatchObject({ status: 'updated', deploymentId: 'deployment-1', versionAfter: 2 });
    const [deployment] = await stage.deployments(tenant);
    expect(deployment).toMatchObject({
      name: NAME,
      status: 'Inactive',
      configuration: { id: 'configuration-1', version: '2' },
    });
    const [configuration] = await stage.configurations(tenant);
    expect(configuration?.published[1]).toMatchObject({
      name: 'Web chat',
      languages: ['en-us', 'de-de'],
      customI18nLabels: [{ language: 'de-de' }, { language: 'en-us' }],
      messenger: { homeScreen: messenger().messenger.homeScreen },
    });
  });

  test('without a difference is not written, and gets another name by its id', async () => {
    const [tenant] = stage.tenants;
    const first = await deploy();

    expect((await deploy()).result).toMatchObject({ status: 'unchanged', versionAfter: 1 });
    const { deploymentId: id } = first.result as { deploymentId: string };
    expect((await deploy({ id, name: 'Another Name' })).result).toMatchObject({
      status: 'updated',
      name: 'Another Name',
      versionAfter: 1,
    });
    expect(await stage.deployments(tenant)).toMatchObject([{ name: 'Another Name' }]);
  });

  test('with an unknown id is a dead letter, and with the name of several is refused', async () => {
    expect((await deploy({ id: 'nothing', name: undefined })).failedReason).toMatch(
      /^NOT_FOUND: deployment\.read/,
    );
    const [tenant] = stage.tenants;
    await existing();
    await stage.setDeployment(tenant, 'deployment-2', 'configuration-1', NAME);
    expect((await deploy()).failedReason).toMatch(/^DEPLOYMENT_AMBIGUOUS: .*deployment-1 and deployment-2/);
  });

  test('is created once by two concurrent jobs', async () => {
    const [tenant] = stage.tenants;

    const results = await Promise.all([deploy(), deploy()]);

    const statuses = results.map(({ result }) => (result as { status: string }).status);
    expect(statuses.sort()).toEqual(['created', 'unchanged']);
    expect(await stage.deployments(tenant)).toHaveLength(1);
    expect(await stage.configurations(tenant)).toHaveLength(1);
  });

  test('is found on the last of many pages', async () => {
    const [tenant] = stage.tenants;
    await existing();
    // A page has 100.
    for (let index = 0; index < 300; index++) {
      await stage.setDeployment(tenant, `other-${index}`, 'configuration-1', `Other ${index}`);
    }
    await stage.setDeployment(tenant, 'last', 'configuration-1', 'The last one');

    const { result } = await deploy({ name: 'The last one' });

    expect(result).toMatchObject({ status: 'updated', deploymentId: 'last' });
    expect(await stage.system.sandbox.requests('platform.deployment.list', tenant)).toHaveLength(4);
  });

  test('is created for the domains that the job names, in the wanted corner', async () => {
    const [tenant] = stage.tenants;
    const allowedDomains = ['www.example.com'];

    await deploy({ allowedDomains, launcher: { ...launcher, position: 'bottom-left', show: false } });

    expect(await stage.deployments(tenant)).toMatchObject([{ allowAllDomains: false, allowedDomains }]);
    const [configuration] = await stage.configurations(tenant);
    expect(configuration?.published[0]).toMatchObject({
      position: { alignment: 'Left' },
      messenger: { launcherButton: { visibility: 'Off' } },
    });
  });

  test('is refused with the names of fields without a counterpart', async () => {
    const widget = widgetOf({ autoOpen: true });
    const { failedReason } = await deploy({
      ignoreUnsupported: false,
      widget,
      launcher: { ...launcher, position: 'top-left' },
    });

    expect(failedReason).toMatch(
      /^CAPABILITY_UNAVAILABLE: .* no counterpart of launcher\.position, widget\.autoOpen, widget\.theme\.secondaryColor/,
    );
  });
});

async function deploy(fields: Readonly<Record<string, unknown>> = {}) {
  const { tenantId: _other, ...data } = deploymentRollout({ ignoreUnsupported: true, ...fields });
  return await stage.run(KIND, data);
}

/** A deployment of the sample's name, as an administrator made it. */
async function existing(): Promise<void> {
  const [tenant] = stage.tenants;
  await stage.setConfiguration(tenant, 'configuration-1');
  await stage.setDeployment(tenant, 'deployment-1', 'configuration-1', NAME);
}
