import type { GenesysClient } from '../../src/genesys/client.ts';
import { sendAgentless } from '../../src/genesys/dialects/platform/agentless.ts';
import { requestContext } from '../request-context.ts';
import { settingsOf } from './route.ts';
import { type Sender, sent } from './sender.ts';

/** Sends messages of the organization without an agent (docs/platform.md#agentless). */
export function agentlessSender(genesys: GenesysClient): Sender {
  return async function sendWithoutAgent(job, { guestId = '', text }) {
    const input = { ...settingsOf(job.tenant, 'agentless'), toAddress: guestId, text };
    return sent(await genesys.call(job.tenant, sendAgentless, input, requestContext(job)));
  };
}
