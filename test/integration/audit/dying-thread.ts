/**
 * A store thread that dies at its first call, once per marker file. Afterwards it is the real
 * thread.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

const { url } = workerData as { url: string };
const marker = `${url.slice('sqlite:'.length)}.died`;
if (existsSync(marker)) {
  await import('../../../src/audit/store-thread.ts');
} else {
  parentPort?.on('message', () => {
    writeFileSync(marker, '');
    throw new TypeError('this.fin is not a function');
  });
}
