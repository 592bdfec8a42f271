/**
 * Every attribute of a span, with its meaning. docs/traces.md renders this table. The names are those of
 * the semantic conventions of OpenTelemetry, and `gwm.` where they have none. No attribute has a text, a
 * guest, a conversation, an address or a key.
 */
export const SPAN_ATTRIBUTES = {
  'http.request.method': 'the method of a request',
  'http.route':
    'the route of a request to the API, with the names of its parameters in place of their values',
  'http.response.status_code': 'the status of the answer; absent without an answer',
  'http.request.resend_count':
    '1: Genesys Cloud answered 401, and the worker sent the request with a new token',
  'server.address': 'the host of Genesys Cloud that the tenants file names',
  'error.type':
    'why the work failed: a [code](errors.md), a status, a code of the network such as `ECONNREFUSED`, `timeout`, or `left`: the caller left before the answer',
  'messaging.system': '`bullmq`',
  'messaging.operation.type': '`send`: a job goes into its queue; `process`: a worker runs it',
  'messaging.operation.name': 'the same',
  'messaging.destination.name': 'the kind of job; absent for a request with jobs of several kinds',
  'messaging.message.id': 'the id of the job',
  'messaging.batch.message_count': 'how many jobs a request had',
  'gwm.tenant.id': 'the tenant, as the tenants file names it',
  'gwm.operation': 'what a request to Genesys Cloud does: the name of the operation, or `login`',
  'gwm.attempt': 'the attempt, from 1; a 429 and a wait start no new one',
  'gwm.run': 'the number of the run, from 1; each wait is a run',
  'gwm.outcome': 'how the run ended: `done`, `retry`, `snooze`, `await` or `reject`',
  'gwm.status': 'how the job ended, in the word of its callback; absent while it goes on',
  'gwm.reason': 'why the job waits',
  'gwm.purpose': 'of a request to a receiver: `callback`, `analytics` or `cms`',
  'gwm.endpoint.id': 'the id of the endpoint, which `gwm webhooks list` shows',
  'gwm.correlation.id': 'the id by which Genesys Cloud finds the request in its own logs',
} as const;

/** The rows of the table in docs/traces.md. */
export function renderSpanAttributes(): string {
  const rows = Object.entries(SPAN_ATTRIBUTES).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`);
  return ['| attribute | says |', '| --- | --- |', ...rows].join('\n');
}
