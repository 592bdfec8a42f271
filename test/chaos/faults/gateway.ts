import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import { type Manner, openGateway } from '../odd-gateway.ts';

/** Each of them takes part of the requests; the others pass. */
const MANNERS: readonly Manner[] = [
  'swallow',
  'reset before',
  'reset after',
  'trickle',
  'stall',
  'gzip',
  'br',
  'interim',
];
const ODD_SHARE = 0.2;
const ROUND_MS = 3000;

export const GATEWAY: Fault = {
  name: 'gateway',
  group: 9,
  what: 'A proxy before Genesys Cloud swallows answers, resets connections before and after a request, sends answers byte by byte, stalls in the middle of one, compresses, and sends interim answers.',
  full: { rounds: 10, replicas: 3, perSecond: 100 },
  settings: { REQUEST_TIMEOUT: '2s', LOCK_DURATION: '10s' },
  async prepare({ system, tenants, scale, random }) {
    const gateway = await openGateway(system.sandbox.url);
    await system.writeTenants(tenants.map((tenant) => ({ ...tenant, api: gateway.url })));
    return async () => {
      gateway.behave(() => (random.chance(ODD_SHARE) ? random.pick(MANNERS) : 'pass'));
      await sleep(scale.rounds * ROUND_MS);
      gateway.behave(() => 'pass');
      return gateway.odd();
    };
  },
};
