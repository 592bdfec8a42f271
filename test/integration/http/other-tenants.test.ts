import { Redis } from 'ioredis';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROUTES } from '../../../src/http/routes/all.ts';
import type { Route } from '../../../src/http/routes/route.ts';
import { startWorker } from '../../support/gwm.ts';
import { onEnd } from '../../support/lifetime.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { openReceiver } from '../../support/receiver.ts';
import { message, openSystem, PATIENT, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { type Answered, type Caller, type CallOptions, callerOf } from './calls.ts';
import { openServer, type TestServer } from './stage.ts';

/** The key has this tenant, and must learn nothing of the other one. */
const OWN = 'acme';
const OTHER = 'globex';
const UNKNOWN = 'no-such-tenant';
const NDJSON = { 'content-type': 'application/x-ndjson' };
const EVENT = { 'content-type': 'application/cloudevents+json' };

/** Ids of resources of the other tenant; beside each, one of the same form that does not exist. */
interface Pair {
  readonly other: string;
  readonly unknown: string;
}

let system: System;
let server: TestServer;
let call: Caller;
let asAll: Caller;
let pairs: Readonly<Record<'jobs' | 'tenants' | 'endpoints' | 'callbacks', readonly Pair[]>>;
let commandsOf: (act: () => Promise<Answered>) => Promise<{ answer: Answered; commands: string[] }>;

type Ask = readonly [path: string, options?: CallOptions];

/** How a request names the other tenant. Each route of the API has an entry. */
const NAMING: Readonly<Record<string, 'id' | 'no tenant' | ((route: Route, tenant: string) => Ask)>> = {
  'POST /v1/messages': inSample,
  'POST /v1/cards': inSample,
  'POST /v1/embeds': inSample,
  'POST /v1/rollouts': inSample,
  'POST /v1/deployments': inSample,
  'POST /v1/audit-syncs': inSample,
  'POST /v1/batch': ({ url }, tenantId) => {
    const line = { kind: 'message-transmission', ...message(), tenantId };
    return [url, { body: `${JSON.stringify(line)}\n`, headers: NDJSON }];
  },
  'POST /v1/events': ({ url, body }, partitionkey) => [
    url,
    { body: { ...(body?.examples?.['event'] as object), partitionkey }, headers: EVENT },
  ],
  'OPTIONS /v1/events': 'no tenant',
  'GET /v1/jobs': inQuery,
  'GET /v1/jobs/:id': 'id',
  'DELETE /v1/jobs/:id': 'id',
  'POST /v1/jobs/:id/retry': 'id',
  'GET /v1/jobs/:id/events': 'id',
  'GET /v1/jobs/:id/timeline': 'id',
  'GET /v1/conversations/:id': ({ url }, tenant) => [`${url.replace(':id', 'conv')}?tenant=${tenant}`],
  'GET /v1/search': ({ url }, tenant) => [`${url}?q=conv&tenant=${tenant}`],
  'GET /v1/dead-letters': inQuery,
  'POST /v1/jobs/retry': ({ url }, tenant) => [url, { body: { tenant } }],
  'POST /v1/jobs/cancel': ({ url }, tenant) => [url, { body: { tenant } }],
  'GET /v1/overview': inQuery,
  'GET /v1/overview/events': inQuery,
  'GET /v1/series': 'no tenant',
  'GET /v1/tenants/:id/series': 'id',
  'GET /v1/tenants': 'no tenant',
  'GET /v1/tenants/:id': 'id',
  'POST /v1/tenants/:id/pause': 'id',
  'POST /v1/tenants/:id/resume': 'id',
  'POST /v1/tenants/reload': 'no tenant',
  'GET /v1/webhooks/endpoints': inQuery,
  'GET /v1/webhooks/endpoints/:id': 'id',
  'POST /v1/webhooks/endpoints/:id/enable': 'id',
  'POST /v1/webhooks/endpoints/:id/replay': 'id',
  'GET /v1/webhooks/callbacks/:id/attempts': 'id',
  'POST /v1/webhooks/callbacks/:id/replay': 'id',
  'POST /v1/webhooks/test': inSample,
  'POST /v1/login': 'no tenant',
  'GET /v1/login': 'no tenant',
  'DELETE /v1/login': 'no tenant',
  'GET /errors': 'no tenant',
  'GET /errors/:code': 'no tenant',
};

function inSample({ url, body }: Route, tenantId: string): Ask {
  const [sample] = Object.values(body?.examples ?? {});
  return [url, { body: { ...(sample as object), tenantId } }];
}

function inQuery({ url }: Route, tenant: string): Ask {
  return [`${url}?tenant=${tenant}`];
}

beforeAll(async () => {
  const redis = await openOwnRedis();
  const environment = { ...PATIENT, JOB_RETRY_FOR: '1m' };
  system = await openSystem({ redis, environment, tenants: [OWN, { id: OTHER, callback: {} }] });
  server = await openServer(system);
  asAll = callerOf(server.url, await server.keys.make());
  call = callerOf(server.url, await server.keys.make({ tenants: [OWN] }));
  const { url } = await openReceiver();
  const worker = await startWorker(system);
  const body = { ...message(), tenantId: OTHER };
  const sent = await asAll('/v1/messages', { body: { ...body, callback: { url } } });
  const callback = `wh-${sent.body.id}-delivered`;
  await waitFor(
    async () => (await asAll(`/v1/webhooks/callbacks/${callback}/attempts`)).body.attempts?.length,
    {
      what: 'the callback',
    },
  );
  // Its commands would be among those of the requests.
  worker.kill();
  await worker.exit;
  const waiting = await asAll('/v1/messages', { body });
  const { body: list } = await asAll(`/v1/webhooks/endpoints?tenant=${OTHER}`);
  pairs = {
    jobs: [pairOf(sent.body.id), pairOf(waiting.body.id), pairOf(callback)],
    tenants: [{ other: OTHER, unknown: UNKNOWN }],
    endpoints: [pairOf(list.endpoints[0].endpointId)],
    callbacks: [pairOf(callback)],
  };
  commandsOf = await openMonitor(redis.url);
});

/** Swaps characters, so that the form stays. */
function pairOf(other: string): Pair {
  return {
    other,
    unknown: other.replace(/[0-9a-f]{6}/, (digits) =>
      [...digits]
        .reverse()
        .join('')
        .replace(/^./, (d) => (d === '0' ? '1' : '0')),
    ),
  };
}

/** Watches the commands that Redis gets during a request, without those that have another cause. */
async function openMonitor(url: string): Promise<typeof commandsOf> {
  const redis = new Redis(url);
  const monitor = await redis.monitor();
  onEnd(() => {
    monitor.disconnect();
    redis.disconnect();
  });
  const seen: string[][] = [];
  monitor.on('monitor', (_time: string, args: string[]) => seen.push(args));
  let marks = 0;
  const mark = async () => {
    const text = `mark-${++marks}`;
    await system.client.echo(text);
    await waitFor(() => seen.some(([, word]) => word === text), { what: text });
    return text;
  };
  return async (act) => {
    const first = await mark();
    const answer = await act();
    const last = await mark();
    const at = (text: string) => seen.findIndex(([, word]) => word === text);
    const between = seen.slice(at(first) + 1, at(last));
    // The cache of keys, the guard of memory, and the looks for reloads and for another layout have times of
    // their own.
    const own = between.filter(
      (args) =>
        !/api-key|tenants-re(?:load|aders)|:installation|^info$|^ping$/i.test(args.join(' ').slice(0, 200)),
    );
    return { answer, commands: own.map(([name = '']) => name.toLowerCase()).sort() };
  };
}

test('each route says how its requests name a tenant', () => {
  expect(Object.keys(NAMING).sort()).toEqual(ROUTES.map(({ method, url }) => `${method} ${url}`).sort());
});

const named = ROUTES.map((route) => ({ name: `${route.method} ${route.url}`, route }));

describe('a resource of another tenant', () => {
  test.for(named.filter(({ name }) => NAMING[name] === 'id'))(
    'is answered as an unknown one, with the same commands of Redis: $name',
    async ({ route }) => {
      const { method, url, body } = route;
      const [sample] = Object.values(body?.examples ?? {});
      const ask = (id: string) =>
        commandsOf(() =>
          call(url.replace(/:\w+/, id), { method, ...(sample !== undefined && { body: sample }) }),
        );
      const of = /\/(jobs|tenants|endpoints|callbacks)\/:/.exec(url)?.[1] as keyof typeof pairs;
      for (const { other, unknown } of pairs[of]) {
        await ask(unknown);
        const wanted = await ask(unknown);

        const came = await ask(other);

        expect(came.answer.status).toBe(404);
        expect(seenBy(came.answer, other)).toEqual(seenBy(wanted.answer, unknown));
        expect(came.commands).toEqual(wanted.commands);
      }
    },
  );
});

describe('a request for another tenant', () => {
  test.for(named.filter(({ name }) => typeof NAMING[name] === 'function'))(
    'is answered as one for an unknown tenant, with the same commands of Redis: $name',
    async ({ name, route }) => {
      const naming = NAMING[name] as (route: Route, tenant: string) => Ask;
      const ask = (tenant: string) =>
        commandsOf(() => {
          const [path, options] = naming(route, tenant);
          return call(path, { method: route.method, ...options });
        });
      await ask(UNKNOWN);
      const wanted = await ask(UNKNOWN);

      const came = await ask(OTHER);

      expect(seenBy(came.answer, OTHER)).toEqual(seenBy(wanted.answer, UNKNOWN));
      expect(came.commands).toEqual(wanted.commands);
      expect(JSON.stringify(came.answer.body)).not.toMatch(/"accepted":[1-9]|"status":"accepted"/);
    },
  );
});

test('a list shows nothing of another tenant, and an act on many leaves its jobs alone', async () => {
  const before = await stateOfOther();
  const lists = await Promise.all(
    ['/v1/tenants', '/v1/jobs', '/v1/webhooks/endpoints', '/v1/overview', '/v1/series'].map((path) =>
      call(path),
    ),
  );
  const acts = await Promise.all(['retry', 'cancel'].map((verb) => call(`/v1/jobs/${verb}`, { body: {} })));
  const reload = await call('/v1/tenants/reload', { method: 'POST' });

  for (const { status, body } of [...lists, ...acts]) {
    expect(status).toBe(200);
    expect(JSON.stringify(body)).not.toContain(OTHER);
  }
  for (const { body } of acts) expect(body).toContain('"matched":0');
  expect(reload.status).toBe(403);
  expect(await stateOfOther()).toEqual(before);
  // The acts of the key are about its own tenant, or have done nothing.
  expect(server.acts.filter(({ status }) => status === 'done')).toEqual([]);
  expect(server.acts.filter(({ tenants }) => tenants.includes(OTHER))).toEqual([]);
});

/** What a caller sees of an answer, without the id that it sent, the time and its own quota. */
function seenBy({ status, headers, body }: Answered, id: string) {
  const seen = Object.fromEntries(headers);
  for (const name of ['date', 'ratelimit', 'content-length']) delete seen[name];
  return { status, headers: seen, body: JSON.stringify(body).replaceAll(id, 'id') };
}

async function stateOfOther() {
  const of = (path: string) => asAll(path).then(({ body }) => body);
  const { buckets } = await of(`/v1/tenants/${OTHER}`);
  return [
    buckets.messages.pausedUntil,
    await of(`/v1/jobs?tenant=${OTHER}`),
    await of(`/v1/webhooks/endpoints?tenant=${OTHER}`),
    await of(`/v1/webhooks/callbacks/${pairs.callbacks[0]?.other}/attempts`),
  ];
}
