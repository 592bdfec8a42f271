import { fileURLToPath } from 'node:url';
import type { BrowserContext } from 'playwright-core';
import { openBrowser } from './browser.ts';

/**
 * A way to show something: a text as HTML, in attributes, in a template, in its own document; the
 * address of a button that is pressed; an element with these fields as attributes.
 */
export type Way = 'text' | 'address' | 'attributes';

/** What was shown, and its effects: scripts, windows and requests. */
export interface Effect {
  readonly exhibits: readonly unknown[];
  readonly effects: readonly string[];
}

/** A page in a real browser that shows texts in every careless way, and reports the effects. */
export interface Widget {
  /** Shows one exhibit alone. @returns its effects */
  show(way: Way, exhibit: unknown): Promise<string[]>;
  /**
   * Shows all exhibits, 50 side by side, because each show waits for two frames of the browser.
   * @returns the groups with an effect
   */
  showAll(way: Way, exhibits: readonly unknown[]): Promise<Effect[]>;
  /** The visible text of HTML. */
  readAsHtml(text: string): Promise<string>;
  /** The names of all event handlers of this browser. */
  eventHandlers(): Promise<string[]>;
}

const PAGE = 'https://widget.test/';
const SENTINEL = 'https://widget.test/sentinel/';
/** The exhibits that are side by side. */
export const GROUP = 50;

/**
 * The policy reports everything and forbids nothing, because otherwise a test could not fail. It
 * reports every script, handler, script address and request.
 */
const BLANK = `<!doctype html><link rel="icon" href="${SENTINEL}icon"><body>`;
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy-report-only':
    "default-src 'none'; img-src https://widget.test/sentinel/; frame-src 'none'",
};

/** Opens a browser that closes at the end of the test or file. */
export async function openWidget(): Promise<Widget> {
  const context = await (await openBrowser()).newContext();
  const seen = await watch(context);
  const page = await context.newPage();
  await page.goto(PAGE);
  let shows = 0;

  const show = async (way: Way, exhibits: readonly unknown[]): Promise<string[]> => {
    await page.evaluate(([name, held]) => Reflect.get(globalThis, 'showAll')(name, held), [
      way,
      exhibits,
    ] as const);
    // Requests are reported in their order. Once this one is reported, all are.
    const sentinel = `${SENTINEL}${shows++}`;
    await page.evaluate((url) => Reflect.get(globalThis, 'fetch')(url).then(() => {}), sentinel);
    const reported: string[] = await page.evaluate(() => Reflect.get(globalThis, 'takeHappenings')());
    const effects = [...seen.splice(0), ...reported].filter((what) => !what.includes(SENTINEL));
    // A style of a card is a name, such as bold. It has no effect as an attribute.
    const isStyle = (what: string) => way === 'attributes' && what.startsWith('style-src-attr inline');
    return effects.filter((what) => !isStyle(what));
  };
  page.on('dialog', (dialog) => {
    seen.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on('page', () => seen.push('a window was opened'));

  return {
    show: (way, exhibit) => show(way, [exhibit]),
    async showAll(way, exhibits) {
      const found: Effect[] = [];
      for (let at = 0; at < exhibits.length; at += GROUP) {
        const group = exhibits.slice(at, at + GROUP);
        const effects = await show(way, group);
        if (effects.length > 0) found.push({ exhibits: group, effects });
      }
      return found;
    },
    readAsHtml: (text) => page.evaluate((held) => Reflect.get(globalThis, 'readAsHtml')(held), text),
    eventHandlers: () => page.evaluate(listEventHandlers),
  };
}

/** Answers the page and the sentinel, and records every other request. */
async function watch(context: BrowserContext): Promise<string[]> {
  const seen: string[] = [];
  await context.addInitScript({ path: fileURLToPath(new URL('./widget-page.js', import.meta.url)) });
  await context.route('**/*', async (route) => {
    const url = route.request().url();
    if (url === PAGE) return route.fulfill({ headers: HEADERS, body: BLANK });
    if (url.startsWith(SENTINEL)) return route.fulfill({ body: '' });
    seen.push(`request ${url}`);
    await route.abort();
  });
  return seen;
}

// The browser runs this text, so it cannot use the code around it.
const listEventHandlers = `(() => {
  const names = new Set();
  const owners = [window, document, document.body, document.createElement('video'), document.createElement('frameset'),
    document.createElementNS('http://www.w3.org/2000/svg', 'animate')];
  for (const owner of owners) {
    for (let at = owner; at; at = Object.getPrototypeOf(at)) {
      for (const name of Object.getOwnPropertyNames(at)) if (name.startsWith('on')) names.add(name);
    }
  }
  return [...names];
})()`;
