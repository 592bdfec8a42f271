/**
 * Takes docs/control-room.png, the picture of the README. It runs the demo, opens the overview in
 * Chromium after the demo has delivered its jobs, and ends both.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import { findChromium } from './chromium.ts';

const ROOT = join(import.meta.dirname, '..');
const PICTURE = join(ROOT, 'docs/control-room.png');
const SIZE = { width: 1280, height: 800 };
/** A larger picture makes the README slow to load. */
const MAX_BYTES = 150 * 1024;

/** How a browser reaches the control room of the demo. */
interface Entrance {
  readonly url: string;
  readonly key: string;
}

const demo = spawn(process.execPath, ['src/cli/main.ts', 'demo', '--keep'], {
  cwd: ROOT,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(demo, 'exit');
try {
  await takePicture(await entranceOf(demo));
} finally {
  demo.kill('SIGINT');
  await ended;
}
const { size } = statSync(PICTURE);
console.log(`${PICTURE}: ${size} bytes`);
if (size > MAX_BYTES) {
  console.error(`The picture is larger than ${MAX_BYTES} bytes.`);
  process.exitCode = 1;
}

/** Waits until the demo has delivered its jobs. */
async function entranceOf({ stdout }: ChildProcess): Promise<Entrance> {
  if (stdout === null) throw new TypeError('the demo has no standard output');
  let url: string | undefined;
  for await (const line of createInterface({ input: stdout })) {
    url ??= /^API {2}(http:\S+)\/v1,/.exec(line)?.[1];
    const key = /^Key {2}(\S+)/.exec(line)?.[1];
    if (url === undefined || key === undefined) {
      console.log(line);
      continue;
    }
    // The demo prints more. It would stop at a full pipe.
    stdout.resume();
    return { url, key };
  }
  throw new Error('The demo ended before its control room was ready.');
}

async function takePicture({ url, key }: Entrance): Promise<void> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: SIZE });
    await page.goto(`${url}/`);
    await page.getByLabel('Secret of an API key').fill(key);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText('Receivers in trouble').first().waitFor();
    await page.locator('.u-over').nth(1).waitFor();
    await page.screenshot({ path: PICTURE });
  } finally {
    await browser.close();
  }
}
