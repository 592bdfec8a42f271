import { Readable } from 'node:stream';
import { z } from 'zod';
import { mediaTypeOf } from '../../ingest/media-type.ts';
import { withTenant } from '../accept-job.ts';
import { sharingOf } from '../batch/accept-entries.ts';
import { batchAnswer } from '../batch/batch-answer.ts';
import { begun } from '../begun-stream.ts';
import { checkKey } from '../check-key.ts';
import { problemBehind } from '../failing-requests.ts';
import { ProblemError, problemOf } from '../problem.ts';
import { startSending } from '../sending.ts';
import { TRACE_HEADERS, withTrace } from '../trace.ts';
import { defineRoute, type Route } from './route.ts';

const NDJSON = 'application/x-ndjson';
const TYPES = [NDJSON, 'application/ndjson', 'application/jsonl'];

/** A caller that reads the answer only behind its last line can send about 100,000 lines. */
const UNREAD_BYTES = 16 * 1024 * 1024;

const EXAMPLE = `{"kind":"message-transmission","tenantId":"acme","guestId":"g-1","conversationId":"c-1","body":{"contentType":"text/plain","content":"Hello"},"idempotencyKey":"order-17"}
{"kind":"audit-sync","tenantId":"acme","organizationIds":["o-1"]}
`;

const ANSWER = `{"line":1,"status":"accepted","id":"k3q7x5m2","ids":["k3q7x5m2"]}
{"line":2,"status":"rejected","code":"JOB_INVALID","errors":[{"detail":"expected a list","pointer":"#/organizationIds"}]}
{"summary":{"lines":2,"accepted":1,"replayed":0,"rejected":1,"refused":0}}
`;

export const batchRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    url: '/v1/batch',
    operationId: 'sendBatch',
    tag: 'Send',
    scope: 'send',
    summary: 'Send any number of jobs, one per line',
    description: `NDJSON in and out. Each line of the body names its \`kind\`, and has a line in the answer as soon as it is
decided. Lines with errors are reported and left out. The last line of the answer has a \`summary\`; a
batch that breaks off ends with a \`problem\`, and may be sent again: a line with an \`idempotencyKey\` is
accepted once. The header \`Idempotency-Key\` is refused: each line has a key of its own. Read the answer
while you send. \`Content-Encoding\` may be \`gzip\` or \`zstd\`.`,
    body: {
      schema: z.string().describe('One JSON object per line.'),
      isStream: true,
      contentTypes: TYPES,
      examples: { batch: EXAMPLE },
    },
    requestHeaders: {
      'Content-Encoding': '`gzip` or `zstd`; none by default.',
      ...TRACE_HEADERS,
    },
    responses: {
      200: {
        description: 'A line for each line of the body, and a summary.',
        schema: z.string(),
        contentType: NDJSON,
        example: ANSWER,
      },
    },
    problems: [
      'BODY_DAMAGED',
      'ENCODING_UNSUPPORTED',
      'IDEMPOTENCY_KEY_MISPLACED',
      'REDIS_FULL',
      'TOO_MANY_BATCHES',
    ],
    isStreamed: true,
    async handler(door, call) {
      const type = mediaTypeOf(call.headers['content-type'] ?? '');
      if (!TYPES.includes(type?.essence ?? '')) throw new ProblemError('MEDIA_TYPE_UNSUPPORTED');
      // One key cannot stand for many jobs. A caller that sends it counts on it.
      if (call.headers['idempotency-key'] !== undefined) throw new ProblemError('IDEMPOTENCY_KEY_MISPLACED');
      door.batches.enter(call);
      const sending = startSending(door.tracing, call.trace);
      let count = 0;
      const lines = batchAnswer({
        // The request stays open for the bytes behind an answer that ends early.
        body: (call.body as unknown as Readable).iterator({ destroyOnReturn: false }),
        contentEncoding: call.headers['content-encoding'],
        destination: door.core,
        tenants: call.tenants,
        ...sharingOf(door),
        checkKey: () => checkKey(call),
        withDefaults(input) {
          count++;
          return withTrace(withTenant(input, call), sending.trace);
        },
        async problemOf(error) {
          const { code, options } = await problemBehind(
            error as Error,
            undefined,
            door.core.client,
            door.onError,
          );
          return problemOf(code, call.link(''), options);
        },
      });
      const body = Readable.from(await begun(lines), { objectMode: false, highWaterMark: UNREAD_BYTES });
      body.once('close', () => sending.finished(count));
      return { status: 200, headers: { 'content-type': NDJSON }, body };
    },
  }),
];
