import { describe, expect, test } from 'vitest';
import { CodedError } from '../../../src/core/errors.ts';
import { type EndedJob, jobFactsOf } from '../../../src/jobs/ended-job.ts';
import { createLogger } from '../../../src/observe/logger.ts';
import { auditRecordOf } from '../../../src/runtime/audit-record.ts';
import { logRun } from '../../../src/runtime/run-log.ts';
import { CLEAR } from '../../../src/seal/seal.ts';
import { analyticsFor } from '../../../src/webhooks/analytics.ts';
import { callbackFor } from '../../../src/webhooks/event.ts';
import { CARD, deliveredOf, EMBED, ENDED_AT_MS, MESSAGE, rejectedOf } from '../jobs/ended-jobs.ts';
import { load, tenantOf } from '../tenants/tenants-file.ts';

const receivers = {
  callback: { url: 'https://events.example', secret: { env: 'ACME_WEBHOOK_SECRET' } },
  analytics: { url: 'https://analytics.example' },
};

/** The four reports of one end. */
function reportsOf(job: EndedJob) {
  const tenant = load({ tenants: [tenantOf(receivers)] }).get('acme');
  const lines: string[] = [];
  const logger = createLogger('debug', { write: (line: string) => void lines.push(line) });
  const { outcome, endedAtMs } = job;
  logRun(logger, { job, outcome, startedAtMs: ENDED_AT_MS - 100, endedAtMs }, CLEAR);
  const [line] = lines.map((text) => JSON.parse(text) as Record<string, unknown>);
  return {
    callback: callbackFor(tenant, job)?.delivery,
    analytics: analyticsFor(tenant, job)?.delivery,
    audit: auditRecordOf(job),
    line,
  };
}

describe('the four reports of one end agree', () => {
  test('on the trace; an analytics event has none', () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const trace = { traceparent, tracestate: 'rojo=1' };

    const reports = reportsOf({ ...deliveredOf(MESSAGE), trace });

    expect(reports).toMatchObject({
      callback: trace,
      audit: { details: { traceparent } },
      line: { traceparent },
    });
    expect(JSON.stringify(reports.analytics)).not.toContain('4bf92f35');
  });

  test('on the trace of a job whose trace cannot be read: none of them has one', () => {
    const envelope = { tenantId: 'acme', payload: { traceparent: 'a\r\nb: c', tracestate: 'a=1' } };
    const { trace } = jobFactsOf({
      kind: 'message-transmission',
      jobId: 'kabc',
      envelope,
      attempts: 1,
      acceptedAtMs: 0,
    });

    expect(trace).toBeUndefined();
  });

  test('on a success: ids, times, attempts and result', () => {
    const result = { messageId: 'msg-1', templateId: 'order-v2', requestMs: 80 };
    const reports = reportsOf(deliveredOf({ ...CARD, sequence: 7 }, result));
    expect(reports).toMatchObject({
      callback: {
        event: {
          type: 'card.delivered',
          timestamp: '2026-01-01T00:00:00.500Z',
          data: { ...result, jobId: 'kabc', status: 'delivered', sequence: 7, attempts: 2, latencyMs: 340 },
        },
      },
      analytics: { record: { messageId: 'msg-1', templateId: 'order-v2', latency_ms: 80 } },
      audit: {
        id: 'c-kabc-delivered',
        action: 'card-delivery.delivered',
        occurredAt: '2026-01-01T00:00:00.500Z',
        details: { ...result, conversationId: 'conv-def-456', attempts: 2, latencyMs: 340 },
      },
      line: {
        event: 'job.done',
        tenantId: 'acme',
        conversationId: 'conv-def-456',
        sequence: 7,
        attempt: 2,
        durationMs: 100,
        latencyMs: 340,
        result,
      },
    });
  });

  test('on a failure: the code and the sentence', () => {
    const details = ['body.content: too long'];
    const error = new CodedError('CONTENT_REFUSED', 'Genesys Cloud answered 400', { status: 400, details });
    const reason = { code: 'CONTENT_REFUSED', message: 'Genesys Cloud answered 400', status: 400 };
    const facts = { mayBeRepetition: true, correlationId: 'c-1' };
    const reports = reportsOf(rejectedOf({ ...MESSAGE, ...facts }, error));
    expect(reports).toMatchObject({
      callback: {
        event: {
          type: 'message.failed',
          data: { status: 'failed', error: { ...reason, details }, ...facts },
        },
      },
      analytics: { record: { status: 'failed', error: 'CONTENT_REFUSED: Genesys Cloud answered 400' } },
      audit: { status: 'failed', details: { error: reason, ...facts } },
      line: { event: 'job.reject', error: { ...reason, details }, ...facts },
    });
    expect(reports.audit?.details['error']).not.toHaveProperty('details');
  });

  test('on what stays with the job: texts of messages and private fields of results', () => {
    const embed = reportsOf(deliveredOf(EMBED, { widgetId: 'w-1', scriptTag: '<script></script>' }));
    expect(embed.callback).toMatchObject({ event: { type: 'embed.generated' } });
    expect(embed.audit).toMatchObject({ action: 'embed-generation.generated', id: 'e-kabc-delivered' });
    expect(JSON.stringify(embed)).not.toContain('<script>');
    expect(JSON.stringify(reportsOf(deliveredOf(CARD)))).not.toContain('Hello Ana');
  });
});

test('only the log line reports the end of a callback', () => {
  const { callback, analytics, audit, line } = reportsOf(
    deliveredOf({ ...MESSAGE, kind: 'webhook-delivery' }),
  );
  expect({ callback, analytics, audit }).toEqual({});
  expect(line).toMatchObject({ event: 'job.done', kind: 'webhook-delivery' });
});

test('a job with unreadable data has a log line and no audit record', () => {
  const error = new CodedError('JOB_DAMAGED', 'Redis holds values that no job has: data');
  const job = rejectedOf({ ...MESSAGE, envelope: undefined }, error);
  expect(auditRecordOf(job)).toBeUndefined();
  expect(reportsOf(job).line).toMatchObject({ event: 'job.reject', jobId: 'kabc' });
});
