import { describe, expect, test } from 'vitest';
import { HANDLER_TIMEOUT_MS } from '../../../src/http/failures.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { message, openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { openServer } from './stage.ts';

const KIND = 'message-transmission';
/** Names of BullMQ's own keys, and texts that are not ids. */
const ODD_IDS = [
  'meta',
  'events',
  'delayed',
  'id',
  'marker',
  'toString',
  '__proto__',
  '..%2f..%2fetc',
  '%00',
  'a%00b',
  ':',
  'x:lock',
  'x:dependencies',
  'repeat:acme',
  '%F0%9F%98%80',
  '*',
  '%20',
  "'%22%3E",
  'a'.repeat(10_000),
];

describe('a wrong id', () => {
  test('is not found on any route of the board, with a message of ours', async () => {
    const system = await openSystem();
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    const { url } = await openServer(system);
    const ids = [...ODD_IDS, `${jobIds[0]}:lock`, `${jobIds[0]}:dependencies`];
    const paths = ids.flatMap((id) => [
      `/board/api/queues/${KIND}/${id}`,
      `/board/api/queues/${KIND}/${id}/flow`,
      `/board/api/queues/${id}/jabc`,
      `/board/api/queues/${id}/metrics`,
    ]);

    for (const path of paths) {
      const response = await fetch(url + path);
      const said = await response.text();
      expect([400, 404], `${path}: ${response.status} ${said}`).toContain(response.status);
      expect(JSON.parse(said)).toHaveProperty('error');
      expect(said).not.toMatch(/WRONGTYPE|ERR |redis|ReplyError/i);
    }
  });

  test.for([
    '?status=nonsense',
    '?page=-1',
    '?page=1e9',
    '?jobsPerPage=abc',
    '?activeQueue[]=a&activeQueue[]=b',
  ])('in a query is no failure: %s', async (query) => {
    const { url } = await openServer(await openSystem());

    const response = await fetch(`${url}/board/api/queues${query}`);

    expect(response.status).toBeLessThan(500);
  });
});

describe('a body', () => {
  test.for([
    ['not UTF-8', Buffer.from('{"a":"Gr\xfc\xdfe"}', 'latin1')],
    ['not JSON', Buffer.from('{"a":')],
  ] as const)('is refused if it is %s', async ([, body]) => {
    const { url } = await openServer(await openSystem());

    const response = await fetch(`${url}/board/api/queues/${KIND}/add`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });

    expect(response.status).toBe(400);
    expect(await response.json()).toHaveProperty('error');
  });
});

describe('a Redis that is away', () => {
  test.for([{ signal: 'SIGKILL' }, { signal: 'SIGSTOP' }] as const)(
    'causes an error on every route of the board within five seconds, with a message of ours: $signal',
    async ({ signal }) => {
      const redis = await openOwnRedis();
      const system = await openSystem({ redis });
      const { url } = await openServer(system);
      expect((await fetch(`${url}/board/api/queues`)).status).toBe(200);
      await redis.kill(signal);
      const paths = [
        '/board/api/queues',
        `/board/api/queues?activeQueue=${KIND}&status=failed`,
        `/board/api/queues/${KIND}/jabc`,
        `/board/api/queues/${KIND}/jabc/flow`,
        '/board/api/job-schedulers',
      ];

      const answers = await Promise.all(paths.map((path) => answerOf(url + path)));

      // The time of every route is over then.
      expect(HANDLER_TIMEOUT_MS).toBeLessThan(5_000);
      for (const { path, status, said } of answers) {
        expect({ path, status }).toEqual({ path, status: 503 });
        expect(JSON.parse(said)).toEqual({ error: expect.stringMatching(/^Redis does not answer/) });
      }
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      if (signal === 'SIGSTOP') await redis.kill('SIGCONT');
      else await redis.restart();
      const isBack = async () => (await fetch(`${url}/board/api/queues`)).status === 200;
      await waitFor(isBack, { what: 'a board that is back' });
    },
  );
});

async function answerOf(address: string) {
  const response = await fetch(address);
  const said = await response.text();
  const path = new URL(address).pathname;
  return { path, status: response.status, said };
}
