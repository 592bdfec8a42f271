import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../../support/gwm-command.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Fault } from '../fault.ts';
import type { Stage } from '../stage.ts';
import type { Mood } from '../verifying-receiver.ts';

const EACH_MS = 8000;
const SLOW_MS = 2000;

function receivers(name: string, what: string, mood: Mood): Fault {
  return {
    name,
    group: 15,
    what,
    full: { rounds: 2, replicas: 3, perSecond: 60 },
    async prepare({ receiver, scale }) {
      return async () => {
        for (let round = 0; round < scale.rounds; round++) {
          receiver.behave(mood);
          await sleep(EACH_MS);
          receiver.behave('take');
          await sleep(EACH_MS);
        }
        return scale.rounds;
      };
    },
  };
}

export const RECEIVERS_DOWN = receivers(
  'receivers-down',
  'The receivers of callbacks break every connection.',
  'reset',
);

export const RECEIVERS_SLOW = receivers(
  'receivers-slow',
  'The receivers of callbacks answer after two seconds.',
  { slowMs: SLOW_MS },
);

export const RECEIVERS_GONE: Fault = {
  name: 'receivers-gone',
  group: 15,
  what: 'The receivers of callbacks are away until their callbacks are dead letters. `gwm webhooks replay` sends them again.',
  full: { rounds: 1, replicas: 3, perSecond: 60 },
  settings: { WEBHOOK_SCHEDULE: '500ms,500ms' },
  async prepare(stage) {
    const { receiver, system } = stage;
    const callbacks = system.queues.of('webhook-delivery', 'acme');
    return async () => {
      const since = new Date(Date.now() - LOOK_BACK_MS).toISOString();
      receiver.behave('reset');
      await sleep(EACH_MS);
      await waitFor(async () => (await callbacks.getFailedCount()) > 0, { what: 'callbacks that failed' });
      receiver.behave('take');
      // The last attempt of some callbacks was under way, and fails after the first replay.
      for (let tries = 0; tries < MOST_REPLAYS; tries++) {
        await replay(stage, since);
        await sleep(REPLAY_EVERY_MS);
        if ((await callbacks.getFailedCount()) === 0) break;
      }
      return 1;
    };
  },
};

const LOOK_BACK_MS = 60_000;
const REPLAY_EVERY_MS = 2000;
const MOST_REPLAYS = 15;

async function replay({ system, complaints }: Stage, since: string): Promise<void> {
  const env = system.environment;
  const { stdout } = await runCommand(['webhooks', 'list', '--json'], { env });
  for (const line of stdout.trim().split('\n')) {
    const { endpointId } = JSON.parse(line) as { endpointId: string };
    const args = ['webhooks', 'replay', '--endpoint', endpointId, '--since', since];
    const { code, stderr } = await runCommand(args, { env });
    if (code !== 0) complaints.push(`gwm webhooks replay failed: ${stderr}`);
  }
}
