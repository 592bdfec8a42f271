import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guest } from '../../../../../src/genesys/dialects/guest/guest.ts';
import { deepObject, failureOf } from '../../failures.ts';

const { replicate, readReplication } = guest;

describe('starting a replication', () => {
  const request = {
    sourceOrganizationId: 'ORG_ID_1',
    targetOrganizationIds: ['ORG_ID_2', 'ORG_ID_3'],
    overwriteExisting: false,
  };

  test('uses the documented address, scope and body', () => {
    expect(replicate).toMatchObject({ method: 'POST', scope: 'webchat:configuration:write' });
    expect(replicate.path(request)).toBe('/api/v2/webchat/configurations/replicate');
    expect(replicate.body(request, new Date())).toEqual({ ...request, configType: 'webchat' });
  });

  test('gives an id or null, for an answer of any shape', () => {
    expect(replicate.read({ id: 'r-1', status: 'queued' }, 202)).toEqual({ replicationId: 'r-1' });
    for (const body of [undefined, null, {}, { id: '' }, { id: 7 }, { id: 'x'.repeat(201) }]) {
      expect(replicate.read(body, 200)).toEqual({ replicationId: null });
    }
    fc.assert(
      fc.property(fc.anything(), (body) => {
        expect(() => replicate.read(body, 200)).not.toThrow();
      }),
    );
  });
});

describe('the progress of a replication', () => {
  const answer = {
    id: 'r-1',
    status: 'partial',
    targets: [
      { organizationId: 'ORG_ID_2', status: 'active', region: 'eu-west-1' },
      { organizationId: 'ORG_ID_3', status: 'failed', error: 'has a configuration already' },
    ],
  };

  test('is read by its id, with the scope for reading', () => {
    expect(readReplication).toMatchObject({ method: 'GET', scope: 'webchat:configuration:read' });
    expect(readReplication.path({ replicationId: 'r/1' })).toBe(
      '/api/v2/webchat/configurations/replicate/r%2F1',
    );
    expect(readReplication.body({ replicationId: 'r-1' }, new Date())).toBeUndefined();
  });

  test('has the status of each target', () => {
    expect(readReplication.read(answer, 200)).toEqual({
      status: 'partial',
      targets: [
        { organizationId: 'ORG_ID_2', status: 'active', error: null },
        { organizationId: 'ORG_ID_3', status: 'failed', error: 'has a configuration already' },
      ],
    });
  });

  test('may have no targets yet, and statuses in capitals', () => {
    for (const status of ['queued', 'running', 'completed', 'partial', 'failed']) {
      expect(readReplication.read({ status: status.toUpperCase() }, 200)).toEqual({ status, targets: [] });
    }
  });

  test('has short errors on one line', () => {
    const [target] = answer.targets;
    const error = `\u001b[2J\n${'x'.repeat(500)}`;
    const read = readReplication.read({ status: 'failed', targets: [{ ...target, error }] }, 200);
    expect(read.targets[0]?.error).toMatch(/^\?\[2J\?x{195}$/);
    expect(
      readReplication.read({ status: 'failed', targets: [{ ...target, error: {} }] }, 200).targets[0]?.error,
    ).toBeNull();
  });

  test.for([
    ['no status', {}, 'status'],
    ['another status', { status: 'lost' }, 'status'],
    ['targets that are no list', { status: 'queued', targets: deepObject() }, 'targets'],
    ['a target that is null', { status: 'queued', targets: [null] }, 'targets[0]'],
    [
      'a target without an id',
      { status: 'queued', targets: [{ status: 'active' }] },
      'targets[0].organizationId',
    ],
    [
      'a target of another status',
      { status: 'queued', targets: [{ organizationId: 'a', status: 'x' }] },
      'targets[0].status',
    ],
    ['a text', 'queued', 'expected object'],
  ] as const)('is malformed with %s', ([, body, detail]) => {
    const error = failureOf(readReplication, body);
    expect(error).toMatchObject({ code: 'ANSWER_MALFORMED', disposition: 'reject', status: 200 });
    expect(error.details.join()).toContain(detail);
  });

  test('has a short error if thousands of targets are malformed', () => {
    const targets = Array.from({ length: 50_000 }, () => 7);
    expect(failureOf(readReplication, { status: 'queued', targets }).details).toHaveLength(20);
  });

  test('is requested again if the answer is incomplete', () => {
    expect(failureOf(readReplication, undefined).code).toBe('GENESYS_UNAVAILABLE');
  });
});
