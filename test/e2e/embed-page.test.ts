import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { dataIssues } from '../../src/content/embed/data-issues.ts';
import { createPayload, encodePayload, scriptTag } from '../../src/content/embed/embed-code.ts';
import { createContentPolicy } from '../../src/content/policy/policy.ts';
import { openBrowser } from '../support/browser.ts';
import { HOSTILE_TEXTS } from '../support/embeds.ts';
import { embed } from '../support/guides/embed.ts';
import { startWorker } from '../support/gwm.ts';
import { openSystem } from '../support/system.ts';

const PAGE = 'http://shop.test/';

/** The start of a widget's script: it reads its own tag. `atob` gives bytes only. */
const WIDGET_SCRIPT = 'window.embedded = JSON.parse(atob(document.currentScript.dataset.config));';

let page: Page;
/** The addresses that the page requests, without its own. */
let requested: string[];

beforeAll(async () => {
  page = await (await openBrowser()).newPage();
});

describe('a page with an embed code', () => {
  test('of a worker loads the script of the widget, which reads the whole payload', async () => {
    const system = await openSystem();
    await startWorker(system);
    // The check of a job refuses markup. The tests below put it into a tag directly.
    const texts = HOSTILE_TEXTS.filter(
      (text) => dataIssues({ text }, 'data', createContentPolicy()).length === 0,
    );
    expect(texts.length).toBeGreaterThan(5);
    const customAttributes = Object.fromEntries(texts.map((text, index) => [`${index} ${text}`, text]));
    const job = embed({ customAttributes, theme: { font: '"Noto Sans", größe' } });
    const { jobIds } = await system.openProducer().enqueue('embed-generation', job);
    const { result } = await system.ended(jobIds[0], { kind: 'embed-generation' });
    const { scriptTag: tag, generatedAt } = result as { scriptTag: string; generatedAt: string };

    await show(tag);

    expect(await embedded()).toEqual({
      widgetId: job.widgetId,
      environment: 'us-east-1',
      locales: job.locales,
      customAttributes,
      theme: job.theme,
      generatedAt,
      version: '2.1',
    });
    expect(requested).toEqual([
      `${system.sandbox.url}/api/v2/messaging/webmessaging/widgets/${job.widgetId}/script`,
    ]);
  });

  test.for(HOSTILE_TEXTS)('has one script with exactly the attributes of its tag: %j', async (text) => {
    const occasion = { widgetId: 'w-1', environment: text, generatedAt: new Date(0) };
    const payload = createPayload(
      embed({ customAttributes: { [text]: text }, theme: { [text]: text } }),
      occasion,
    );
    const src = new URL(`/widgets/${encodeURIComponent(text)}/script`, 'http://api.test').href;
    const config = encodePayload(payload);

    await show(scriptTag(src, config));

    expect(await embedded()).toEqual(payload);
    expect(requested).toEqual([src]);
    expect(await tagsOfBody()).toEqual([
      { name: 'SCRIPT', attributes: { src, 'data-config': config, async: '', defer: '' } },
      { name: 'P', attributes: {} },
    ]);
    expect(await page.evaluate('window.broken')).toBeUndefined();
  });
});

/**
 * Opens a page with the tag and a text after it. Every requested address gives a widget's script.
 */
async function show(tag: string): Promise<void> {
  requested = [];
  await page.unrouteAll();
  await page.route('**/*', async (route) => {
    const url = route.request().url();
    if (url === PAGE) {
      const body = `<!doctype html><link rel="icon" href="data:,"><body>${tag}<p>behind</p></body>`;
      return route.fulfill({ contentType: 'text/html; charset=utf-8', body });
    }
    requested.push(url);
    return route.fulfill({ contentType: 'text/javascript', body: WIDGET_SCRIPT });
  });
  await page.goto(PAGE, { waitUntil: 'load' });
}

/** The payload that the widget's script read from its tag. */
async function embedded(): Promise<unknown> {
  return await page.evaluate('window.embedded');
}

async function tagsOfBody(): Promise<unknown> {
  return await page.evaluate(`[...document.body.querySelectorAll('*')].map((element) => ({
    name: element.tagName,
    attributes: Object.fromEntries(element.getAttributeNames().map((name) => [name, element.getAttribute(name)])),
  }))`);
}
