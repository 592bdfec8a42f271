/**
 * The first run of the built program. Its processes call most functions that those of the tests
 * call. At their end they keep them compiled (built-code.ts).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MESSAGE = {
  tenantId: 'acme',
  guestId: 'guest-1',
  conversationId: 'conv-1',
  body: { contentType: 'text/plain', content: 'Hello' },
};

/**
 * Starts the demo, which has servers, workers and jobs of all kinds. No test waits for it: a process
 * works without the compiled functions, only slower. Other tests say whether the demo works.
 * @returns what ends it.
 */
export async function rehearse(program: string): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'gwm-rehearsal-'));
  const file = join(folder, 'messages.ndjson');
  await writeFile(file, `${JSON.stringify(MESSAGE)}\n`);
  const demo = spawn(process.execPath, [program, 'demo', '--messages', file], {
    env: { ...process.env, ENV_FILE: '', TMPDIR: folder },
    stdio: 'ignore',
  });
  const ended = once(demo, 'exit');
  return async () => {
    demo.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
}
