/**
 * Takes the picture of the README, docs/board.png: the board after the demo has delivered its jobs. It runs the demo, opens
 * the board in Chromium, and ends both.
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
/** The README is loaded with its picture: larger pictures make it slow. */
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

/** The address of the board, once the demo has delivered its jobs. */
async function boardOf({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new TypeError('the demo has no standard output');
  for await (const line of createInterface({ input: stdout })) {
    console.log(line);
    const [, board] = /the board at (http:\S+);/.exec(line) ?? [];
    if (board !== undefined) {
      // The demo goes on printing: a pipe that is not read would stop it.
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
    // The counts of the queues come with the first answer; the font may come later.
    await page.waitForLoadState('networkidle');
    await page.evaluate('document.fonts.ready');
    await page.screenshot({ path: PICTURE });
  } finally {
    await browser.close();
  }
}
