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

/** A worker has delivered, failed and rolled out. One tenant is paused with jobs, and one has none. */
beforeAll(async () => {
  const receiver = await openReceiver();
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
