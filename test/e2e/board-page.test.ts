import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { startGwm } from '../support/gwm.ts';
import { openReverseProxy } from '../support/reverse-proxy.ts';
import { message, openSystem, type System } from '../support/system.ts';
import { openWatchedPage } from '../support/watched-page.ts';

const KIND = 'message-transmission';
const PREFIX = '/ops/queues';

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});

describe('the board in a browser', () => {
  test.each([
    { what: 'at its own address', prefix: '' },
    { what: 'behind a proxy, beneath a path', prefix: PREFIX },
  ])('loads all its files without an error in the console: $what', async ({ prefix }) => {
    const system = await openSystem();
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    const env = { ...system.environment, HTTP_PORT: '0', HTTP_BASE_PATH: prefix };
    const said = await startGwm(['serve'], { env }).line(/http:\/\/127\.0\.0\.1:\d+/);
    const own = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '';
    const outside = prefix === '' ? own : await openReverseProxy(own, { prefix, strips: true });
    const { page, complaints, requests } = await openWatchedPage(browser);

    await page.goto(`${outside}/board`);
    await page.getByText(KIND).first().waitFor();
    await page.goto(`${outside}/board/queue/${KIND}?status=waiting`);
    await page
      .getByText(jobIds[0] ?? '')
      .first()
      .waitFor();
    await page.goto(`${outside}/board/queue/${KIND}/${jobIds[0]}?status=waiting`);
    await page.getByText('conv-def-456').first().waitFor();
    await page.locator('header button').last().click();
    await page.getByRole('dialog').first().waitFor();

    expect(requests.length).toBeGreaterThan(10);
    expect(requests.filter((url) => !url.startsWith(`${outside}/`) && !url.startsWith('data:'))).toEqual([]);
    expect(complaints).toEqual([]);
    expect(await page.content()).not.toContain(message().body.content);
  });

  test('shows a damaged job beside the others', async () => {
    const system = await openSystem();
    const ids = await Promise.all(['one', 'two'].map((name) => enqueue(system, name)));
    const key = system.queues.of(KIND, 'acme').toKey(ids[0] ?? '');
    await system.client.hset(key, { timestamp: 'yesterday', data: '{"tenantId":', opts: 'x', delay: 'soon' });
    const env = { ...system.environment, HTTP_PORT: '0' };
    const said = await startGwm(['serve'], { env }).line(/http:\/\/127\.0\.0\.1:\d+/);
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '';
    const { page } = await openWatchedPage(browser);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));

    await page.goto(`${url}/board/queue/${KIND}?status=latest`);
    for (const id of ids) await page.getByText(id).first().waitFor();
    await page.goto(`${url}/board/queue/${KIND}/${ids[0]}?status=latest`);
    await page.getByText('JOB_DAMAGED').first().waitFor();

    expect(complaints).toEqual([]);
  });
});

async function enqueue(system: System, conversationId: string): Promise<string> {
  const { jobIds } = await system.openProducer().enqueue(KIND, message({ conversationId }));
  return jobIds[0] ?? '';
}
