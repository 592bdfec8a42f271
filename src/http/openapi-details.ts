import { problemEntry } from '../core/http-errors.ts';
import { describeDefaults } from './openapi-defaults.ts';
import { problemsOf } from './openapi-routes.ts';
import { PROBLEM_TYPE } from './problem.ts';
import type { Route } from './routes/route.ts';

interface Media {
  schema?: object;
  examples?: Record<string, { value: unknown }>;
}

interface Operation {
  parameters?: object[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media>; headers?: Record<string, object> }>;
}

interface ApiDocument {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, object> };
}

const QUOTA_HEADERS: Readonly<Record<string, string>> = {
  'RateLimit-Policy': 'The quota of the key: `q` requests in `w` seconds.',
  RateLimit: 'What is left of the quota: `r` requests; it is whole again in `t` seconds.',
};
const RETRY_AFTER = { 'Retry-After': 'Seconds to wait before the next try.' };

/** Adds to the document what schemas do not say: examples and headers. Removes unused schemas. */
export function describeRoutes(document: ApiDocument, routes: readonly Route[]): ApiDocument {
  for (const route of routes) {
    const path = route.url.replace(/:(\w+)/g, '{$1}');
    const operation = document.paths[path]?.[route.method.toLowerCase()];
    if (operation) describeOperation(operation, route);
  }
  for (const schema of Object.values(document.components?.schemas ?? {})) describeDefaults(schema);
  return withoutUnused(document);
}

function describeOperation(operation: Operation, route: Route): void {
  const headers = Object.entries(route.requestHeaders ?? {}).map(([name, description]) => ({
    in: 'header',
    name,
    required: false,
    description,
    schema: { type: 'string' },
  }));
  if (headers.length > 0) operation.parameters = [...(operation.parameters ?? []), ...headers];
  for (const [type, media] of Object.entries(operation.requestBody?.content ?? {})) {
    describeDefaults(media.schema ?? {});
    const { examples: ofAll = {}, examplesOfType = {} } = route.body ?? {};
    const examples = examplesOf(examplesOfType[type] ?? ofAll);
    operation.requestBody = {
      ...operation.requestBody,
      content: { ...operation.requestBody?.content, [type]: { ...media, ...examples } },
    };
  }
  for (const [status, response] of Object.entries(route.responses)) {
    const described = operation.responses[status];
    if (!described) continue;
    const quota = route.scope === null ? {} : QUOTA_HEADERS;
    described.headers = headersOf({ ...response.headers, ...quota });
    const { contentType = 'application/json', example } = response;
    const media = described.content?.[contentType];
    if (media && example !== undefined) Object.assign(media, examplesOf({ answer: example }));
  }
  describeProblems(operation, route);
}

function describeProblems(operation: Operation, route: Route): void {
  for (const [status, codes] of problemsOf(route)) {
    const described = operation.responses[status];
    const media = described?.content?.[PROBLEM_TYPE];
    if (!described || !media) continue;
    if (status === 429 || status === 503) described.headers = headersOf(RETRY_AFTER);
    const examples = codes.map((code) => {
      const { title } = problemEntry(code);
      return [code, { type: `/errors/${code}`, title, status, code }] as const;
    });
    Object.assign(media, examplesOf(Object.fromEntries(examples)));
  }
}

function examplesOf(values: Readonly<Record<string, unknown>>): Pick<Media, 'examples'> {
  const entries = Object.entries(values).map(([name, value]) => [name, { value }] as const);
  return entries.length === 0 ? {} : { examples: Object.fromEntries(entries) };
}

function headersOf(headers: Readonly<Record<string, string>>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );
}

/** Each named schema is written for requests and for answers; most are used in one of them. */
function withoutUnused(document: ApiDocument): ApiDocument {
  const schemas = document.components?.schemas;
  if (!schemas) return document;
  for (let isShrinking = true; isShrinking; ) {
    const text = JSON.stringify(document);
    const unused = Object.keys(schemas).filter((name) => !text.includes(`"#/components/schemas/${name}"`));
    for (const name of unused) delete schemas[name];
    isShrinking = unused.length > 0;
  }
  return document;
}
