import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { openServer, type TestServer } from '../integration/http/stage.ts';
import { openBrowser } from '../support/browser.ts';
import { faultsIn, isTooWide, logIn, openRoom, type RoomPage } from '../support/control-room.ts';
import { configurationRollout } from '../support/guides/configuration.ts';
import { startWorker } from '../support/gwm.ts';
import { openReceiver } from '../support/receiver.ts';
import { message, openSystem, type System } from '../support/system.ts';

const KIND = 'message-transmission';
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1400, height: 900 };
const MAX_BYTES = 200_000;

let browser: Browser;
let system: System;
let server: TestServer;
/** The page of an operator. The tests that look at views share it. */
let room: RoomPage;
let delivered: string;
let dead: string;
let rollout: string;
let changed: string;
let receiver: Awaited<ReturnType<typeof openReceiver>>;

/** A worker has delivered, failed and rolled out. One tenant is paused with jobs, and one has none. */
beforeAll(async () => {
  receiver = await openReceiver();
  receiver.usually({ status: 410 });
  system = await openSystem({
    tenants: [{ id: 'acme', callback: { url: receiver.url } }, 'globex', 'initech'],
  });
  server = await openServer(system);
  browser = await openBrowser();
  const producer = system.openProducer();
  await system.flow.pause({ tenantId: 'globex', bucketClass: 'messages' }, 3_600_000, 'maintenance');
  for (const _each of Array(5)) await producer.enqueue(KIND, message({ tenantId: 'globex' }));
  await startWorker(system);
  delivered = (await producer.enqueue(KIND, message())).jobIds[0] ?? '';
  await system.ended(delivered);
  await system.ended(`wh-${delivered}-delivered`, { kind: 'webhook-delivery' });
  dead = (await system.expire(KIND, message({ conversationId: 'conv-dead' }))).jobId;
  rollout =
    (await producer.enqueue('config-rollout', configurationRollout({ dryRun: true }))).jobIds[0] ?? '';
  await system.ended(rollout, { kind: 'config-rollout' });
  changed = (await producer.enqueue('config-rollout', configurationRollout())).jobIds[0] ?? '';
  await system.ended(changed, { kind: 'config-rollout' });
  room = await openRoom(browser, server.url);
  await logIn(room, await server.keys.make());
});

/** Each view, and something that it shows with data. */
const VIEWS: readonly (readonly [name: string, hash: () => string, shows: () => string])[] = [
  ['overview', () => '#/', () => 'Receivers in trouble'],
  ['tenant', () => '#/tenants/globex', () => 'maintenance'],
  ['search', () => '#/search?tenant=globex&q=guest-abc-123', () => 'Found: 5'],
  [
    'conversation',
    () => '#/conversations/conv-def-456?tenant=globex',
    () => 'It is number 2, and waits for number 1',
  ],
  ['jobs', () => '#/jobs?tenant=globex', () => 'Cancel all that wait'],
  ['job', () => `#/jobs/${delivered}`, () => 'A worker began attempt 1, which delivered it.'],
  ['dead letters', () => '#/dead-letters?tenant=acme', () => 'JOB_EXPIRED'],
  ['rollouts', () => '#/rollouts?tenant=acme', () => rollout],
  ['rollout', () => `#/jobs/${rollout}`, () => 'What the rollout would change'],
  ['receivers', () => '#/receivers', () => 'disabled'],
];

describe('the control room', () => {
  test('is small, comes from this server alone, and keeps no secret in the browser', async () => {
    const { page, requests } = room;
    const sizes = await page.evaluate<number[]>(
      "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/control-room/')).map(({ decodedBodySize }) => decodedBodySize)",
    );

    expect(sizes.length).toBeGreaterThan(40);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MAX_BYTES);
    expect(requests.filter((url) => !url.startsWith(`${server.url}/`))).toEqual([]);
    expect(
      await page.evaluate('[...Object.entries(localStorage), ...Object.entries(sessionStorage)]'),
    ).toEqual([]);
    expect(await page.evaluate('document.cookie')).toBe('');
  });

  test.for(VIEWS)('shows the view %s, which axe-core finds well', async ([, hash, shows]) => {
    const { page } = room;
    await room.open(hash());
    await page.getByText(shows()).first().waitFor();

    expect(await page.getByRole('link', { name: 'Board' }).count()).toBe(1);
    expect(await page.content()).not.toContain(message().body.content);
    expect(await faultsIn(room)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await faultsIn(room, ['color-contrast'])).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(PHONE);
    expect(await isTooWide(room)).toBe(false);
    expect(await faultsIn(room, ['target-size', 'scrollable-region-focusable'])).toEqual([]);
    await page.setViewportSize(DESK);
  });

  test.for([
    ['#/tenants/initech', 'The tenant has had no job for a day.'],
    ['#/search?tenant=initech&q=nothing', 'No job of initech among those looked at.'],
    ['#/conversations/nothing?tenant=initech', 'There is no such resource'],
    ['#/jobs?tenant=initech', 'No job is meant.'],
    ['#/jobs/nothing', 'There is no such resource'],
    ['#/dead-letters?tenant=initech', 'initech has no dead letter.'],
    ['#/rollouts?tenant=initech', 'initech has no rollout.'],
    ['#/receivers?tenant=initech', 'Workers have called no receiver lately.'],
    ['#/nowhere', 'The address names no view of the control room.'],
  ] as const)('says that there is nothing at %s', async ([hash, sentence]) => {
    await room.open(hash);
    await room.page.getByText(sentence).waitFor();

    expect(await faultsIn(room, ['region', 'empty-heading', 'heading-order'])).toEqual([]);
  });

  test('complains about nothing but the question of a browser that is not logged in', () => {
    // The API answers 401 to that, and 404 to an unknown job. A browser notes both.
    const others = room.complaints.filter((text) => !/status of (401|404)/.test(text));

    expect(others).toEqual([]);
  });
});

/** Acts on what a worker has done: the view, the button of the view, that of the question, and the report. */
const ACTS: readonly (readonly [
  action: string,
  hash: () => string,
  button: string,
  verb: string,
  report: string,
])[] = [
  ['job.retried', () => `#/jobs/${dead}`, 'Redrive', 'Redrive the job', 'The job waits for its turn.'],
  ['endpoint.enabled', () => '#/receivers', 'Enable', 'Enable the receiver', 'The receiver is enabled.'],
  [
    'callback.replayed',
    () => `#/jobs/${delivered}`,
    'Replay',
    'Replay the callback',
    'The callback is sent again.',
  ],
  [
    'callbacks.replayed',
    () => '#/receivers',
    'Replay',
    'Replay the callbacks',
    'Callbacks that are sent again',
  ],
  ['tenants.reloaded', () => '#/', 'Reload tenants', 'Reload the tenants', '3 tenants.'],
];

describe('an act', () => {
  // The receiver takes callbacks again. It has refused them before, so it is disabled.
  beforeAll(() => receiver.usually({ status: 204 }));

  test.for(ACTS)('%s is done by two clicks at %s', async ([action, hash, button, verb, report]) => {
    const { page } = room;
    const before = server.acts.length;
    await room.open(hash());
    await page.getByRole('button', { name: button, exact: true }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: verb }).click();
    await page.getByRole('status').getByText(report).waitFor();

    expect(server.acts.slice(before).map((act) => [act.action, act.status])).toContainEqual([action, 'done']);
  });

  test('rolls a rollout back, and shows the changes first', async () => {
    const { page } = room;
    await room.open('#/rollouts?tenant=acme');
    await page.getByRole('link', { name: changed }).click();
    await page.getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('status').getByText('The rollback is accepted.').waitFor();
    await page.getByRole('heading', { name: 'What the rollout would change' }).waitFor();

    expect(await page.getByRole('heading', { level: 1 }).textContent()).not.toContain(changed);
  });

  test('on dead letters counts those that can be cancelled alone', async () => {
    const { page } = room;
    await room.open('#/dead-letters?tenant=acme');
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByText('No job is meant. 1 of the filter would stay').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Redrive', exact: true }).click();
    await page.getByRole('button', { name: 'Redrive 1 job' }).click();
    await page.getByRole('status').getByText('Redriven: 1 of 1 jobs.').waitFor();
  });
});

describe('a person with a keyboard', () => {
  test('logs in, skips the navigation, and leaves a question with Escape', async () => {
    const other = await openRoom(browser, server.url);
    const { page } = other;
    await page.getByLabel('Secret of an API key').focus();
    await page.keyboard.type(await server.keys.make());
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await other.open('#/tenants/initech');

    // The first element that the key Tab reaches.
    await page.locator('a, button, [tabindex="0"]').first().focus();
    expect(await focused(other)).toBe('To the content');
    await page.keyboard.press('Enter');
    expect(await focused(other)).toBe('Tenant initech');
    await page.keyboard.press('Tab');
    expect(await focused(other)).toBe('Pause');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Pause initech' }).waitFor();
    expect(await faultsIn(other)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focused(other)).toBe('Pause');
  });
});

describe('a login', () => {
  test('of a reader shows the views, and no act', async () => {
    const reader = await openRoom(browser, server.url);
    await logIn(reader, await server.keys.make({ scopes: ['read'] }));

    await reader.open(`#/jobs/${dead}`);
    await reader.page.getByText('JOB_EXPIRED').first().waitFor();
    const names = await reader.page.getByRole('button').allTextContents();

    expect(names).toEqual(['Log out']);
    await reader.open('#/receivers');
    expect(await reader.page.getByRole('columnheader').allTextContents()).not.toContain('Acts');
  });

  test('with a wrong secret, or a key that may not read, says why', async () => {
    const other = await openRoom(browser, server.url);
    const { page } = other;
    for (const [secret, words] of [
      ['gwm_live_wrong', 'There is no such API key'],
      [await server.keys.make({ scopes: ['send'] }), 'The API key lacks a scope'],
    ] as const) {
      await page.getByLabel('Secret of an API key').fill(secret);
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByRole('alert').getByText(words).waitFor();
    }
    expect(await faultsIn(other)).toEqual([]);
  });

  test('ends with its key, and when the person logs out', async () => {
    const other = await openRoom(browser, server.url);
    const secret = await server.keys.make();
    await logIn(other, secret);
    await server.keys.revoke(secret);
    await other.page.getByText('The login has ended. Log in again.').waitFor();

    await logIn(other, await server.keys.make());
    await other.page.getByRole('button', { name: 'Log out' }).click();
    await other.page.getByLabel('Secret of an API key').waitFor();
    await other.page.reload();
    await other.page.getByLabel('Secret of an API key').waitFor();
  });
});

/** The text of the element that has the focus. */
async function focused({ page }: RoomPage): Promise<string> {
  return await page.evaluate('document.activeElement.textContent');
}
