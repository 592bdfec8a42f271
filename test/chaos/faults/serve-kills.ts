import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../support/listen.ts';
import { makeKey, startReplica } from '../../support/serve.ts';
import type { Fault } from '../fault.ts';
import type { Door } from '../load.ts';

const BATCH = 1000;
const NO_QUOTA = { API_RATE: '100000', API_BURST: '1000000' };

export const SERVE_KILLS: Fault = {
  name: 'serve-kills',
  group: 16,
  what: 'SIGKILL ends `gwm serve` in the middle of batches. The caller repeats each batch with the same idempotency keys.',
  full: { rounds: 8, replicas: 3, perSecond: 100 },
  async prepare({ system, scale, random, load, enterThrough }) {
    const HTTP_PORT = String(await freePort());
    const start = () => startReplica(system, { ...NO_QUOTA, HTTP_PORT });
    const { secret } = await makeKey(system);
    let serve = await start();
    enterThrough(throughBatches(serve.url, secret));
    return async () => {
      for (let kill = 0; kill < scale.rounds; kill++) {
        const sending = load.burst(BATCH);
        await sleep(random.below(150));
        serve.process.kill('SIGKILL');
        await serve.process.exit;
        serve = await start();
        await sending;
      }
      return scale.rounds;
    };
  },
};

interface Line {
  readonly status?: string;
  readonly id?: string;
  readonly summary?: object;
}

/** Hands jobs to `POST /v1/batch`. Throws unless the server has answered the whole batch. */
function throughBatches(url: string, secret: string): Door {
  return async (entries, accepted) => {
    const lines = entries.map(({ kind, data }) => `${JSON.stringify({ kind, ...data })}\n`);
    const response = await fetch(`${url}/v1/batch`, {
      method: 'POST',
      headers: { 'x-api-key': secret, 'content-type': 'application/x-ndjson' },
      body: lines.join(''),
    });
    const answers = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    for (const { status, id } of answers) {
      if (id !== undefined && (status === 'accepted' || status === 'replayed')) accepted(id);
    }
    if (!answers.at(-1)?.summary || answers.length !== entries.length + 1) throw new Error('a broken answer');
  };
}
