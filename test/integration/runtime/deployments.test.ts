import { describe, expect, test } from 'vitest';
import { deploymentRollout, guideDeployment, widgetOf } from '../../support/guides/deployment.ts';
import { setRolloutStage } from './rollout-stage.ts';

const stage = setRolloutStage();
const NAME = guideDeployment.name;

describe('a deployment', () => {
  test('is created with the documented fields if it does not exist', async () => {
    const { state, result } = await stage.run(deploymentRollout());

    const [created, ...others] = await stage.system.sandbox.deployments(stage.tenantId);
    expect(others).toEqual([]);
    expect({ state, result }).toMatchObject({
      state: 'completed',
      result: { status: 'created', name: NAME, deploymentId: created?.id, warnings: [] },
    });
    expect(created).toMatchObject({
      name: NAME,
      properties: {
        launcher: { position: 'bottom-right', horizontalOffset: 20, verticalOffset: 20, show: true },
        widget: { title: 'Tech Support Chat', autoOpen: false, theme: { primaryColor: '#0056b3' } },
        active: true,
        language: 'en-US',
      },
    });
  });

  test('is updated if it differs, and keeps the fields that the job does not set', async () => {
    const { properties } = await existing({ extra: { kept: true } });

    const { result } = await stage.run(deploymentRollout({ widget: widgetOf({ title: 'Ask us' }) }));

    expect(result).toMatchObject({ status: 'updated', deploymentId: 'deployment-1' });
    const [updated] = await stage.system.sandbox.deployments(stage.tenantId);
    expect(updated).toMatchObject({
      properties: { ...properties, widget: { title: 'Ask us' }, extra: { kept: true } },
    });
  });

  test('without a difference is not sent', async () => {
    await stage.run(deploymentRollout());

    const { result } = await stage.run(deploymentRollout());

    expect(result).toMatchObject({ status: 'unchanged' });
    expect(await stage.system.sandbox.requests('deployment.update')).toEqual([]);
  });

  test('is found by its name on the last of many pages', async () => {
    for (let index = 0; index < 220; index++) {
      const deployment = { id: `other-${index}`, name: `Other ${index}`, properties: {} };
      await stage.system.sandbox.setDeployment(stage.tenantId, deployment);
    }
    await existing();

    const { result } = await stage.run(deploymentRollout());

    expect(result).toMatchObject({ status: 'updated', deploymentId: 'deployment-1' });
    expect(await stage.system.sandbox.requests('deployment.list')).toHaveLength(9);
  });

  test('is found by its id, and gets another name', async () => {
    await existing();

    const { result } = await stage.run(deploymentRollout({ id: 'deployment-1', name: 'Another Name' }));

    expect(result).toMatchObject({ status: 'updated', deploymentId: 'deployment-1', name: 'Another Name' });
  });

  test('with an unknown id is a dead letter', async () => {
    const { failedReason } = await stage.run(deploymentRollout({ id: 'nothing', name: undefined }));

    expect(failedReason).toMatch(/^NOT_FOUND: deployment\.read/);
  });

  test('with the name of another one is refused, and both are named', async () => {
    await existing();
    await existing({}, 'deployment-2');

    const { state, failedReason } = await stage.run(deploymentRollout());

    expect({ state, failedReason }).toEqual({
      state: 'failed',
      failedReason: expect.stringMatching(/^DEPLOYMENT_AMBIGUOUS: .*deployment-1 and deployment-2/),
    });
  });

  test('is created once by two concurrent jobs', async () => {
    await stage.system.sandbox.inject({ operations: { '*': { latencyMs: 50 } } });
    const jobIds = await Promise.all([
      stage.enqueue(deploymentRollout()),
      stage.enqueue(deploymentRollout()),
    ]);

    const ends = await Promise.all(jobIds.map((jobId) => stage.ended(jobId)));

    const statuses = ends.map(({ result }) => (result as { status: string }).status);
    expect(statuses.sort()).toEqual(['created', 'unchanged']);
    expect(await stage.system.sandbox.deployments(stage.tenantId)).toHaveLength(1);
  });

  test.each([
    { of: 'creation', operation: 'deployment.create', status: 'created', prepare: async () => {} },
    { of: 'update', operation: 'deployment.update', status: 'updated', prepare: () => existing() },
  ])('is read and tried again after a 409 for its $of', async ({ operation, status, prepare }) => {
    await prepare();
    await stage.system.sandbox.inject({
      operations: { [operation]: { errors: [{ status: 409, rate: 1, times: 2 }] } },
    });

    const { state, result } = await stage.run(deploymentRollout());

    expect({ state, result }).toMatchObject({ state: 'completed', result: { status } });
    expect(await stage.system.sandbox.requests(operation)).toHaveLength(3);
    expect(await stage.system.sandbox.requests('deployment.list')).toHaveLength(3);
    expect(await stage.system.sandbox.deployments(stage.tenantId)).toHaveLength(1);
  });

  test('with more than MAX_CONFLICTS 409s in a row is a dead letter', async () => {
    await stage.system.sandbox.inject({
      operations: { 'deployment.create': { errors: [{ status: 409, rate: 1 }] } },
    });

    const { state, failedReason } = await stage.run(deploymentRollout());

    expect({ state, failedReason }).toEqual({
      state: 'failed',
      failedReason: expect.stringMatching(/^CONFLICT: deployment\.create/),
    });
    const { maxConflicts } = stage.system.config;
    expect(await stage.system.sandbox.requests('deployment.create')).toHaveLength(maxConflicts + 1);
  });

  test('with unreadable texts is sent with a warning, and refused if the job is strict', async () => {
    const pale = widgetOf();
    const widget = { ...pale, theme: { ...pale.theme, widgetTextColor: '#bbbbbb' } };

    const { result } = await stage.run(deploymentRollout({ widget }));

    const warning =
      /^widget\.theme\.widgetTextColor: expected a contrast of at least 4\.5 to widgetBackgroundColor/;
    expect(result).toMatchObject({ status: 'created', warnings: [expect.stringMatching(warning)] });
    await expect(stage.enqueue(deploymentRollout({ widget, strict: true }))).rejects.toThrow(
      'widget.theme.widgetTextColor: expected a contrast',
    );
  });
});

/** Another deployment with the same name. */
async function existing(more: Record<string, unknown> = {}, id = 'deployment-1') {
  const properties = { launcher: { position: 'top-left' }, ...more };
  await stage.system.sandbox.setDeployment(stage.tenantId, { id, name: NAME, properties });
  return { properties: { launcher: { position: 'bottom-right' } } };
}
