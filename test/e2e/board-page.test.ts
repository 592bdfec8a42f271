import { describe, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { startGwm } from '../support/gwm.ts';
import { openReverseProxy } from '../support/reverse-proxy.ts';
import { message, openSystem } from '../support/system.ts';

const KIND = 'message-transmission';
const PREFIX = '/ops/queues';

describe('the board in a browser', () => {
  test.each([
    { what: 'at its own address', prefix: '' },
    { what: 'behind a proxy, beneath a path', prefix: PREFIX },
  ])('loads all of it from there, and the console is quiet: $what', async ({ prefix }) => {
    const system = await openSystem();
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    const env = { ...system.environment, HTTP_PORT: '0', HTTP_BASE_PATH: prefix };
    const said = await startGwm(['serve'], { env }).line(/http:\/\/127\.0\.0\.1:\d+/);
    const own = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '';
    const outside = prefix === '' ? own : await openReverseProxy(own, { prefix, strips: true });
    const page = await (await openBrowser()).newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (entry) => {
      if (entry.type() === 'error') complaints.push(entry.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText;
      // The board asks again and again; the next page ends what the one before it has asked.
      if (reason !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${reason}`);
    });
    page.on('request', (request) => requests.push(request.url()));

    await page.goto(`${outside}/`);
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
    expect(await page.content()).not.toContain('Validated transmission payload');
  });
});
