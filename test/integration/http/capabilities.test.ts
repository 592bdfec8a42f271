import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configurationRollout } from '../../support/guides/configuration.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { onEnd } from '../../support/lifetime.ts';
import { card, message, openSystem } from '../../support/system.ts';
import { callerOf } from './calls.ts';
import { openServer } from './stage.ts';

const KIND = 'message-transmission';
const CODE = 'CAPABILITY_UNAVAILABLE';

/** A tenant that can send nothing: it has a dialect, and no route. */
async function stage() {
  const system = await openSystem({ tenants: [{ id: 'acme', dialect: 'platform' }] });
  const server = await openServer(system);
  return { system, url: server.url, secret: await server.keys.make() };
}

test('a job that its tenant cannot send is refused with the code, alone and in a batch', async () => {
  const { system, url, secret } = await stage();
  const call = callerOf(url, secret);

  const one = await call('/v1/messages', { body: message() });
  const other = await call('/v1/cards', { body: card({ template: { id: 'a', fallbackBehavior: 'hide' } }) });
  const response = await fetch(`${url}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/x-ndjson' },
    body: JSON.stringify({ kind: KIND, ...message() }),
  });
  const [line] = (await response.text()).split('\n').map((text) => JSON.parse(text || 'null'));

  expect([one.status, one.body]).toEqual([
    422,
    expect.objectContaining({
      code: CODE,
      type: `/errors/${CODE}`,
      errors: [{ pointer: '#/route', detail: expect.stringContaining('platform.route') }],
    }),
  ]);
  expect(other.body).toMatchObject({
    code: CODE,
    errors: [{ pointer: '#/template/fallbackBehavior' }, { pointer: '#/route' }],
  });
  expect(line).toMatchObject({ line: 1, status: 'rejected', code: CODE, errors: [{ pointer: '#/route' }] });
  expect((await fetch(`${url}/errors/${CODE}`)).status).toBe(200);
  expect(await system.queues.of(KIND, 'acme').getJobCounts()).toMatchObject({ waiting: 0, delayed: 0 });
});

test('a job in an event is refused with the code, and so is a rollout with fields without a counterpart', async () => {
  const { url, secret } = await stage();
  const call = callerOf(url, secret);
  const { tenantId, ...data } = message();
  const event = {
    specversion: '1.0',
    id: '1',
    source: '/a',
    type: `com.genesys.webmessaging.${KIND}`,
    partitionkey: tenantId,
    data,
  };

  const sent = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/cloudevents+json' },
    body: JSON.stringify(event),
  });
  const rollout = await call('/v1/rollouts', {
    body: configurationRollout({ tenantId, organizationIds: [tenantId] }),
  });

  expect(await sent.json()).toMatchObject({ code: CODE, errors: [{ pointer: '#/data/route' }] });
  expect(rollout.body).toMatchObject({
    code: CODE,
    errors: expect.arrayContaining([
      { pointer: '#/configuration/greetings', detail: expect.stringContaining('ignoreUnsupported') },
    ]),
  });
});

test('gwm enqueue reports the code, in words and as JSON', async () => {
  const { system } = await stage();
  const folder = await mkdtemp(join(tmpdir(), 'gwm-capabilities-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'messages.ndjson');
  await writeFile(file, `${JSON.stringify(message())}\n`);
  const enqueue = (...flags: string[]) =>
    runCommand(['enqueue', KIND, file, ...flags], { env: system.environment });

  const words = await enqueue();
  const json = await enqueue('--json');

  expect(words.stderr).toContain(`line 1: ${CODE}: route: expected open`);
  expect(JSON.parse(json.stdout.split('\n')[0] ?? '')).toEqual({
    line: 1,
    kind: KIND,
    errors: [{ path: 'route', message: expect.any(String), code: CODE }],
  });
});
