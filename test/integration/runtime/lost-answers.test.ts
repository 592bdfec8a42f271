import { beforeAll, describe, expect, test } from 'vitest';
import { parseExposition, valueIn } from '../../support/exposition.ts';
import { logOf, metricsUrlOf, startWorker } from '../../support/gwm.ts';
import { jsonAnswer, openRawServer, type RawAnswer, type RawServer } from '../../support/raw-server.ts';
import { message, openSystem, type System, type SystemOptions } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const SENT = jsonAnswer(200, { id: 'msg-1' });
const HOLD = { onUnknownOutcome: 'hold' } as const;
const reset: RawAnswer = (socket) => void socket.resetAndDestroy();
const silence: RawAnswer = () => {};

/** A system with one worker. Its API is a server that answers with raw bytes. */
async function open(
  answers: readonly RawAnswer[],
  tenant: object = {},
  environment: SystemOptions['environment'] = {},
): Promise<{ system: System; api: RawServer; worker: Awaited<ReturnType<typeof startWorker>> }> {
  const left = [...answers];
  const api = await openRawServer(() => left.shift() ?? SENT);
  const system = await openSystem({ tenants: [{ id: 'acme', api: api.url, ...tenant }], environment });
  return { system, api, worker: await startWorker(system) };
}

const LOST: readonly [string, RawAnswer][] = [
  ['the connection is reset', reset],
  ['no answer comes in time', silence],
  ['something answers that is no HTTP', (socket) => void socket.end('hello\r\n\r\n')],
  ['a gateway answers 502', jsonAnswer(502, {})],
  ['a gateway answers 504', jsonAnswer(504, { code: 'gateway.timeout' })],
  ['a gateway answers 408', jsonAnswer(408, {})],
  ['the status is 999', jsonAnswer(999, {})],
];

/**
 * One worker for all cases that need no other. Each case has its own tenant, because failures in a
 * row open a circuit.
 */
const CERTAIN: readonly [string, RawAnswer][] = [
  ['500', jsonAnswer(500, {})],
  ['503', jsonAnswer(503, {}, ['Retry-After: 0'])],
];

describe('with one worker', () => {
  let system: System;
  let api: RawServer;
  let worker: Awaited<ReturnType<typeof startWorker>>;
  /** The first answer to each conversation. */
  const first = new Map<string, RawAnswer>();

  beforeAll(async () => {
    api = await openRawServer(({ body }) => {
      const conversation = conversationIn(body);
      const answer = first.get(conversation) ?? SENT;
      first.delete(conversation);
      return answer;
    });
    const names = [...LOST.keys(), ...CERTAIN.map(([name]) => name)];
    const tenants = names.flatMap((name) => [
      { id: `hold-${name}`, api: api.url, ...HOLD },
      { id: `resend-${name}`, api: api.url },
    ]);
    system = await openSystem({ tenants });
    worker = await startWorker(system, { METRICS_PORT: '0' });
  });

  /** Runs a message with this first answer, and waits for its end. */
  async function run(tenantId: string, answer: RawAnswer, fields: object = {}) {
    const conversationId = `conv-${tenantId}-${Object.keys(fields).length}`;
    first.set(conversationId, answer);
    const { jobIds } = await system
      .openProducer()
      .enqueue(KIND, message({ tenantId, conversationId, ...fields }));
    const [jobId = ''] = jobIds;
    const ended = await system.ended(jobId, { tenantId });
    const sent = api.requests.filter(({ body }) => conversationIn(body) === conversationId).length;
    const last = ended.state === 'completed' ? 'done' : 'reject';
    await worker.line(new RegExp(`"event":"job.${last}".*${jobId}`));
    const marked = logOf(worker)
      .filter((line) => line.jobId === jobId && /^job\.(retry|done|reject)$/.test(line.event ?? ''))
      .map((line) => line.mayBeRepetition === true);
    return { ...ended, sent, marked };
  }

  describe('a message that was sent, and', () => {
    test.for([...LOST.entries()])('%i: %s is held if its tenant wants that', async ([index, [, answer]]) => {
      const ended = await run(`hold-${index}`, answer);

      expect(ended).toMatchObject({
        state: 'failed',
        attemptsMade: 1,
        failedReason: expect.stringMatching(
          /^OUTCOME_UNKNOWN: it was sent, and may have been carried out: GENESYS_/,
        ),
        sent: 1,
      });
    });

    test.for([...LOST.entries()])(
      '%i: %s is sent again by default, marked as a possible repetition',
      async ([index, [, answer]]) => {
        const ended = await run(`resend-${index}`, answer);

        expect(ended).toMatchObject({ state: 'completed', sent: 2, marked: [false, true] });
      },
    );

    test('with a lost answer is held if its own data wants that', async () => {
      const ended = await run('resend-0', reset, HOLD);

      expect(ended).toMatchObject({ failedReason: expect.stringMatching(/^OUTCOME_UNKNOWN: /), sent: 1 });
    });
  });

  test.for(CERTAIN)(
    'a message is sent again, and not held, if %s says that nothing was done',
    async ([name, answer]) => {
      const ended = await run(`hold-${name}`, answer);

      expect(ended).toMatchObject({ state: 'completed', sent: 2, marked: [false, false] });
    },
  );

  test('requests with an unknown outcome are counted', async () => {
    const text = await (await fetch(await metricsUrlOf(worker))).text();
    const countOf = (tenant: string) =>
      valueIn(parseExposition(text), 'gwm_unknown_outcomes_total', { kind: KIND, tenant });
    expect(['hold-1', 'resend-1', 'hold-500'].map(countOf)).toEqual([1, 1, undefined]);
  });
});

describe('a message that was certainly not delivered', () => {
  test('without a connection is sent again and not held', async () => {
    const { system, worker } = await open([], { ...HOLD, api: 'http://127.0.0.1:1' });

    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    await worker.line(/GENESYS_UNREACHABLE/);

    const { failedReason } = await system.ended(jobIds[0]);
    expect(failedReason).toMatch(/^GENESYS_UNREACHABLE: .*ECONNREFUSED/);
  });

  test('without an access token is retried and not held', async () => {
    const { system, api } = await open([], HOLD);
    await system.sandbox.inject({ operations: { 'oauth.token': { loseReplyRate: 1 } } });

    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    await waitFor(async () => (await system.sandbox.requests('oauth.token')).length > 0, {
      what: 'a lost answer of the login host',
    });
    await system.sandbox.inject({});

    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed' });
    expect(api.requests).toHaveLength(1);
  });
});

describe('the unknown outcome of a message', () => {
  test('is remembered by other workers, also after attempts without a delivery', async () => {
    const { system, api, worker } = await open(
      [reset, jsonAnswer(500, {})],
      {},
      { BACKOFF_BASE: '2s', BACKOFF_MAX: '2s', JOB_RETRY_FOR: '1h' },
    );
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    await worker.line(/message-transmission retry/);
    worker.kill('SIGKILL');
    await worker.exit;

    const other = await startWorker(system);

    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed' });
    expect(api.requests).toHaveLength(3);
    await other.line(/"event":"job.done"/);
    const attempts = logOf(other).filter(({ event }) => event === 'job.retry' || event === 'job.done');
    expect(attempts.map(({ mayBeRepetition }) => mayBeRepetition)).toEqual([true, true]);
  });

  test('holds the message after its worker stopped during the request', async () => {
    const { system, api, worker } = await open([silence], HOLD, {
      SHUTDOWN_TIMEOUT: '100ms',
      REQUEST_TIMEOUT: '900ms',
    });
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    await waitFor(() => api.requests.length === 1, { what: 'the request' });
    worker.kill('SIGTERM');
    await worker.exit;

    await startWorker(system);

    expect(await system.ended(jobIds[0])).toMatchObject({
      failedReason: expect.stringMatching(/^OUTCOME_UNKNOWN: /),
    });
    expect(api.requests).toHaveLength(1);
  });
});

function conversationIn(body: string): string {
  return (JSON.parse(body) as { to: { id: string } }).to.id;
}
