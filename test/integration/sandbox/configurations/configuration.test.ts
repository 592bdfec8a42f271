import { describe, expect, test } from 'vitest';
import { guideConfiguration } from '../../../support/guides/configuration.ts';
import { openStage, type PlatformRequest, type Stage } from '../caller.ts';

const pathOf = (organizationId: string) =>
  `/api/v2/webchat/organizations/${encodeURIComponent(organizationId)}/configurations`;

const read = (stage: Stage, request: PlatformRequest = {}, organizationId = 'org-1') =>
  stage.ask(pathOf(organizationId), request);

function write(
  stage: Stage,
  ifMatch: string | undefined,
  body: unknown = guideConfiguration,
  request: PlatformRequest = {},
) {
  const headers = { ...(ifMatch !== undefined && { 'if-match': ifMatch }), ...request.headers };
  return stage.ask(pathOf('org-1'), { method: 'PUT', body, ...request, headers });
}

describe('reading a configuration', () => {
  test('answers the default configuration at version 1 for every organization', async () => {
    await using stage = await openStage();
    const { status, body } = await read(stage);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      organizationId: 'org-1',
      version: 1,
      lastModified: '2024-01-15T10:30:00.123Z',
      widget: {
        theme: { colors: { primary: '#FF4F1F', background: '#FFFFFF' } },
        launcher: { label: expect.any(String) },
      },
      greetings: { messages: [expect.any(String)] },
      availability: { rules: [] },
      features: { flags: { enableTypingIndicator: true } },
    });
  });

  test('decodes the id in the path', async () => {
    await using stage = await openStage();
    expect((await read(stage, {}, 'org/ä 1')).body.organizationId).toBe('org/ä 1');
    expect((await read(stage, {}, '__proto__')).body).toMatchObject({
      organizationId: '__proto__',
      version: 1,
    });
  });

  test('does not count as a delivery', async () => {
    await using stage = await openStage();
    await read(stage);
    expect(stage.sandbox.stats()).toMatchObject({
      accepted: 0,
      byOperation: { 'configuration.read': { accepted: 1 } },
    });
  });
});

describe('writing a configuration', () => {
  test.each(['1', '"1"'])('replaces it and adds 1 to the version when If-Match is %s', async (ifMatch) => {
    await using stage = await openStage();
    stage.clock.advance(1);
    const { status, body } = await write(stage, ifMatch);
    expect(status).toBe(200);
    expect(body).toEqual({
      organizationId: 'org-1',
      version: 2,
      lastModified: '2024-01-15T10:30:01.123Z',
      ...guideConfiguration,
    });
    expect((await read(stage)).body).toEqual(body);
    expect((await read(stage, { tenant: 'globex' })).body.version).toBe(1);
  });

  test.each([undefined, '2', '0', '1.0', 'W/"1"', '*', '""', '1, 1'])(
    'is a conflict with the current version if If-Match is %s',
    async (ifMatch) => {
      await using stage = await openStage();
      const reply = await write(stage, ifMatch);
      expect(reply.status).toBe(409);
      expect(reply.body).toEqual({
        message: expect.stringContaining('version 1'),
        code: 'request.conflict',
        status: 409,
        contextId: reply.headers.get('inin-correlation-id'),
        details: [],
        errors: [],
        version: 1,
      });
      expect((await read(stage)).body.version).toBe(1);
      expect(stage.sandbox.stats()).toMatchObject({ conflicts: 1, accepted: 0 });
    },
  );

  test('accepts the answer of a read as its body, with the version of that read', async () => {
    await using stage = await openStage();
    const { body: before } = await read(stage);
    const { status, body } = await write(stage, '1', before);
    expect([status, body]).toEqual([200, { ...before, version: 2 }]);
  });

  test('keeps fields that are not documented, and removes absent ones', async () => {
    await using stage = await openStage();
    const unknown = { ...guideConfiguration, branding: { logo: null, sizes: [1, { x: 2 }] } };
    await write(stage, '1', unknown);
    const { body } = await read(stage);
    expect(body.branding).toEqual(unknown.branding);
    expect(body.widget).toEqual(guideConfiguration.widget);
  });

  test('against the rules is answered 422, with every field and its reason', async () => {
    await using stage = await openStage();
    const widget = { theme: { colors: { primary: '0052CC' } }, accessibility: { contrastRatio: 3 } };
    const { status, body } = await write(stage, '1', { ...guideConfiguration, widget, features: undefined });
    expect([status, body.code, body.status]).toEqual([422, 'validation.failed', 422]);
    expect(body.errors).toEqual([
      {
        fieldName: 'widget.theme.colors.primary',
        errorCode: 'invalid.value',
        message: 'wanted a color: # and 3 or 6 hexadecimal digits, got "0052CC"',
      },
      {
        fieldName: 'widget.accessibility.contrastRatio',
        errorCode: 'invalid.value',
        message: 'wanted a number of at least 4.5, got 3',
      },
      { fieldName: 'features', errorCode: 'missing.value', message: 'wanted object, got nothing' },
    ]);
    expect(body.details).toEqual(
      body.errors.map(({ fieldName, errorCode }: Record<string, string>) => ({ fieldName, errorCode })),
    );
    expect((await read(stage)).body.version).toBe(1);
    expect(stage.sandbox.stats()).toMatchObject({ rejected: 1 });
  });

  test('names at most a hundred of the fields that break the rules', async () => {
    await using stage = await openStage();
    const flags = Object.fromEntries(Array.from({ length: 500 }, (_value, index) => [`f${index}`, 'no']));
    const { body } = await write(stage, '1', { ...guideConfiguration, features: { flags } });
    expect([body.errors.length, body.details.length]).toEqual([100, 100]);
  });

  test.each([
    ['nothing', undefined, 422],
    ['a list', [], 422],
    ['a text', '"x"', 422],
    ['a prototype', '{"widget":{"__proto__":{"polluted":true}}}', 422],
    ['a body that is no JSON', '{', 400],
  ])('with %s is refused', async (_what, body, status) => {
    await using stage = await openStage();
    expect(
      (await stage.ask(pathOf('org-1'), { method: 'PUT', headers: { 'if-match': '1' }, body })).status,
    ).toBe(status);
    expect((await read(stage)).body).not.toHaveProperty('polluted');
    expect((await read(stage)).body.version).toBe(1);
  });

  test('twice in one job is a duplicate', async () => {
    await using stage = await openStage();
    const request = { headers: { 'x-genesys-request-id': 'job-1' } };
    await write(stage, '1', guideConfiguration, request);
    await write(stage, '1', guideConfiguration, request);
    expect(stage.sandbox.stats()).toMatchObject({ accepted: 1, conflicts: 1, duplicates: 0 });
    await write(stage, '2', guideConfiguration, request);
    expect(stage.sandbox.stats()).toMatchObject({ accepted: 2, conflicts: 1, duplicates: 1 });
  });

  test('gets an injected conflict, which has no version', async () => {
    await using stage = await openStage();
    const errors = [{ status: 409, rate: 1, times: 1 }];
    await stage.inject({ operations: { 'configuration.write': { errors } } });
    const { status, body } = await write(stage, '1');
    expect([status, body.code, 'version' in body]).toEqual([409, 'request.conflict', false]);
    expect((await write(stage, '1')).status).toBe(200);
  });
});

describe('an organization', () => {
  test('answers 403 to a read and a write if it is not assigned, with another code than for a missing scope', async () => {
    await using stage = await openStage();
    await stage.control('PUT', '/organizations', {
      tenant: 'acme',
      organizationId: 'org-1',
      isAssigned: false,
    });
    for (const { status, body } of [await read(stage), await write(stage, '1')]) {
      expect([status, body.code]).toEqual([403, 'not.authorized']);
    }
    expect((await read(stage, { tenant: 'globex' })).status).toBe(200);
  });

  test.each([
    ['GET', 'webchat:configuration:read', 'webchat:configuration:write'],
    ['PUT', 'webchat:configuration:write', 'webchat:configuration:read'],
  ] as const)('requires for %s the scope %s', async (method, wanted, scope) => {
    await using stage = await openStage();
    const { status, body } = await stage.ask(pathOf('org-1'), {
      method,
      scope,
      body: method === 'PUT' ? {} : undefined,
    });
    expect([status, body.code, body.messageParams]).toEqual([
      403,
      'missing.permissions',
      { permissions: wanted },
    ]);
  });

  test('takes tokens from the bucket of the platform', async () => {
    await using stage = await openStage();
    expect((await read(stage)).headers.get('x-ratelimit-remaining')).toBe('299');
    expect((await write(stage, '1')).headers.get('x-ratelimit-remaining')).toBe('298');
  });
});

describe('PUT /__sandbox/organizations', () => {
  test('sets an organization, and GET shows every organization that changed', async () => {
    await using stage = await openStage();
    const organization = { organizationId: 'org-1', configuration: { label: 'x' }, version: 41 };
    expect((await stage.control('PUT', '/organizations', { tenant: 'acme', ...organization })).body).toEqual(
      organization,
    );
    expect((await read(stage)).body).toMatchObject({ version: 41, label: 'x' });
    expect((await write(stage, '41')).body.version).toBe(42);
    await read(stage, {}, 'org-2');
    expect((await stage.control('GET', '/organizations?tenant=acme')).body).toEqual([
      { organizationId: 'org-1', version: 42, configuration: guideConfiguration },
    ]);
    expect((await stage.control('GET', '/organizations?tenant=globex')).body).toEqual([]);
  });

  test('lasts until the reset', async () => {
    await using stage = await openStage();
    await stage.control('PUT', '/organizations', { tenant: 'acme', organizationId: 'org-1', version: 7 });
    await stage.control('POST', '/reset');
    expect((await read(stage)).body.version).toBe(1);
  });
});

describe('PUT /__sandbox/foreign-administrator', () => {
  test('changes the configuration between a read and the write that follows', async () => {
    await using stage = await openStage();
    const changes = { widget: { launcher: { label: 'Ask us' } }, greetings: { messages: ['Foreign'] } };
    await stage.control('PUT', '/foreign-administrator', {
      tenant: 'acme',
      organizationId: 'org-1',
      changes,
      times: 1,
    });
    const { body: before } = await read(stage);
    expect(before).toMatchObject({ version: 1, greetings: { messages: ['Welcome'] } });
    const conflict = await write(stage, String(before.version));
    expect([conflict.status, conflict.body.version]).toEqual([409, 2]);
    const { body: after } = await read(stage);
    expect(after).toMatchObject({ version: 2, ...changes, features: before.features });
    expect((await write(stage, '2')).status).toBe(200);
    const { body: records } = await stage.control('GET', '/audit/records?tenant=acme');
    expect(records.map(({ clientId, version }: Record<string, unknown>) => [clientId, version])).toEqual([
      ['foreign-administrator', 2],
      ['acme-client', 3],
    ]);
  });

  test('for all organizations changes each of them, until the reset', async () => {
    await using stage = await openStage();
    await stage.control('PUT', '/foreign-administrator', { tenant: 'acme', changes: { x: 1 }, times: 1 });
    for (const organizationId of ['org-1', 'org-2', 'org-1']) await read(stage, {}, organizationId);
    const { body } = await stage.control('GET', '/organizations?tenant=acme');
    expect(body).toMatchObject([
      { organizationId: 'org-1', version: 2 },
      { organizationId: 'org-2', version: 2 },
    ]);
    await stage.control('POST', '/reset');
    await read(stage);
    expect((await read(stage)).body.version).toBe(1);
  });
});

describe('control over configurations refuses with the reason', () => {
  const organization = { tenant: 'acme', organizationId: 'org-1' };
  test.each([
    ['PUT', '/organizations', { organizationId: 'org-1' }, 'tenant: wanted string, got nothing'],
    ['PUT', '/organizations', { ...organization, tenant: 'acne' }, 'tenant: wanted one of "acme", '],
    [
      'PUT',
      '/organizations',
      { ...organization, version: 0 },
      'version: wanted a number of at least 1, got 0',
    ],
    ['PUT', '/organizations', { ...organization, configuration: [] }, 'configuration: wanted record, got []'],
    ['PUT', '/organizations', { ...organization, x: 1 }, 'x: wanted nothing of this name'],
    ['GET', '/organizations', undefined, 'tenant: wanted string, got nothing'],
    ['PUT', '/foreign-administrator', { tenant: 'acme', changes: {} }, 'times: wanted number, got nothing'],
    [
      'PUT',
      '/foreign-administrator',
      { tenant: 'acme', changes: 1, times: 1 },
      'changes: wanted record, got 1',
    ],
    ['PUT', '/replication', { durationMs: -1 }, 'durationMs: wanted a number of at least 0, got -1'],
    ['PUT', '/replication', { failing: 'org-1' }, 'failing: wanted array, got "org-1"'],
    ['PUT', '/replication', undefined, 'wanted object, got nothing'],
  ])('%s %s %j', async (method, path, body, sentence) => {
    await using stage = await openStage();
    const reply = await stage.control(method, path, body);
    expect(reply.status).toBe(400);
    expect(reply.body.problems.join()).toContain(sentence);
  });
});
