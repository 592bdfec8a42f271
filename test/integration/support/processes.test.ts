import { expect, test } from 'vitest';
import { startProcess, type TestProcess } from '../../support/processes.ts';
import { waitFor } from '../../support/wait-for.ts';

// The first test leaves a process running. The second test looks for it.
let leftRunning: TestProcess | undefined;

test('a process starts with the given variables, and without those of vitest', async () => {
  leftRunning = node(`console.log(process.env.VITEST + ' ' + process.env.NODE_ENV + ' ' + process.env.GIVEN);
    setInterval(() => {}, 1000);`);

  expect(await leftRunning.line(/./)).toBe('undefined undefined here');
});

test('a test kills its running processes at its end', async () => {
  expect(await leftRunning?.exit).toEqual({ code: null, signal: 'SIGKILL' });
});

test('a line is found on either stream, before or after the call', async () => {
  const process = node(`console.log('early'); setTimeout(() => console.error('late'), 100);`);
  await waitFor(() => process.stdout.includes('early'), { what: 'the early line' });

  expect(await process.line(/^early$/)).toBe('early');
  expect(await process.line(/^late$/)).toBe('late');
  expect(await process.exit).toEqual({ code: 0, signal: null });
  expect(process.stderr).toEqual(['late']);
});

test('a process that ends without the line causes an error with its output', async () => {
  const process = node(`console.error('no such setting'); process.exit(3);`);

  await expect(process.line(/ready/)).rejects.toThrow(
    /ended without a line like \/ready\/.*no such setting/s,
  );
  expect(await process.exit).toEqual({ code: 3, signal: null });
});

test('a line that does not come in time causes an error', async () => {
  const process = node('setInterval(() => {}, 1000)');

  await expect(process.line(/ready/, 50)).rejects.toThrow(/ran for 50 ms without a line like \/ready\//);
});

test('a signal reaches the children of the process too', async () => {
  const process = startProcess('sh', ['-c', 'sleep 600 & echo started; wait']);
  await process.line(/started/);

  process.kill('SIGKILL');

  // The promise resolves after all holders of the streams have ended, so not while the sleeper
  // lives.
  expect(await process.exit).toEqual({ code: null, signal: 'SIGKILL' });
});

test('a missing command causes an error at once', () => {
  expect(() => startProcess('no-such-command')).toThrow('Cannot start no-such-command');
});

function node(program: string): TestProcess {
  return startProcess(process.execPath, ['--eval', program], { env: { GIVEN: 'here' } });
}
