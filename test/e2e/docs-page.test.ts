import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { startGwm } from '../support/gwm.ts';
import { openReverseProxy } from '../support/reverse-proxy.ts';
import { openSystem } from '../support/system.ts';
import { openWatchedPage } from '../support/watched-page.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});

describe('the page to try the API, in a browser', () => {
  test.each([
    { what: 'at its own address', prefix: '' },
    { what: 'behind a proxy, beneath a path', prefix: '/ops' },
  ])('shows every operation, and loads nothing from elsewhere: $what', async ({ prefix }) => {
    const system = await openSystem();
    const env = { ...system.environment, HTTP_PORT: '0', HTTP_BASE_PATH: prefix };
    const serve = startGwm(['serve'], { env });
    const [, own = '', secret = ''] =
      /curl (http\S+)\/v1\/tenants -H 'Authorization: Bearer (\w+)'/.exec(await serve.line(/curl/)) ?? [];
    const outside = prefix === '' ? own : await openReverseProxy(own, { prefix, strips: true });
    const { page, complaints, requests } = await openWatchedPage(browser);

    await page.goto(`${outside}/docs`);
    await page.getByText('/v1/messages').first().waitFor();
    await page.locator('#operations-Tenants-listTenants').click();
    await page.locator('.auth-wrapper .authorize').first().click();
    await page.locator('.auth-container input').first().fill(secret);
    await page.locator('.auth-btn-wrapper .authorize').first().click();
    await page.locator('.auth-btn-wrapper .btn-done').first().click();
    await page.locator('.try-out__btn').first().click();
    await page.locator('.execute').first().click();
    await page.locator('.live-responses-table .response-col_status').getByText('200').first().waitFor();

    const elsewhere = requests.filter(
      (url) => !url.startsWith(new URL(outside).origin) && !url.startsWith('data:'),
    );
    expect(elsewhere).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
