import { fileURLToPath } from 'node:url';
import { openBrowser } from './browser.ts';

/** A text and the expected result in the browser. */
export interface RichCase {
  readonly html: string;
  /** The tree as JSON. With `tags` only the names of its tags. */
  readonly tree?: string;
  readonly tags?: string;
}

export interface RichPage {
  /** Shows each text in every way. @returns those that the browser reads differently */
  compare(cases: readonly RichCase[]): Promise<string[]>;
  /** The scripts, windows, requests and navigations so far. */
  happenings(): Promise<string[]>;
}

const PAGE = 'https://rich.test/';
const BATCH = 1000;

/** Opens a browser that closes at the end of the test or file. */
export async function openRichPage(): Promise<RichPage> {
  const context = await (await openBrowser()).newContext();
  const seen: string[] = [];
  await context.addInitScript({ path: fileURLToPath(new URL('./rich-page.js', import.meta.url)) });
  await context.route('**/*', async (route) => {
    if (route.request().url() === PAGE && seen.length === 0) {
      // The policy reports everything and forbids nothing. Otherwise a test could not fail.
      const headers = {
        'content-type': 'text/html',
        'content-security-policy-report-only': "default-src 'none'",
      };
      return route.fulfill({ headers, body: '<!doctype html><link rel="icon" href="data:,"><body>' });
    }
    seen.push(`request ${route.request().url()}`);
    await route.abort();
  });
  const page = await context.newPage();
  await page.goto(PAGE);
  await page.evaluate(() => Reflect.get(globalThis, 'takeHappenings')());
  context.on('page', () => seen.push('a window was opened'));
  page.on('dialog', (dialog) => {
    seen.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('framenavigated', (frame) => {
    if (frame.url() !== 'about:blank' && frame.url() !== PAGE) seen.push(`navigation ${frame.url()}`);
  });

  return {
    async compare(cases) {
      const wrong: string[] = [];
      for (let at = 0; at < cases.length; at += BATCH) {
        const batch = cases.slice(at, at + BATCH);
        wrong.push(...(await page.evaluate((held) => Reflect.get(globalThis, 'compareAll')(held), batch)));
      }
      return wrong;
    },
    async happenings() {
      // All effects have begun two frames later.
      await page.evaluate(async () => {
        const frame: (then: () => void) => void = Reflect.get(globalThis, 'requestAnimationFrame');
        for (let frames = 0; frames < 2; frames++) await new Promise<void>((then) => frame(() => then()));
      });
      const reported: string[] = await page.evaluate(() => Reflect.get(globalThis, 'takeHappenings')());
      return [...seen.splice(0), ...reported];
    },
  };
}
