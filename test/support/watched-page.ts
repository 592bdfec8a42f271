import type { Browser, Page } from 'playwright-core';

/** A page of a browser, with what it asks for and what it complains about. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of the console and of scripts, and failed requests. */
  readonly complaints: readonly string[];
  /** The addresses of all requests. */
  readonly requests: readonly string[];
}

/** A loaded machine draws a page late. The usual limit of a wait is half a minute. */
const PATIENCE_MS = 250_000;

/** Opens a page without cookies and storage of other pages. It closes with its browser. */
export async function openWatchedPage(browser: Browser): Promise<WatchedPage> {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (entry) => {
    if (entry.type() === 'error') complaints.push(entry.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    // The next page aborts the requests of the page before.
    if (reason !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${reason}`);
  });
  page.on('request', (request) => requests.push(request.url()));
  return { page, complaints, requests };
}
