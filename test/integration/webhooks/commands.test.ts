import { describe, expect, test } from 'vitest';
import { endpointIdOf } from '../../../src/webhooks/endpoint-id.ts';
import type { Finished } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { PATIENT } from '../../support/system.ts';
import { setCallbackStage } from './stage.ts';

const stage = setCallbackStage({
  tenants: [{ id: 'acme', callback: {} }, { id: 'globex', callback: {} }, { id: 'unsigned' }],
  // Two attempts each: three failed callbacks open the circuit only for a short time.
  environment: { ...PATIENT, WEBHOOK_SCHEDULE: '10ms' },
});

async function gwm(...args: string[]): Promise<Finished> {
  return await runCommand(args, { env: stage.system.environment });
}

/** The lines that a command printed, as JSON. */
function rows({ stdout }: Finished): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function endpointId(tenantId = 'acme'): string {
  return endpointIdOf(tenantId, stage.receiver.url);
}

/** The row of the receiver of the test. */
function rowOf(finished: Finished, tenantId = 'acme') {
  return rows(finished).find((row) => row['endpointId'] === endpointId(tenantId));
}

async function disable(): Promise<string> {
  stage.receiver.answerWith({ status: 410 });
  const { jobId } = await stage.run();
  await stage.callbackOf(jobId);
  return `wh-${jobId}-delivered`;
}

describe('gwm webhooks list', () => {
  test('shows the endpoints with their state', async () => {
    const { jobId } = await stage.run({ callback: { url: `${stage.receiver.url}/?order=1` } });
    await stage.callbackOf(jobId);

    const listed = await gwm('webhooks', 'list', '--json');

    expect(listed.code).toBe(0);
    expect(rowOf(listed)).toEqual({
      endpointId: endpointId(),
      tenantId: 'acme',
      url: `${stage.receiver.url}/`,
      state: 'well',
      disabledAt: null,
      disabledFor: null,
      failingSince: null,
      failures: 0,
      pausedUntil: null,
      lastCalledAt: expect.stringMatching(/Z$/),
      lastDeliveredAt: expect.stringMatching(/Z$/),
      inHand: 0,
      waiting: 0,
    });
    expect((await gwm('webhooks', 'list')).stdout).toContain(`${stage.receiver.url}/`);
  });

  test('shows the attempts of a callback', async () => {
    stage.receiver.answerWith({ status: 500, body: 'out of order\u001b[2J' });
    const { jobId } = await stage.run();
    await stage.callbackOf(jobId);

    const listed = await gwm('webhooks', 'list', `wh-${jobId}-delivered`, '--json');
    expect(rows(listed)).toMatchObject([
      { outcome: 'refused', status: 500, answer: 'out of order\u001b[2J' },
      { outcome: 'delivered', status: 204 },
    ]);
    const shown = await gwm('webhooks', 'list', `wh-${jobId}-delivered`);
    expect(shown.stdout).toContain('"out of order\\u001b[2J"');
    expect(shown.stdout).not.toContain('\u001b');
  });

  test('reports an unknown callback', async () => {
    expect(await gwm('webhooks', 'list', 'wh-unknown')).toMatchObject({
      code: 3,
      stderr: 'There is no such callback.',
    });
  });
});

describe('an endpoint that is disabled', () => {
  test('appears in list and status, and can be enabled by its address', async () => {
    await disable();

    expect(rowOf(await gwm('webhooks', 'list', '--json'))).toMatchObject({
      state: 'disabled',
      disabledFor: 'gone',
      disabledAt: expect.stringMatching(/Z$/),
    });
    expect(rowOf(await gwm('status', '--json'))).toMatchObject({ state: 'disabled' });
    const status = await gwm('status');
    expect(status.stdout).toMatch(
      /callbacks: \d+ delivered, \d+ attempts failed, endpoints disabled \d+ times/,
    );
    expect(status.stdout).toContain('disabled: gone');

    expect(await gwm('webhooks', 'enable', stage.receiver.url)).toMatchObject({
      code: 0,
      stdout: `${endpointId()} is enabled`,
    });
    expect(rowOf(await gwm('webhooks', 'list', '--json'))).toMatchObject({ state: 'well', disabledAt: null });
    expect(rowOf(await gwm('status', '--json'))).toBeUndefined();
  });

  test('gets its callbacks replayed once it is enabled, not before', async () => {
    const callback = await disable();

    expect(await gwm('webhooks', 'replay', callback)).toMatchObject({
      code: 4,
      stderr: `The endpoint ${endpointId()} is disabled; run gwm webhooks enable ${endpointId()} first.`,
    });
    await gwm('webhooks', 'enable', endpointId());
    expect(await gwm('webhooks', 'replay', callback)).toMatchObject({
      code: 0,
      stdout: `${callback} will be sent again`,
    });

    const ids = (await stage.calls(2)).map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([callback, callback]);
  });

  test('cannot be enabled if it is unknown', async () => {
    expect(await gwm('webhooks', 'enable', 'ep-unknown')).toMatchObject({
      code: 3,
      stderr: 'There is no such endpoint; gwm webhooks list shows those called lately.',
    });
  });

  test('must be named by its id if several tenants call the same address', async () => {
    for (const tenantId of ['acme', 'globex']) {
      const { jobId } = await stage.run({ tenantId });
      await stage.callbackOf(jobId, tenantId);
    }

    const { code, stderr } = await gwm('webhooks', 'enable', stage.receiver.url);

    expect(code).toBe(2);
    expect(stderr).toContain(`${endpointId('acme')}, ${endpointId('globex')}`);
  });
});

describe('gwm webhooks replay', () => {
  test('sends a delivered callback again, with the same id and body', async () => {
    const { jobId } = await stage.run();
    await stage.callbackOf(jobId);

    expect(await gwm('webhooks', 'replay', `wh-${jobId}-delivered`, '--json')).toMatchObject({
      code: 0,
      stdout: '{"replayed":1}',
    });

    const [first, second] = await stage.calls(2);
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    stage.verified(second);
    await stage.callbackOf(jobId);
    expect((await stage.attemptsOf(jobId)).map(({ outcome }) => outcome)).toEqual([
      'delivered',
      'replayed',
      'delivered',
    ]);
  });

  test('sends the callbacks that an endpoint missed since a time, and no others', async () => {
    stage.receiver.usually({ status: 400 });
    const early = await missed();
    const since = new Date().toISOString();
    const late = [await missed(), await missed()];
    stage.receiver.usually({ status: 204 });
    const { jobId } = await stage.run();
    const delivered = `wh-${jobId}-delivered`;
    await stage.callbackOf(jobId);
    const before = stage.receiver.received.length;

    const replay = await gwm('webhooks', 'replay', '--since', since, '--endpoint', endpointId(), '--json');

    expect(replay).toMatchObject({ code: 0, stdout: '{"replayed":2}' });
    const requests = await stage.calls(before + 2);
    const ids = requests.slice(before).map(({ headers }) => headers['webhook-id']);
    expect(ids.sort()).toEqual([...late].sort());
    expect(ids).not.toContain(early);
    expect(ids).not.toContain(delivered);
  });

  test.each([
    [['replay'], 'Give the id of a callback, or both --since and --endpoint.', 2],
    [
      ['replay', '--since', '2026-01-01T00:00:00Z'],
      'Give the id of a callback, or both --since and --endpoint.',
      2,
    ],
    [
      ['replay', 'wh-1', '--since', '2026-01-01'],
      'Give the id of a callback, or --since and --endpoint; not both.',
      2,
    ],
    [
      ['replay', '--since', 'yesterday', '--endpoint', 'ep-1'],
      expect.stringMatching(/--since <time> is not valid\. It must be a time such as /),
      2,
    ],
    [['replay', 'wh-unknown'], 'There is no such callback.', 3],
  ])('reports what is wrong with %j', async (args, stderr, code) => {
    expect(await gwm('webhooks', ...args)).toMatchObject({ code, stderr });
  });

  /** A callback whose attempts all failed. */
  async function missed(): Promise<string> {
    const { jobId } = await stage.run();
    expect(await stage.callbackOf(jobId)).toMatchObject({ state: 'failed' });
    return `wh-${jobId}-delivered`;
  }
});

describe('gwm webhooks test', () => {
  test('sends a signed event, and prints the result', async () => {
    stage.receiver.answerWith({ status: 202, body: 'thank you' });

    const tested = await gwm('webhooks', 'test', stage.receiver.url, '--tenant', 'acme');

    expect(tested).toMatchObject({ code: 0 });
    expect(tested.stdout).toMatch(/^delivered: the receiver answered 202 in \d+ ms: "thank you"$/);
    const [request] = await stage.calls(1);
    expect(stage.verified(request)).toEqual({
      type: 'webhook.test',
      timestamp: expect.stringMatching(/Z$/),
      data: { tenantId: 'acme' },
    });
  });

  test('prints the result as JSON, and fails if the receiver refused the event', async () => {
    stage.receiver.answerWith({ status: 401, body: 'who are you?' });

    const tested = await gwm('webhooks', 'test', stage.receiver.url, '--tenant', 'acme', '--json');

    expect(tested.code).toBe(1);
    expect(rows(tested)).toMatchObject([{ outcome: 'refused', status: 401, answer: 'who are you?' }]);
  });

  test('reports a missing answer', async () => {
    const tested = await gwm('webhooks', 'test', 'http://127.0.0.1:1024/', '--tenant', 'acme');

    expect(tested.code).toBe(1);
    expect(tested.stdout).toMatch(
      /^unreachable: the receiver could not be reached or gave no answer in time \(in \d+ ms\)$/,
    );
  });

  test.each([
    [['http://10.0.0.1/', '--tenant', 'acme'], /^<url>: expected a public address/, 2],
    [['ftp://hooks.example/', '--tenant', 'acme'], /expected an https:\/\/ address/, 2],
    [['https://hooks.example/'], /^--tenant is missing: TENANTS_FILE has not exactly one tenant\.$/, 2],
    [['https://hooks.example/', '--tenant', 'unknown'], /^There is no such tenant in TENANTS_FILE\.$/, 3],
    [['https://hooks.example/', '--tenant', 'unsigned'], /tenant unsigned has no callback\.secret/, 78],
  ])('reports what is wrong with %j', async (args, stderr, code) => {
    const tested = await gwm('webhooks', 'test', ...args);
    expect(tested).toMatchObject({ code, stdout: '' });
    expect(tested.stderr).toMatch(stderr);
    expect(tested.stderr.split('\n')).toHaveLength(1);
  });
});
