import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { watchLeftovers } from '../support/leftovers.ts';
import { startProcess } from '../support/processes.ts';
import { openSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const START = fileURLToPath(new URL('../../src/cli/start.ts', import.meta.url));

describe('npm run', () => {
  test.each([
    { script: 'worker', started: /"worker started"/, said: /worker stopped/ },
    { script: 'dev', started: /"worker started"/, said: /worker stopped/ },
    { script: 'serve', started: /listening on/, said: undefined },
    { script: 'sandbox', started: /sandbox on/, said: undefined },
  ])('$script exits cleanly if only npm gets the signal, and leaves nothing behind', async (row) => {
    const { environment } = await openSystem();
    const leftovers = await watchLeftovers();
    const port = row.script === 'sandbox' ? ['--', '--port', '0'] : [];
    const env = { ...environment, ...leftovers.env, HTTP_PORT: '0' };
    const npm = startProcess('npm', ['run', row.script, ...port], { cwd: ROOT, env });
    await npm.line(row.started);

    process.kill(npm.pid, 'SIGTERM');

    await npm.exit;
    if (row.said) expect(npm.stdout.join('\n')).toMatch(row.said);
    await waitFor(async () => (await leftovers.processes()).length === 0, {
      what: 'the end of all processes',
    });
  });
});

/** Sends SIGTERM to its own process within the write of the line that says that it has started. */
const SIGNAL_AT_START = `
  import fs from 'node:fs';
  const isStart = (text) => /worker started|listening on|sandbox on/.test(String(text));
  const signalAfter = (write) => function (...args) {
    const written = write.apply(this, args);
    if (args.some(isStart)) process.kill(process.pid, 'SIGTERM');
    return written;
  };
  fs.write = signalAfter(fs.write);
  process.stdout.write = signalAfter(process.stdout.write);
`;

test.each([
  { command: 'worker', args: [] },
  { command: 'serve', args: [] },
  { command: 'sandbox', args: ['--port', '0'] },
])('gwm $command ends in order if the signal comes with its first line', async ({ command, args }) => {
  const { environment } = await openSystem();
  const preload = `--import=data:text/javascript,${encodeURIComponent(SIGNAL_AT_START)}`;
  const env = { ...environment, HTTP_PORT: '0' };
  const gwm = startProcess(process.execPath, [preload, START, command, ...args], { env });

  await gwm.line(/worker started|listening on|sandbox on/);

  expect(await gwm.exit).toEqual({ code: 0, signal: null });
});

describe('the check of the Node version', () => {
  test('prints one sentence with the required version', async () => {
    const older = 'Object.defineProperty(process.versions, "node", { value: "20.11.0" })';
    const gwm = startProcess(process.execPath, [`--import=data:text/javascript,${older}`, START, 'status']);

    expect(await gwm.exit).toEqual({ code: 78, signal: null });
    expect(gwm.stderr).toEqual([
      'gwm needs Node 24 or newer, and this is 20.11.0. See https://nodejs.org/en/download',
    ]);
  });

  test('accepts a newer version', async () => {
    const gwm = startProcess(process.execPath, [START, '--version']);

    expect(await gwm.exit).toEqual({ code: 0, signal: null });
    expect(gwm.stdout).toHaveLength(1);
  });
});
