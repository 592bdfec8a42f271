import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guest } from '../../../../../src/genesys/dialects/guest/guest.ts';
import { guideDeployment } from '../../../../support/guides/deployment.ts';
import { deepObject, failureOf } from '../../failures.ts';

const { listDeployments, readDeployment, createDeployment, updateDeployment } = guest;
const PATH = '/api/v2/webmessaging/deployments';

const deployment = { id: 'd-1', name: guideDeployment.name, properties: { active: true } };

describe('deployments', () => {
  test('have the documented paths and scopes', () => {
    const read = 'webmessaging:deployments:read';
    const write = 'webmessaging:deployments:write';
    expect(listDeployments).toMatchObject({ method: 'GET', scope: read });
    expect(readDeployment).toMatchObject({ method: 'GET', scope: read });
    expect(createDeployment).toMatchObject({ method: 'POST', scope: write });
    expect(updateDeployment).toMatchObject({ method: 'PUT', scope: write });
    expect(guest.login.scopes).toEqual(expect.arrayContaining([read, write]));
    expect(listDeployments.path({ pageNumber: 2, pageSize: 100 })).toBe(`${PATH}?pageNumber=2&pageSize=100`);
    expect(createDeployment.path(guideDeployment)).toBe(PATH);
    expect(readDeployment.path({ id: 'a/b' })).toBe(`${PATH}/a%2Fb`);
    expect(updateDeployment.path({ ...deployment, id: '../x' })).toBe(`${PATH}/..%2Fx`);
  });

  test('are read without a body, created with the documented body, and updated with the id in it', () => {
    const now = new Date();
    expect(listDeployments.body({ pageNumber: 1, pageSize: 25 }, now)).toBeUndefined();
    expect(readDeployment.body({ id: 'd-1' }, now)).toBeUndefined();
    expect(createDeployment.body(guideDeployment, now)).toEqual(guideDeployment);
    expect(updateDeployment.body(deployment, now)).toEqual(deployment);
  });
});

describe('the list of deployments', () => {
  test('has each deployment, and the number of pages', () => {
    const entities = [
      { ...deployment, dateCreated: 'x' },
      { id: 'd-2', name: '' },
    ];
    expect(listDeployments.read({ entities, pageCount: 2, total: 30 }, 200)).toEqual({
      deployments: [deployment, { id: 'd-2', name: '', properties: {} }],
      pageCount: 2,
    });
    expect(listDeployments.read({ entities: [] }, 200)).toEqual({ deployments: [], pageCount: null });
  });

  test.for([
    ['no list', {}, 'entities'],
    ['what is no deployment', { entities: [deployment, null] }, 'entities[1]'],
    ['one without a name', { entities: [{ id: 'd-1' }] }, 'entities[0].name'],
    ['one without an id', { entities: [{ name: 'a' }] }, 'entities[0].id'],
    [
      'properties that are too deep',
      { entities: [{ ...deployment, properties: deepObject() }] },
      'entities[0].properties',
    ],
  ] as const)('is malformed with %s, because that entry may be the wanted one', ([, answer, detail]) => {
    const error = failureOf(listDeployments, answer);
    expect(error).toMatchObject({ code: 'ANSWER_MALFORMED', disposition: 'reject', status: 200 });
    expect(error.details.join()).toContain(detail);
  });

  test('is requested again if the answer is incomplete', () => {
    expect(failureOf(listDeployments, undefined).code).toBe('GENESYS_UNAVAILABLE');
    expect(failureOf(readDeployment, undefined).code).toBe('GENESYS_UNAVAILABLE');
  });
});

describe('one deployment', () => {
  test('is read unchanged', () => {
    expect(readDeployment.read({ ...deployment, selfUri: 'x' }, 200)).toEqual(deployment);
    expect(failureOf(readDeployment, { id: 'd-1' }).details).toEqual([expect.stringMatching(/^name: /)]);
  });

  test('counts as written for an answer of any shape', () => {
    for (const { read } of [createDeployment, updateDeployment]) {
      expect(read({ ...deployment }, 200)).toEqual({ id: 'd-1' });
      for (const odd of [undefined, null, {}, { id: 7 }]) expect(read(odd, 200)).toEqual({ id: null });
      fc.assert(
        fc.property(fc.anything(), (answer) => {
          expect(() => read(answer, 200)).not.toThrow();
        }),
      );
    }
  });
});
