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

/** The end of a demo that hangs. */
const PATIENCE_MS = 60_000;

/**
 * Runs the demo, which has servers, workers and jobs of all kinds. The tests begin after it, because
 * it needs all processors. Other tests say whether it works: without the compiled functions a process
 * is only slower.
 */
export async function rehearse(program: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gwm-rehearsal-'));
  const file = join(folder, 'messages.ndjson');
  await writeFile(file, `${JSON.stringify(MESSAGE)}\n`);
  const demo = spawn(process.execPath, [program, 'demo', '--messages', file], {
    env: { ...process.env, ENV_FILE: '', TMPDIR: folder },
    stdio: 'ignore',
    timeout: PATIENCE_MS,
  });
  await once(demo, 'exit');
  await rm(folder, { recursive: true, force: true });
}
