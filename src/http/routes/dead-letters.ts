import type { z } from 'zod';
import { errorTextOf } from '../../core/error-pages.ts';
import type { DeadLetterGroup } from '../../queues/dead-letters.ts';
import { type deadLetterGroup, deadLetterPage, deadLettersQuery } from './dead-letter-schemas.ts';
import { addressOf, filterOf, nextOf, pageOf, wrongParameter } from './job-queries.ts';
import { type Call, defineRoute, type Route } from './route.ts';

export const deadLetterRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    url: '/v1/dead-letters',
    operationId: 'listDeadLetters',
    tag: 'Jobs',
    scope: 'read',
    summary: 'Group the dead letters of a tenant by the code of their failure',
    description: `\`POST /v1/jobs/retry\` with \`code\` sends a group again. Dead letters of callbacks are not among them.`,
    query: deadLettersQuery,
    responses: {
      200: {
        description: 'The groups of a page.',
        schema: deadLetterPage,
        example: {
          tenantId: 'acme',
          groups: [
            {
              code: 'CONVERSATION_CLOSED',
              title: 'Conversation closed',
              hint: 'The guest session has ended. It takes no more messages.',
              count: 12,
              oldestAt: '2026-03-01T09:30:00.000Z',
              newestAt: '2026-03-01T10:15:00.000Z',
              links: {
                jobs: '/v1/jobs?tenant=acme&state=failed&code=CONVERSATION_CLOSED',
                error: '/errors/CONVERSATION_CLOSED',
              },
            },
          ],
          seen: 800,
          isPartial: false,
          cursor: null,
          next: null,
        },
      },
    },
    problems: ['RESOURCE_UNKNOWN'],
    isLong: true,
    async handler(door, call) {
      const { cursor, ...fields } = call.query;
      const { tenantId, kind, from, to } = filterOf(fields, call, wrongParameter);
      const page = await pageOf(() => door.core.jobs.deadLetters({ tenantId, kind, from, to, cursor }));
      const body = {
        tenantId,
        groups: page.groups.map((group) => groupAnswer(group, tenantId, call)),
        seen: page.seen,
        isPartial: page.cursor !== null,
        cursor: page.cursor,
        next: nextOf('/v1/dead-letters', call.query, page.cursor, call),
      };
      return { status: 200, body };
    },
  }),
];

function groupAnswer(
  { code, count, oldestMs, newestMs }: DeadLetterGroup,
  tenantId: string,
  { link, query }: Pick<Call<unknown, z.output<typeof deadLettersQuery>, unknown>, 'link' | 'query'>,
): z.output<typeof deadLetterGroup> {
  const times = { oldestAt: new Date(oldestMs).toISOString(), newestAt: new Date(newestMs).toISOString() };
  if (code === null) return { code, ...UNKNOWN, count, ...times, links: {} };
  const { cursor: _cursor, ...filter } = query;
  const jobs = addressOf('/v1/jobs', { ...filter, tenant: tenantId, state: 'failed', code });
  return {
    code,
    title: titleOf(code),
    hint: errorTextOf(code)?.hint ?? '',
    count,
    ...times,
    links: { jobs: link(jobs), error: link(`/errors/${code}`) },
  };
}

/** `CONVERSATION_CLOSED` in words. */
function titleOf(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

const UNKNOWN = {
  title: 'Unknown reason',
  hint: 'Another program ended these jobs, or this process lacks the payload key of their reasons. Look at one of them.',
};
