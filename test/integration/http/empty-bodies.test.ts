import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROUTES } from '../../../src/http/routes/all.ts';
import { message, openSystem } from '../../support/system.ts';
import { callerOf } from './calls.ts';
import { openServer } from './stage.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const BODILESS = ROUTES.filter(({ body, method }) => body === undefined && /POST|DELETE/.test(method));

interface ApiDocument {
  readonly paths: Record<string, Record<string, { readonly responses: object; requestBody?: RequestBody }>>;
}

interface RequestBody {
  readonly content: Record<string, { readonly examples: Record<string, { readonly value: unknown }> }>;
}

async function stage() {
  const { url, keys } = await openServer(await openSystem());
  return callerOf(url, await keys.make());
}

test.each(BODILESS.map(({ method, url }) => [method, url]))(
  '%s %s takes any body as none: its document has no error of bodies',
  async (method, url) => {
    const call = await stage();
    const path = url.replace(':id', 'unknown');
    const bodies = [
      { body: '', headers: FORM },
      { body: '', headers: { 'content-type': 'text/plain; charset=utf-16' } },
      { body: '{', headers: { 'content-type': 'application/json' } },
      { body: 'a=b', headers: { ...FORM, 'content-encoding': 'br' } },
    ];

    const answers = await Promise.all(bodies.map((each) => call(path, { method, ...each })));

    const plain = await call(path, { method });
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => plain.status));
  },
);

test('an empty body of any type is none, where a body may be left out', async () => {
  const call = await stage();

  const { status } = await call('/v1/tenants/acme/resume', { method: 'POST', body: '', headers: FORM });

  expect(status).toBe(200);
});

test('an empty body in the place of a job is an error of the job', async () => {
  const call = await stage();

  const { status, body } = await call('/v1/messages', { method: 'POST', body: '', headers: FORM });

  expect([status, body.code]).toEqual([422, 'JOB_INVALID']);
});

test('each example of an event is accepted with its content type', async () => {
  const call = await stage();
  const document = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as ApiDocument;
  const { content } = document.paths['/v1/events']?.['post']?.requestBody ?? { content: {} };
  const binary = {
    'ce-specversion': '1.0',
    'ce-id': '1',
    'ce-source': '/shop',
    'ce-type': 'com.genesys.webmessaging.message-transmission',
  };

  const answers = await Promise.all(
    Object.entries(content).flatMap(([type, { examples }]) =>
      Object.values(examples).map(({ value }) =>
        call('/v1/events', {
          body: value,
          headers: { 'content-type': type, ...(type === 'application/json' && binary) },
        }),
      ),
    ),
  );

  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
});

test('a job that waits has no reason of a dead letter, and the time of its next attempt', async () => {
  const call = await stage();
  await call('/v1/tenants/acme/pause', { body: { for: '10m' } });
  const { id } = (await call('/v1/messages', { body: message() })).body;

  const { body } = await call(`/v1/jobs/${id}`);

  expect(body.failedReason).toBeNull();
  expect(body.nextAttemptAt).toBe(body.waiting.until);
});
