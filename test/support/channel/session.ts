import { randomUUID } from 'node:crypto';
import { openTestSandbox } from '../test-sandbox.ts';
import { connectGuest } from './guest.ts';

/** A sandbox with these settings of the guest channel, and a guest with a session of its own. */
export async function openSession(settings: object = {}) {
  const sandbox = await openTestSandbox();
  await sandbox.platform('PUT', '/webmessaging/settings', settings);
  const token = randomUUID();
  const guest = await connectGuest(sandbox);
  await guest.configure(token);
  return { sandbox, token, guest };
}
