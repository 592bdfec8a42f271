import { appRoutes } from '@bull-board/api/dist/routes.js';
import { expect, test } from 'vitest';
import { runCommand } from '../../support/gwm-command.ts';
import { openSystem } from '../../support/system.ts';
import { callerOf } from './calls.ts';
import { openServer } from './stage.ts';

const SECRET = 'jkqxzjkqxz';
const NUMBER = 424242424242;
const KIND = 'card-delivery';

test('no command, page or answer shows the fields of a card, in data, result, reason or stack', async () => {
  const system = await openSystem();
  const { jobIds } = await system.openProducer().enqueue(KIND, {
    tenantId: 'acme',
    conversationId: 'conv-1',
    template: { id: 'order' },
    fields: { title: `${SECRET}`, pin: NUMBER, [SECRET]: [{ [SECRET]: NUMBER }] } as never,
    callback: { url: `https://hooks.example/${SECRET}?token=${SECRET}` },
  });
  const [jobId = ''] = jobIds;
  const reason = `JOB_INVALID: fields.${SECRET}: expected a text; unknown field "${SECRET}"`;
  await system.client.hset(`${system.redis.prefix}:{0}:${KIND}:${jobId}`, {
    failedReason: reason,
    stacktrace: JSON.stringify([`UnrecoverableError: ${reason}\n    at settle (/app/settle.ts:1:1)`]),
    returnvalue: JSON.stringify({
      messageId: 'm-1',
      [SECRET]: NUMBER,
      changes: [{ path: [SECRET], to: SECRET }],
    }),
    progress: JSON.stringify({ [SECRET]: NUMBER }),
  });
  await system.queues.of(KIND, 'acme').addJobLog?.(jobId, SECRET);
  const { url, keys } = await openServer(system);
  const call = callerOf(url, await keys.make());
  const said: string[] = [];

  for (const status of ['waiting', 'delayed', 'latest', 'failed']) {
    said.push(
      await textAt(`${url}/board/api/queues?activeQueue=${KIND}&status=${status}&page=1&jobsPerPage=50`),
    );
  }
  for (const { method, route } of appRoutes.api.filter(({ method }) => method === 'get')) {
    const path = String([route].flat()[0]).replace(':queueName', KIND).replace(':jobId', jobId);
    said.push(await textAt(`${url}/board${path}`, String(method)));
  }
  said.push(JSON.stringify((await call(`/v1/jobs/${jobId}`)).body));
  const env = system.environment;
  said.push((await runCommand(['jobs', 'get', KIND, jobId], { env })).stdout);
  said.push((await runCommand(['jobs', 'list', KIND, 'waiting'], { env })).stdout);

  expect(said.filter((text) => text.includes('conv-1')).length).toBeGreaterThan(3);
  expect(said.some((text) => text.includes('"messageId":"m-1"'))).toBe(true);
  expect(said.some((text) => text.includes('JOB_INVALID: fields.…; unknown field'))).toBe(true);
  expect(said.filter((text) => text.includes(SECRET) || text.includes(String(NUMBER)))).toEqual([]);
});

async function textAt(address: string, method = 'get'): Promise<string> {
  return await (await fetch(address, { method: method.toUpperCase() })).text();
}
