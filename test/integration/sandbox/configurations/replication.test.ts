import { describe, expect, test } from 'vitest';
import { guideConfiguration } from '../../../support/guides/configuration.ts';
import { openStage, type PlatformRequest, type Stage } from '../caller.ts';

const path = '/api/v2/webchat/configurations/replicate';

/** The documented request (docs/guides.md#replicate-a-configuration) for two targets. */
const order = {
  sourceOrganizationId: 'org-1',
  targetOrganizationIds: ['org-2', 'org-3'],
  configType: 'webchat',
  overwriteExisting: true,
};

const replicate = (stage: Stage, changes: object = {}, request: PlatformRequest = {}) =>
  stage.ask(path, { method: 'POST', body: { ...order, ...changes }, ...request });

const look = async (stage: Stage, id: string) => (await stage.ask(`${path}/${id}`)).body;

const configurationOf = async (stage: Stage, organizationId: string) =>
  (await stage.ask(`/api/v2/webchat/organizations/${organizationId}/configurations`)).body;

async function setSource(stage: Stage): Promise<void> {
  const source = { tenant: 'acme', organizationId: 'org-1', configuration: guideConfiguration };
  await stage.control('PUT', '/organizations', source);
}

describe('a replication', () => {
  test('is accepted at once, and takes effect after its duration', async () => {
    await using stage = await openStage();
    await setSource(stage);
    const { status, body } = await replicate(stage);
    expect(status).toBe(202);
    const { configType: _unsaid, ...said } = order;
    expect(body).toEqual({ id: expect.any(String), status: 'queued', ...said });

    const pending = { status: 'pending', version: null };
    expect(await look(stage, body.id)).toEqual({
      id: body.id,
      status: 'queued',
      targets: [
        { organizationId: 'org-2', ...pending },
        { organizationId: 'org-3', ...pending },
      ],
      startedAt: '2024-01-15T10:30:00.123Z',
      completedAt: null,
    });
    stage.clock.advance(0.075);
    expect(await look(stage, body.id)).toMatchObject({ status: 'running', completedAt: null });
    expect((await configurationOf(stage, 'org-2')).version).toBe(1);

    stage.clock.advance(0.225);
    expect(await configurationOf(stage, 'org-2')).toEqual({
      organizationId: 'org-2',
      version: 2,
      lastModified: '2024-01-15T10:30:00.423Z',
      ...guideConfiguration,
    });
    expect(await look(stage, body.id)).toEqual({
      id: body.id,
      status: 'completed',
      targets: [
        { organizationId: 'org-2', status: 'active', version: 2 },
        { organizationId: 'org-3', status: 'active', version: 2 },
      ],
      startedAt: '2024-01-15T10:30:00.123Z',
      completedAt: '2024-01-15T10:30:00.423Z',
    });
  });

  test('without overwriting keeps the configuration of a target', async () => {
    await using stage = await openStage();
    await setSource(stage);
    const own = { tenant: 'acme', organizationId: 'org-2', configuration: { label: 'own' }, version: 5 };
    await stage.control('PUT', '/organizations', own);
    const { body } = await replicate(stage, { overwriteExisting: false });
    stage.clock.advance(1);
    expect(await look(stage, body.id)).toMatchObject({
      status: 'completed',
      targets: [
        { organizationId: 'org-2', status: 'active', version: 5 },
        { organizationId: 'org-3', status: 'active', version: 2 },
      ],
    });
    expect(await configurationOf(stage, 'org-2')).toMatchObject({ version: 5, label: 'own' });
    const { body: records } = await stage.control('GET', '/audit/records?tenant=acme');
    expect(records).toMatchObject([
      {
        action: 'webchat:configuration:update',
        organizationId: 'org-3',
        clientId: 'acme-client',
        version: 2,
      },
    ]);
  });

  test('fails at the targets that control names, for one tenant or all, until the reset', async () => {
    await using stage = await openStage();
    await stage.control('PUT', '/replication', { durationMs: 100, failing: ['org-2'] });
    await stage.control('PUT', '/replication', { tenant: 'acme', failing: ['org-3'] });
    const { body } = await replicate(stage);
    stage.clock.advance(0.1);
    expect(await look(stage, body.id)).toMatchObject({
      status: 'partial',
      targets: [
        { organizationId: 'org-2', status: 'active', version: 2 },
        { organizationId: 'org-3', status: 'failed', version: null, error: expect.any(String) },
      ],
    });
    const failed = await replicate(stage, { targetOrganizationIds: ['org-3'] });
    stage.clock.advance(0.1);
    expect((await look(stage, failed.body.id)).status).toBe('failed');
    await stage.control('POST', '/reset');
    expect((await stage.ask(`${path}/${body.id}`)).status).toBe(404);
    const again = await replicate(stage);
    stage.clock.advance(0.2);
    expect((await look(stage, again.body.id)).status).toBe('running');
    stage.clock.advance(0.1);
    expect((await look(stage, again.body.id)).status).toBe('completed');
  });

  test('shows in control as soon as its time is over, without an earlier request', async () => {
    await using stage = await openStage();
    await replicate(stage);
    stage.clock.advance(0.3);
    const { body } = await stage.control('GET', '/organizations?tenant=acme');
    expect(body.map(({ organizationId }: Record<string, unknown>) => organizationId)).toEqual([
      'org-2',
      'org-3',
    ]);
  });

  test('from an organization that is not assigned is answered 403', async () => {
    await using stage = await openStage();
    await stage.control('PUT', '/organizations', {
      tenant: 'acme',
      organizationId: 'org-1',
      isAssigned: false,
    });
    const { status, body } = await replicate(stage);
    expect([status, body.code]).toEqual([403, 'not.authorized']);
  });

  test('started twice in one job is a duplicate', async () => {
    await using stage = await openStage();
    const request = { headers: { 'x-genesys-request-id': 'job-1' } };
    for (let count = 0; count < 2; count += 1) await replicate(stage, {}, request);
    expect(stage.sandbox.stats()).toMatchObject({ accepted: 2, duplicates: 1 });
  });

  test.each(['unknown', '__proto__'])('is answered 404 if it does not exist: %s', async (id) => {
    await using stage = await openStage();
    const { status, body } = await stage.ask(`${path}/${id}`);
    expect([status, body.code]).toEqual([404, 'not.found']);
  });

  test('of one tenant is unknown to another', async () => {
    await using stage = await openStage();
    const { body } = await replicate(stage);
    expect((await stage.ask(`${path}/${body.id}`, { tenant: 'globex' })).status).toBe(404);
  });

  test.each([
    ['no source', { sourceOrganizationId: undefined }, 'sourceOrganizationId'],
    ['no targets', { targetOrganizationIds: [] }, 'targetOrganizationIds'],
    ['a nameless target', { targetOrganizationIds: ['a', ''] }, 'targetOrganizationIds[1]'],
    ['a target twice', { targetOrganizationIds: ['a', 'b', 'a'] }, 'targetOrganizationIds[2]'],
    ['the source as a target', { targetOrganizationIds: ['org-1'] }, 'targetOrganizationIds[0]'],
    ['another type', { configType: 'email' }, 'configType'],
    ['no overwriteExisting', { overwriteExisting: undefined }, 'overwriteExisting'],
  ])('with %s is answered 422 with the field', async (_what, changes, fieldName) => {
    await using stage = await openStage();
    const { status, body } = await replicate(stage, changes);
    expect([status, body.code]).toEqual([422, 'validation.failed']);
    expect(body.errors).toEqual([{ fieldName, errorCode: expect.any(String), message: expect.any(String) }]);
    expect(body.details).toEqual([{ fieldName, errorCode: body.errors[0].errorCode }]);
  });

  test.each([
    ['POST', '', 'webchat:configuration:write', 'webchat:configuration:read'],
    ['GET', '/some-id', 'webchat:configuration:read', 'webchat:configuration:write'],
  ] as const)('requires for %s %s the scope %s', async (method, place, wanted, scope) => {
    await using stage = await openStage();
    const { status, body } = await stage.ask(path + place, { method, scope });
    expect([status, body.messageParams]).toEqual([403, { permissions: wanted }]);
  });
});
