import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Operation } from '../../src/genesys/operation.ts';
import { CONFIGURATION_FIELDS } from '../../src/jobs/shown/configuration-fields.ts';
import { mappedConfigurations, mappedDeployments } from './mapped-bodies.ts';
import { operationInputs } from './operation-inputs.ts';
import { readSdkModels } from './sdk-models.ts';
import { readSdkOperations } from './sdk-sources.ts';

type AnyOperation = Operation<never, unknown>;

const FOLDER = new URL('../../src/genesys/dialects/platform/', import.meta.url);
const NOW = new Date('2026-03-01T12:00:00.000Z');

/**
 * Fields that the model of a body leaves out, because they belong to a kind of it. The model of the
 * answer has them: `OpenMessageEvent`.
 */
const OF_SUBTYPES: Readonly<Record<string, readonly string[]>> = { 'open.event': ['events[].typing'] };

const operations = await findOperations();
const sdkOperations = readSdkOperations();
const models = readSdkModels();

/** Every operation that a file of the dialect exports. */
async function findOperations(): Promise<readonly AnyOperation[]> {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ts'));
  const modules = await Promise.all(files.map((name) => import(new URL(name, FOLDER).href)));
  return [...new Set(modules.flatMap((module) => Object.values(module as object)).filter(isOperation))];
}

function isOperation(value: unknown): value is AnyOperation {
  return (
    typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'read' in value
  );
}

test('a field that the SDK does not have is found, in lists and objects too', () => {
  const model = models.bodyOf('POST /api/v2/audits/query') ?? '';
  expect(model).toBe('Models.AuditQueryRequest');
  const filters = [{ property: 'Action', value: 'Create', values: [] }];
  expect(models.unknownFields({ interval: 'i', filters, organizations: [] }, model)).toEqual([
    'filters[].values',
    'organizations',
  ]);
  expect(models.templateOf('GET', '/api/v2/audits/query/servicemapping')).toBe(
    '/api/v2/audits/query/servicemapping',
  );
});

test('there is an input for every operation of the dialect, and no other', () => {
  const names = operations.map(({ name }) => name);
  expect(Object.keys(operationInputs).toSorted()).toEqual(names.toSorted());
});

test('every operation names the permissions that it needs', () => {
  expect(operations.filter(({ permissions }) => permissions === undefined)).toEqual([]);
});

test.each(operations.map((operation) => [operation.name, operation] as const))(
  'the SDK has the method, the path, the query and the body of %s',
  (name, operation) => {
    const input = operationInputs[name] as never;
    const url = new URL(operation.path(input), 'https://api.example');
    const template = models.templateOf(operation.method, url.pathname);
    expect(template, url.pathname).toBeDefined();
    const request = `${operation.method} ${template}`;

    const query = [...url.searchParams.keys()];
    expect(query.filter((each) => !sdkOperations.get(request)?.has(each))).toEqual([]);
    const body = operation.body(input, NOW);
    const model = models.bodyOf(request);
    // A list of ids has no model.
    if (body === undefined || isListOfTexts(body)) return;
    expect(model, `the SDK sends a body with ${request}`).toBeDefined();
    expect(models.unknownFields(body, model ?? '')).toEqual(OF_SUBTYPES[name] ?? []);
  },
);

test.each(Object.entries(mappedConfigurations()))('the SDK has every field of %s', (_, body) => {
  for (const request of [
    'POST /api/v2/webdeployments/configurations',
    'PUT /api/v2/webdeployments/configurations/{configurationId}/versions/draft',
  ]) {
    const model = models.bodyOf(request) ?? '';
    expect(model).toBe('Models.WebDeploymentConfigurationVersion');
    expect(models.unknownFields(body, model)).toEqual([]);
  }
});

test('the guides lead to every field of the mapping', () => {
  const { messenger, position } = mappedConfigurations()['a new configuration of a deployment'] ?? {};
  expect(messenger).toMatchObject({
    launcherButton: { displayType: 'Icon', icon: { url: expect.anything() } },
  });
  expect(position).toMatchObject({ alignment: 'Right', sideSpace: 20, bottomSpace: 20 });
  const { messenger: switched } = mappedConfigurations()['a new configuration of a rollout'] ?? {};
  expect(switched).toMatchObject({ apps: { conversations: { humanize: { enabled: true } } } });
});

test.each(Object.entries(mappedDeployments()))(
  'the SDK has every field of a new deployment %s',
  (_, body) => {
    const model = models.bodyOf('POST /api/v2/webdeployments/deployments') ?? '';
    expect(model).toBe('Models.WebDeployment');
    expect(models.unknownFields(body, model)).toEqual([]);
  },
);

test('views of jobs show every name of a field that the SDK has in a configuration', () => {
  const names = [...models.fieldNames('WebDeploymentConfigurationVersion')];
  expect(names.length).toBeGreaterThan(100);
  expect(names.filter((name) => !CONFIGURATION_FIELDS.has(name))).toEqual([]);
});

function isListOfTexts(body: unknown): boolean {
  return Array.isArray(body) && body.every((each) => typeof each === 'string');
}
