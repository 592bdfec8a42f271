import { z } from 'zod';
import type { BulkInput } from '../../operate/bulk-operations.ts';
import type { Operations } from '../../operate/operations.ts';
import type { BulkProgress } from '../../queues/bulk.ts';
import { begun } from '../begun-stream.ts';
import { checkKey } from '../check-key.ts';
import type { Door } from '../door.ts';
import { problemBehind } from '../failing-requests.ts';
import { operationsOf } from '../operations-of.ts';
import { ProblemError, problemOf } from '../problem.ts';
import { filterOf } from './job-queries.ts';
import { cancelBody, retryBody } from './job-schemas.ts';
import { type Call, defineRoute, type Route } from './route.ts';

const NDJSON = 'application/x-ndjson';

const OF_KIND = { tenant: 'acme', kind: 'message-transmission', from: '2026-03-01T09:30:00Z' };

const ANSWER = `{"seen":500,"matched":480,"done":480}
{"seen":612,"matched":590,"done":590}
{"summary":{"seen":612,"matched":590,"done":590,"dryRun":false}}
`;

interface BulkRoute {
  readonly verb: 'retry' | 'cancel';
  readonly summary: string;
  readonly description: string;
  readonly operation: 'retryJobs' | 'cancelJobs';
  readonly schema: typeof retryBody | typeof cancelBody;
  readonly examples: Readonly<Record<string, object>>;
}

const BULK_ROUTES: readonly BulkRoute[] = [
  {
    verb: 'retry',
    summary: 'Send all dead letters again that a filter means',
    description: `Those of each conversation go in the order in which they were accepted. A job that an operator
cancelled is not among them: it goes again by its id.`,
    operation: 'retryJobs',
    schema: retryBody,
    examples: { count: { tenant: 'acme', state: 'failed', dryRun: true }, act: OF_KIND },
  },
  {
    verb: 'cancel',
    summary: 'Cancel all waiting jobs that a filter means',
    description: 'Jobs that come meanwhile are not among them.',
    operation: 'cancelJobs',
    schema: cancelBody,
    examples: { count: { tenant: 'acme', state: 'delayed', dryRun: true }, act: OF_KIND },
  },
];

export const bulkRoutes: readonly Route[] = BULK_ROUTES.map(
  ({ verb, summary, description, operation, schema, examples }) =>
    defineRoute({
      method: 'POST',
      url: `/v1/jobs/${verb}`,
      operationId: `${verb}Jobs`,
      tag: 'Jobs',
      scope: 'operate',
      summary,
      description: `${description} The answer has a line for each step of the progress, and a \`summary\` at the end; an
act that breaks off ends with a \`problem\`, and may be repeated.`,
      body: { schema, examples },
      responses: {
        200: { description: 'The progress.', schema: z.string(), contentType: NDJSON, example: ANSWER },
      },
      problems: ['RESOURCE_UNKNOWN', 'REQUEST_INVALID', 'TOO_MANY_ACTS'],
      isStreamed: true,
      async handler(door, call) {
        const { dryRun, ...fields } = call.body;
        const filter = filterOf(fields, call, wrongField);
        const act = operationsOf(door, call)[operation];
        door.bulkActs.enter(call);
        const lines = progressOf(door, call, act, { filter, dryRun });
        return { status: 200, headers: { 'content-type': NDJSON }, body: await begun(lines) };
      },
    }),
);

async function* progressOf(
  door: Door,
  call: Call<unknown, unknown, unknown>,
  act: Operations['retryJobs'],
  input: BulkInput,
): AsyncGenerator<string> {
  const { dryRun } = input;
  let last: BulkProgress = { seen: 0, matched: 0, done: 0 };
  let hasBegun = false;
  try {
    for await (const progress of act(input)) {
      last = progress;
      hasBegun = true;
      yield lineOf(progress);
      await checkKey(call);
    }
    yield lineOf({ summary: { ...last, dryRun } });
  } catch (error) {
    if (!hasBegun) throw error;
    const { code, options } = await problemBehind(error as Error, undefined, door.core.client, door.onError);
    yield lineOf({ problem: problemOf(code, call.link(''), options), summary: { ...last, dryRun } });
  }
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

function wrongField(path: string, message: string): ProblemError {
  return new ProblemError('REQUEST_INVALID', { issues: [{ path, message }] });
}
