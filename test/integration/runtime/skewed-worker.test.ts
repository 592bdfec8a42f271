import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { logOf, startWorker } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { openReceiver } from '../../support/receiver.ts';
import { message, openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const SKEWED = new URL('../../support/skewed-clock.ts', import.meta.url);
const MINUTE_MS = 60_000;
/** Standard Webhooks: receivers refuse a time stamp that differs by more than this. */
const TOLERANCE_MS = 5 * MINUTE_MS;

test.for([
  ['ahead of', 12 * MINUTE_MS],
  ['behind', -12 * MINUTE_MS],
] as const)(
  'a worker whose clock is %s Redis signs with the right time, and logs the wrong clock',
  async ([direction, skewMs]) => {
    const receiver = await openReceiver();
    const system = await openSystem({ tenants: [{ id: 'acme', callback: { url: receiver.url } }] });
    const worker = await startWorker(system, {
      NODE_OPTIONS: `--import ${fileURLToPath(SKEWED)}`,
      CLOCK_SKEW_MS: String(skewMs),
    });

    await system.openProducer().enqueue('message-transmission', message());

    await waitFor(() => receiver.received.length === 1, { what: 'the callback' });
    const signedAtMs = Number(receiver.received[0]?.headers['webhook-timestamp']) * 1000;
    expect(Math.abs(signedAtMs - Date.now())).toBeLessThan(TOLERANCE_MS);
    const isOff = (line: { readonly msg: string }) => line.msg.startsWith('the clock of this machine is off');
    await waitFor(() => logOf(worker).some(isOff), { what: 'the line in the log' });
    const status = () => runCommand(['status'], { env: system.environment });
    await waitFor(async () => /the clock of the machine of/.test((await status()).stderr), {
      what: 'the warning',
    });
    expect((await status()).stderr).toMatch(new RegExp(`is 7\\d\\d\\.\\d s ${direction} Redis`));
    expect(logOf(worker).filter(isOff)).toHaveLength(1);
  },
);
