import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { onEnd } from './lifetime.ts';

/** A page of the control room, with what it asks for and what it complains about. */
export interface RoomPage {
  readonly page: Page;
  /** Errors of the console and of scripts. */
  readonly complaints: readonly string[];
  /** The addresses of all requests. */
  readonly requests: readonly string[];
  /** Opens a view, such as `#/search`, and waits until nothing loads. */
  open(hash: string): Promise<void>;
}

export interface RoomOptions {
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
}

/** A loaded machine draws a page late. The usual limit of a wait is half a minute. */
const PATIENCE_MS = 250_000;

/** Opens the control room, without cookies of other pages. */
export async function openRoom(browser: Browser, url: string, options: RoomOptions = {}): Promise<RoomPage> {
  const { colorScheme = 'light', width = 1400 } = options;
  const context: BrowserContext = await browser.newContext({
    colorScheme,
    viewport: { width, height: 900 },
    reducedMotion: 'reduce',
  });
  onEnd(() => context.close().catch(() => {}));
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (entry) => {
    if (entry.type() === 'error') complaints.push(entry.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(`${url}/`);
  return {
    page,
    complaints,
    requests,
    async open(hash) {
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
      await page.locator('h1').waitFor();
      await page.locator('.loading').first().waitFor({ state: 'detached' });
    },
  };
}

/** Logs in with the secret of an API key, and waits for the overview. */
export async function logIn({ page }: Pick<RoomPage, 'page'>, secret: string): Promise<void> {
  await page.getByLabel('Secret of an API key').fill(secret);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
}

/**
 * What axe-core finds wrong in the page, one line for each element.
 * @param rules the ids of its rules; all by default.
 */
export async function faultsIn(
  { page }: Pick<RoomPage, 'page'>,
  rules?: readonly string[],
): Promise<string[]> {
  // The policy of the page lets no script in, so the tool comes through the debugger.
  await page.evaluate(axe.source);
  return await page.evaluate(async (ids) => {
    const { axe: tool } = globalThis as unknown as { axe: typeof axe };
    const { violations } = await tool.run(ids ? { runOnly: [...ids] } : {});
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
  }, rules);
}

/** Whether the page is wider than the screen, so that a person must scroll to the side. */
export async function isTooWide({ page }: Pick<RoomPage, 'page'>): Promise<boolean> {
  return await page.evaluate('document.documentElement.scrollWidth > innerWidth');
}
