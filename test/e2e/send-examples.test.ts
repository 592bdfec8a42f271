import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { startWorker } from '../support/gwm.ts';
import { startProcess } from '../support/processes.ts';
import { startServe } from '../support/serve.ts';
import { openSystem, type System } from '../support/system.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));

let system: System;
let variables: Record<string, string>;

/** The examples use the key that `gwm serve` prints. */
beforeAll(async () => {
  system = await openSystem();
  await startWorker(system);
  const { url, secret } = await startServe(system);
  variables = { GWM_URL: url, GWM_KEY: secret };
});

async function run(command: string, example: string, env: Record<string, string> = {}) {
  const program = startProcess(command, [`${EXAMPLES}${example}`], { env: { ...variables, ...env } });
  const { code } = await program.exit;
  return { code, stdout: program.stdout.join('\n'), stderr: program.stderr.join('\n') };
}

test('the example with curl sends a message and follows it', async () => {
  const { code, stdout } = await run('sh', 'send.sh');

  expect(code).toBe(0);
  const [, id] = /^\{"id":"(\w+)"/.exec(stdout) ?? [];
  expect(stdout).toContain('event: ended');
  expect(await system.ended(id)).toMatchObject({ state: 'completed' });
});

test('the example with curl sends nothing twice', async () => {
  const ids = [
    await run('sh', 'send.sh', { ORDER: 'o-1' }),
    await run('sh', 'send.sh', { ORDER: 'o-1' }),
  ].map(({ stdout }) => /^\{"id":"(\w+)"/.exec(stdout)?.[1]);

  expect(ids).toEqual([expect.stringMatching(/\w/), ids[0]]);
});

test('the example in TypeScript sends a message, follows it, and sends a batch', async () => {
  const { code, stdout, stderr } = await run(process.execPath, 'send.ts');

  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('ended completed\n1 accepted\n2 accepted\n3 accepted\nJOB_INVALID [');
  expect(stdout).toContain("pointer: '#/body/content'");
});

test('the example in Python sends a message and waits for its end', async () => {
  const { code, stdout, stderr } = await run('python3', 'send.py');

  expect([code, stderr]).toEqual([0, '']);
  const [, id] = /^accepted (\w+)\n/.exec(stdout) ?? [];
  expect(stdout).toMatch(/\ncompleted/);
  expect(await system.ended(id)).toMatchObject({ state: 'completed' });
});

test.for([
  ['sh', 'send.sh', 22],
  ['python3', 'send.py', 1],
] as const)('%s %s fails with a wrong key, and says so', async ([command, example, exitCode]) => {
  const { code, stdout, stderr } = await run(command, example, { GWM_KEY: 'wrong' });

  expect(code).toBe(exitCode);
  expect(stdout + stderr).toMatch(/KEY_UNKNOWN|There is no such API key|401/);
});

test('the example in Python waits as Retry-After says: seconds, a date, or neither', async () => {
  const program = `
import email.utils, time, send
later = email.utils.formatdate(time.time() + 30, usegmt=True)
print([send.wait_in(header, 4) for header in ["7", "0", "-5", "nan", "soon", "", None, "99999"]])
print(25 < send.wait_in(later, 4) <= 30, send.wait_in("Sun, 06 Nov 1994 08:49:37 GMT", 4))
`;
  const python = startProcess('python3', ['-c', program], {
    env: { ...variables, PYTHONPATH: EXAMPLES, PYTHONDONTWRITEBYTECODE: '1' },
  });
  await python.exit;

  expect(python.stdout).toEqual(['[7.0, 0.0, 4, 4, 4, 4, 4, 60]', 'True 4']);
});
