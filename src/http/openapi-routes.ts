import type { FastifySchema } from 'fastify';
import { z } from 'zod';
import { type ProblemCode, problemEntry } from '../core/http-errors.ts';
import { API_SCHEMAS } from './openapi-schemas.ts';
import { PROBLEM_TYPE } from './problem.ts';
import type { ResponseSpec, Route } from './routes/route.ts';

/** Problems of every request, whatever its route. */
const OF_ALL: readonly ProblemCode[] = ['REQUEST_TIMEOUT', 'HEADERS_TOO_LARGE', 'SERVER_FAILED'];
/** Problems that every route with a key may answer with. */
const OF_KEYS: readonly ProblemCode[] = [
  'KEY_MISSING',
  'KEY_UNKNOWN',
  'LOGIN_ENDED',
  'KEY_SCOPE_MISSING',
  'QUOTA_EXCEEDED',
  'REDIS_UNAVAILABLE',
];
/** Redis may have no memory for what an act writes. A browser shows that the page of this server acts. */
const OF_ACTS: readonly ProblemCode[] = ['REDIS_FULL', 'PAGE_TOKEN_WRONG', 'CROSS_SITE_REFUSED'];
const OF_PARAMETERS: readonly ProblemCode[] = ['PARAMETERS_INVALID'];
const OF_BODIES: readonly ProblemCode[] = [
  'REQUEST_UNREADABLE',
  'BODY_UNREADABLE',
  'BODY_TOO_LARGE',
  'MEDIA_TYPE_UNSUPPORTED',
  'ENCODING_UNSUPPORTED',
];

const fieldError = z.object({
  detail: z.string().describe('What was expected, and the kind of what came. Never the value itself.'),
  pointer: z.string().optional().describe('JSON pointer of the field of the body, such as `#/body/content`.'),
  parameter: z.string().optional().describe('The parameter of the address.'),
  header: z.string().optional().describe('The header of a CloudEvent in binary mode, such as `ce-type`.'),
});

export const problemSchema = z
  .looseObject({
    type: z.string().describe('Address of the page about the code, on this server.'),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('The code of docs/errors.md.'),
    detail: z.string().optional(),
    errors: z.array(fieldError).optional(),
  })
  .register(API_SCHEMAS, { id: 'Problem', description: 'A problem document (RFC 9457).' });

/** All problems of a route, by status. */
export function problemsOf(route: Route): Map<number, ProblemCode[]> {
  const codes = new Set<ProblemCode>([
    ...OF_ALL,
    ...(route.scope === null ? [] : OF_KEYS),
    ...(route.scope === null || route.scope === 'read' ? [] : OF_ACTS),
    ...(route.params || route.query ? OF_PARAMETERS : []),
    ...(route.body ? OF_BODIES : []),
    ...route.problems,
  ]);
  return Map.groupBy(codes, (code) => problemEntry(code).status);
}

/** What Fastify checks of a route, and what @fastify/swagger writes about it. */
export function schemaOf(route: Route): FastifySchema {
  const { tag, summary, description, operationId, scope, params, query, body } = route;
  if (route.isHidden) return { hide: true, ...(params && { params }), ...(query && { querystring: query }) };
  return {
    tags: [tag],
    summary,
    operationId,
    security: scope === null ? [] : [{ bearer: [] }, { apiKey: [] }, { login: [] }],
    description: [description, scope && `Scope of the key: \`${scope}\`.`].filter(Boolean).join('\n\n'),
    ...(params && { params }),
    ...(query && { querystring: query }),
    ...(body && { body: body.schema, consumes: [...(body.contentTypes ?? ['application/json'])] }),
    response: responsesOf(route),
  };
}

/** Bodies that a handler checks itself: the contract of the kind, or a parser of a stream. */
export function isCheckedByHandler({ body }: Route): boolean {
  return body?.isCheckedByHandler === true || body?.isStream === true;
}

function responsesOf(route: Route): Record<string, unknown> {
  const answers = Object.entries(route.responses).map(([status, response]) => [status, answerOf(response)]);
  const problems = [...problemsOf(route)].map(([status, codes]) => [
    status,
    {
      description: codes.map((code) => `\`${code}\`: ${problemEntry(code).title}.`).join(' '),
      content: { [PROBLEM_TYPE]: { schema: problemSchema } },
    },
  ]);
  return Object.fromEntries([...answers, ...problems]);
}

function answerOf({ description, schema, contentType = 'application/json' }: ResponseSpec): unknown {
  // An answer without a body.
  if (!schema) return z.null().describe(description);
  return { description, content: { [contentType]: { schema } } };
}
