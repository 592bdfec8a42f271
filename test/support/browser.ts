import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../../scripts/chromium.ts';
import { onEnd } from './lifetime.ts';

/**
 * Opens the Chromium of this machine without a window. It closes at the end of the test or file.
 */
export async function openBrowser(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  onEnd(() => browser.close());
  return browser;
}
