import { describe, expect, test } from 'vitest';
import { byService, common, isWanted, resolveActions } from '../../../../workers/platform/audit/names.ts';

const SERVICES = [
  {
    name: 'WebDeployments',
    entities: [
      { name: 'Configuration', actions: ['Create', 'Update'] },
      { name: 'Deployment', actions: ['Delete'] },
    ],
  },
  { name: 'Architect', entities: [{ name: 'Flow', actions: ['Publish'] }] },
];
const wantedOf = (...actions: string[]) => resolveActions(actions, SERVICES);

describe('actions of a job', () => {
  test.each([
    ['Architect', { service: 'Architect' }],
    ['architect:flow', { service: 'Architect', entity: 'Flow' }],
    [
      'WEBDEPLOYMENTS:deployment:DELETE',
      { service: 'WebDeployments', entity: 'Deployment', action: 'Delete' },
    ],
    [
      'webchat:configuration:update',
      { service: 'WebDeployments', entity: 'Configuration', action: 'Update' },
    ],
  ])('%s has the names of Genesys Cloud', (action, wanted) => {
    expect(wantedOf(action)).toEqual({ wanted: [wanted] });
  });

  test('of the guides find the entity of a configuration by the end of its name', () => {
    const entities = [{ name: 'MessengerConfiguration', actions: ['update'] }];
    const services = [{ name: 'webdeployments', entities }];
    const wanted = [{ service: 'webdeployments', entity: 'MessengerConfiguration', action: 'update' }];
    expect(resolveActions(['webchat:configuration:update'], services)).toEqual({ wanted });
    expect(resolveActions(['WebDeployments:configuration:update'], services).issue).toContain('entities');
  });

  test.each([
    [
      'Routing',
      'actions[1]: expected service:entity:action with one of the services WebDeployments, Architect',
    ],
    ['Architect:Prompt', 'actions[1]: expected one of the entities of Architect: Flow'],
    ['Architect:Flow:Update', 'actions[1]: expected one of the actions of Architect:Flow: Publish'],
    ['Architect:Flow:Publish:x', expect.stringMatching(/^actions\[1\]: expected service:entity:action/)],
  ])('%s names the known ones', (action, issue) => {
    expect(wantedOf('Architect', action)).toEqual({ issue });
  });

  test('name at most forty known ones', () => {
    const many = Array.from({ length: 50 }, (_, n) => ({ name: `S${n}`, entities: [] }));
    expect(resolveActions(['x'], many).issue).toMatch(/S39 and 10 more$/);
    expect(resolveActions(['x'], []).issue).toMatch(/\(none\)$/);
  });
});

describe('a query', () => {
  const wanted = [
    { service: 'A', entity: 'E', action: 'Update' },
    { service: 'B' },
    { service: 'A', entity: 'E', action: 'Create' },
  ];

  test('is of one service, and filters by a value that all of its records have', () => {
    const [first, second, ...others] = byService(wanted);
    expect(others).toEqual([]);
    expect([first?.service, second?.service]).toEqual(['A', 'B']);
    expect(common(first?.wanted ?? [], 'entity')).toBe('E');
    expect(common(first?.wanted ?? [], 'action')).toBeUndefined();
    expect(common(second?.wanted ?? [], 'action')).toBeUndefined();
  });

  test('leaves out what the job did not ask for', () => {
    const record = (service: string, entity: string, action: string) => ({ service, entity, action });
    expect(isWanted(record('A', 'E', 'Create'), wanted)).toBe(true);
    expect(isWanted(record('A', 'E', 'Delete'), wanted)).toBe(false);
    expect(isWanted(record('A', 'F', 'Create'), wanted)).toBe(false);
    expect(isWanted(record('B', 'any', 'any'), wanted)).toBe(true);
    expect(isWanted(record('C', 'E', 'Create'), wanted)).toBe(false);
  });
});
