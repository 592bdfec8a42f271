import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { keyIdOf } from '../../src/access/secret.ts';
import { openServer, type TestServer } from '../integration/http/stage.ts';
import { openBrowser } from '../support/browser.ts';
import { faultsIn, logIn, openRoom, type RoomPage } from '../support/control-room.ts';
import { type OwnRedis, openOwnRedis } from '../support/own-redis.ts';
import { message, openSystem, type System } from '../support/system.ts';

const KIND = 'message-transmission';
const MANY = 100_000;
/** Enough for many pages of an act, so that its progress shows. */
const CANCELLED = 5000;

let browser: Browser;
let redis: OwnRedis;
let system: System;
let server: TestServer;
let secret: string;
let room: RoomPage;

/** No worker runs: the jobs of each test stay as the test has left them. */
beforeAll(async () => {
  redis = await openOwnRedis();
  system = await openSystem({ redis, tenants: ['acme', 'globex', 'initech', 'umbrella'] });
  server = await openServer(system, { HTTP_ANSWER_TIMEOUT: '1s' });
  browser = await openBrowser();
  secret = await server.keys.make({ scopes: ['read', 'operate'] });
  room = await openRoom(browser, server.url);
  await logIn(room, secret);
});

/** Answers the question of an act. */
async function confirm({ page }: RoomPage, verb: string | RegExp): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: verb }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

describe('an act of an operator', () => {
  test('on a tenant is asked about once, shown, and recorded with its key', async () => {
    const { page } = room;
    await room.open('#/tenants/acme');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByLabel('For').fill('soon');
    await page.getByRole('button', { name: 'Pause the tenant' }).click();
    await page.getByRole('dialog').getByText('expected a duration').waitFor();
    await page.getByLabel('For').fill('10m');
    await page.getByLabel('Reason').fill('maintenance');
    await confirm(room, 'Pause the tenant');
    await page.getByRole('status').getByText('acme is paused.').waitFor();
    await page
      .getByRole('row', { name: /messages/ })
      .getByText('paused')
      .waitFor();

    await page.getByRole('button', { name: 'Resume' }).click();
    await confirm(room, 'Resume the tenant');
    await page
      .getByRole('row', { name: /messages/ })
      .getByText('sending')
      .waitFor();

    const acts = server.acts.map(({ action, by, status, subject }) => ({ action, by, status, subject }));
    const by = keyIdOf(secret);
    expect(acts).toEqual([
      { action: 'tenant.paused', by, status: 'done', subject: 'acme' },
      { action: 'tenant.resumed', by, status: 'done', subject: 'acme' },
    ]);
  });

  test('is left with Back, and does nothing then', async () => {
    const { page } = room;
    const before = server.acts.length;
    await room.open('#/tenants/initech');

    await page.getByRole('button', { name: 'Pause' }).click();
    await confirm(room, 'Back');

    expect(server.acts.length).toBe(before);
    await page
      .getByRole('row', { name: /messages/ })
      .getByText('sending')
      .waitFor();
  });

  test('is asked about no more in another view, and its report stays behind', async () => {
    const { page } = room;
    await room.open('#/tenants/initech');
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('dialog').waitFor();
    await page.goBack();
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await room.open('#/tenants/acme');
    await page.getByRole('button', { name: 'Resume' }).click();
    await confirm(room, 'Resume the tenant');
    await page.getByText('acme goes on.').waitFor();
    await room.open('#/tenants/initech');
    await page.getByText('acme goes on.').waitFor({ state: 'detached' });
  });

  test('that fails is not repeated, and the page does not say so', async () => {
    const { page } = room;
    await room.open('#/tenants/initech');
    await page.getByRole('button', { name: 'Resume' }).click();
    await redis.kill('SIGSTOP');
    await page.getByRole('button', { name: 'Resume the tenant' }).click();
    const alert = page.getByRole('dialog').getByRole('alert');
    await alert.getByText('Redis does not answer').waitFor();
    const said = await alert.textContent();
    await redis.kill('SIGCONT');

    expect(said).not.toContain('asks again');
    await confirm(room, 'Back');
  });

  test('goes on with the login of another tab, after the page has said so', async () => {
    const other = await server.keys.make({ name: 'another person', scopes: ['read', 'operate'] });
    const { page } = room;
    await room.open('#/tenants/initech');
    const tab = await page.context().newPage();
    await tab.goto(`${server.url}/`);
    await tab.getByRole('button', { name: 'Log out' }).click();
    await logIn({ page: tab }, other);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Resume the tenant' }).click();
    await page.getByText('Another tab of this browser has logged in.').waitFor();
    await page.getByText('another person, operator').waitFor();
    await confirm(room, 'Resume the tenant');

    expect(server.acts.at(-1)).toMatchObject({ action: 'tenant.resumed', by: keyIdOf(other) });
    await tab.getByRole('button', { name: 'Log out' }).click();
    await tab.close();
    await room.open('#/');
    await logIn(room, secret);
  });

  test('cancels a job that waits', async () => {
    const { page } = room;
    const [id = ''] = (await system.openProducer().enqueue(KIND, message())).jobIds;
    await room.open(`#/jobs/${id}`);

    await page.getByRole('button', { name: 'Cancel' }).click();
    await confirm(room, 'Cancel the job');
    await page.getByRole('status').getByText('The job is cancelled.').waitFor();

    expect(server.acts.at(-1)).toMatchObject({ action: 'job.cancelled', subject: id, by: keyIdOf(secret) });
  });
});

describe('with many jobs', () => {
  test(`every view answers: ${MANY}`, async () => {
    const { page } = room;
    await enqueueMany('globex', MANY);
    await room.open('#/');
    await page
      .getByRole('row', { name: /globex/ })
      .getByText('100,000')
      .waitFor();
    for (const [hash, shown] of [
      ['#/tenants/globex', '5,000'],
      [`#/search?tenant=globex&q=guest-${MANY - 1}`, 'Found: 1'],
      ['#/conversations/conv-7?tenant=globex', 'Jobs that wait: 20.'],
      ['#/dead-letters?tenant=globex', 'globex has no dead letter.'],
      ['#/jobs?tenant=globex', 'Show more'],
    ] as const) {
      await room.open(hash);
      await page.getByText(shown).first().waitFor();
    }
    expect(await faultsIn(room)).toEqual([]);
  });

  test(`all of them are cancelled with their number first and their progress: ${CANCELLED}`, async () => {
    const { page } = room;
    await enqueueMany('umbrella', CANCELLED);
    await room.open('#/jobs?tenant=umbrella');
    await page.getByRole('button', { name: 'Cancel all that wait' }).click();
    await page.getByText('5,000 jobs are meant.').waitFor();
    expect(await faultsIn(room)).toEqual([]);
    await page.getByRole('button', { name: 'Cancel 5,000 jobs' }).click();
    await page.getByText(/^[1-9][\d,]* of 5,000 jobs are done\.$/).waitFor();
    await page.getByRole('status').getByText('Cancelled: 5,000 of 5,000 jobs.').waitFor();

    const { status, action, details } = server.acts.at(-1) ?? {};
    expect([action, status, details?.['count']]).toEqual(['jobs.cancelled', 'done', CANCELLED]);
  });
});

async function enqueueMany(tenantId: string, count: number): Promise<void> {
  const jobs = Array.from({ length: count }, (_, n) =>
    message({ tenantId, conversationId: `conv-${n % 5000}`, guestId: `guest-${n}` }),
  );
  await system.openProducer().enqueueMany(KIND, jobs);
}

describe('while Redis is away', () => {
  test.for([
    '#/',
    '#/tenants/acme',
    '#/search?tenant=acme&q=conv-def-456',
    '#/dead-letters?tenant=acme',
    '#/receivers',
  ])('says so at %s, and goes on by itself', async (hash) => {
    const { page } = room;
    await room.open('#/nowhere');
    await redis.kill('SIGSTOP');
    await room.open(hash);
    await page.getByRole('alert').getByText('Redis does not answer').first().waitFor();
    const faults = await faultsIn(room);
    await redis.kill('SIGCONT');
    expect(faults).toEqual([]);
    await page.getByRole('alert').first().waitFor({ state: 'detached' });
  });

  test('shows the last answer, and asks again', async () => {
    const { page } = room;
    await room.open('#/tenants/initech');
    await page.getByRole('heading', { name: 'Buckets' }).waitFor();
    await redis.kill('SIGSTOP');

    await page.getByText('What you see is the last answer.').first().waitFor();
    await page.getByRole('row', { name: /messages/ }).waitFor();
    await redis.kill('SIGCONT');

    await page.getByRole('alert').first().waitFor({ state: 'detached' });
  });
});
