import { type Browser, chromium } from 'playwright-core';
import { inject } from 'vitest';
import { addressBehind } from './door.ts';
import { onEnd } from './lifetime.ts';

/**
 * Connects to the Chromium that all tests of the project share, which has no window. Its start takes
 * two seconds of a processor. Pages of other tests have other contexts, and their storage is not
 * shared. The pages of this connection close at the end of the test or file.
 */
export async function openBrowser(): Promise<Browser> {
  const browser = await chromium.connect(await addressBehind(inject('browserDoor')));
  onEnd(() => browser.close());
  return browser;
}
