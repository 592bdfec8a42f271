import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { onEnd } from './lifetime.ts';

/** Opens the Chromium of this machine, without a window, which is closed when the test, or the file, ends. */
export async function openBrowser(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  onEnd(() => browser.close());
  return browser;
}

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** As `npm test` has made sure of: CHROMIUM_PATH, or one on the PATH. */
function findChromium(): string {
  const named = process.env['CHROMIUM_PATH'];
  if (named) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command))).find(isProgram);
  if (found) return found;
  throw new Error('There is no Chromium here: run "npm test", which installs one, or set CHROMIUM_PATH.');
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
