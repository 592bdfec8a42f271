/** The callbacks of workers, for the `webhooks` of the API document. See docs/callbacks.md. */

/** First word of the event, and the words for a success. */
const EVENTS: Readonly<Record<string, readonly string[]>> = {
  message: ['delivered'],
  card: ['delivered'],
  embed: ['generated'],
  rollout: ['completed', 'partial'],
  deployment: ['created', 'updated', 'unchanged'],
  audit: ['synced'],
};

const OTHER_ENDS: Readonly<Record<string, string>> = {
  failed: 'The job is a dead letter; `data.error` has the code.',
  expired: "The job's time was over before its turn came.",
  held: 'The job may have been delivered; an operator must decide.',
};

const HEADERS: Readonly<Record<string, string>> = {
  'webhook-id': 'The same in every attempt: it identifies a repetition.',
  'webhook-timestamp': 'Seconds since 1970, of this attempt.',
  'webhook-signature': 'HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it.',
};

export function openApiWebhooks(): Record<string, object> {
  const entries = Object.entries(EVENTS).flatMap(([noun, words]) => [
    ...words.map((word) => [`${noun}.${word}`, 'The job has succeeded.'] as const),
    ...Object.entries(OTHER_ENDS).map(([word, meaning]) => [`${noun}.${word}`, meaning] as const),
  ]);
  return Object.fromEntries(entries.map(([type, meaning]) => [type, { post: operationOf(type, meaning) }]));
}

function operationOf(type: string, meaning: string): object {
  return {
    operationId: `on${type.replace(/(?:^|\.)(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
    tags: ['Callbacks'],
    summary: type,
    description: meaning,
    security: [],
    parameters: Object.entries(HEADERS).map(([name, description]) => ({
      name,
      in: 'header',
      required: true,
      description,
      schema: { type: 'string' },
    })),
    requestBody: {
      required: true,
      content: { 'application/json': { schema: eventSchema(type) } },
    },
    responses: {
      '2XX': { description: 'The receiver has the callback. Any other answer is tried again.' },
      '410': { description: 'The endpoint is gone. Workers call it no more.' },
    },
  };
}

function eventSchema(type: string): object {
  return {
    type: 'object',
    required: ['type', 'timestamp', 'data'],
    properties: {
      type: { const: type },
      timestamp: { type: 'string', format: 'date-time', description: 'When the job ended.' },
      data: {
        type: 'object',
        description: 'Ids, times and counts of the job; never the text of a message.',
        required: ['tenantId', 'jobId'],
        properties: {
          tenantId: { type: 'string' },
          jobId: { type: 'string' },
          status: { type: 'string' },
          attempts: { type: 'integer' },
          latencyMs: { type: 'number' },
          mayBeRepetition: { type: 'boolean' },
          correlationId: {
            type: 'string',
            description: 'By this id Genesys Cloud finds the last request of the job in its own logs.',
          },
          error: {
            type: 'object',
            properties: { code: { type: 'string' }, message: { type: 'string' } },
          },
        },
        additionalProperties: true,
      },
    },
  };
}
