/**
 * Takes docs/board.png, the picture of the README. It runs the demo, opens the board in Chromium
 * after the demo has delivered its jobs, and ends both.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import { findChromium } from './chromium.ts';

const ROOT = join(import.meta.dirname, '..');
const PICTURE = join(ROOT, 'docs/board.png');
const SIZE = { width: 1280, height: 520 };
/** A larger picture makes the README slow to load. */
const MAX_BYTES = 150 * 1024;

const demo = spawn(process.execPath, ['src/cli/main.ts', 'demo', '--keep'], {
  cwd: ROOT,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(demo, 'exit');
try {
  await takePicture(await boardOf(demo));
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

/** Waits until the demo has delivered its jobs. @returns the address of the board */
async function boardOf({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new TypeError('the demo has no standard output');
  for await (const line of createInterface({ input: stdout })) {
    console.log(line);
    const [, board] = /the board at (http:\S+);/.exec(line) ?? [];
    if (board !== undefined) {
      // The demo prints more. It would stop at a full pipe.
      stdout.resume();
      return board;
    }
  }
  throw new Error('The demo ended before its board was ready.');
}

async function takePicture(board: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: SIZE });
    await page.goto(board);
    await page.getByText('webhook-delivery').first().waitFor();
    // The counts come with the first answer, and the font may come later.
    await page.waitForLoadState('networkidle');
    await page.evaluate('document.fonts.ready');
    await page.screenshot({ path: PICTURE });
  } finally {
    await browser.close();
  }
}
