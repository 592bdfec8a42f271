import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultPlan } from '../../../src/sandbox/faults/faults.ts';
import type { Fault } from '../fault.ts';
import { openGateway } from '../odd-gateway.ts';

type Operations = NonNullable<FaultPlan['operations']>;

const EACH_MS = 8000;

const LOGIN_OUTAGES: readonly Operations[] = [
  { 'oauth.token': { dropRate: 1 } },
  { 'oauth.token': { errors: [{ status: 503, rate: 1 }] } },
  { 'oauth.token': { hang: 1 } },
];

export const LOGIN_AWAY: Fault = {
  name: 'login-away',
  group: 10,
  what: 'All tokens become invalid, and the login host breaks connections, answers 503, and does not answer.',
  full: { rounds: LOGIN_OUTAGES.length, replicas: 3, perSecond: 100 },
  async prepare({ system, inject, tenants, scale }) {
    return async () => {
      for (let round = 0; round < scale.rounds; round++) {
        await inject(LOGIN_OUTAGES[round % LOGIN_OUTAGES.length]);
        for (const { id } of tenants) await system.sandbox.revokeTokens(id);
        await sleep(EACH_MS);
        await inject({});
        await sleep(2000);
      }
      return scale.rounds;
    };
  },
};

/** A round is a minute. */
const MINUTE_MS = 60_000;
const WAITING = 50_000;
/**
 * So the rate limit bounds what follows, and not the machine: two cores carry workers, sandbox and receiver. A burst
 * would be seen.
 */
const AFTERWARDS_PER_SECOND = 40;

export const GENESYS_AWAY: Fault = {
  name: 'genesys-away',
  group: 11,
  what: 'Genesys Cloud is away for five minutes while 50,000 jobs wait: half of the time no connection, half of the time 503. No burst follows: no request gets a 429.',
  full: { rounds: 5, replicas: 3, perSecond: 20 },
  ratePerSecond: AFTERWARDS_PER_SECOND,
  rules: { no429: true },
  async prepare({ system, tenants, scale, load }) {
    const gateway = await openGateway(system.sandbox.url);
    await system.writeTenants(tenants.map((tenant) => ({ ...tenant, api: gateway.url })));
    return async () => {
      await gateway.leave();
      await load.burst(scale.rounds === 5 ? WAITING : 1000);
      await sleep((scale.rounds * MINUTE_MS) / 2);
      gateway.behave(() => 'refuse');
      await gateway.comeBack();
      await sleep((scale.rounds * MINUTE_MS) / 2);
      gateway.behave(() => 'pass');
      return 1;
    };
  },
};

export const CREDENTIALS_REVOKED: Fault = {
  name: 'credentials-revoked',
  group: 12,
  what: 'An administrator revokes all tokens and the credentials, and gives them back later.',
  full: { rounds: 2, replicas: 3, perSecond: 100 },
  async prepare({ system, inject, tenants, scale }) {
    return async () => {
      for (let round = 0; round < scale.rounds; round++) {
        await inject({ 'oauth.token': { errors: [{ status: 401, rate: 1 }] } });
        for (const { id } of tenants) await system.sandbox.revokeTokens(id);
        await sleep(EACH_MS);
        await inject({});
        await sleep(EACH_MS);
      }
      return scale.rounds;
    };
  },
};

export const SCOPES_TAKEN: Fault = {
  name: 'scopes-taken',
  group: 12,
  what: 'An administrator takes the scopes of the OAuth clients away, and gives them back later. The probes of the meantime are dead letters that name the scope.',
  full: { rounds: 1, replicas: 3, perSecond: 100 },
  rules: { deadLetters: ['SCOPE_MISSING'] },
  async prepare({ inject, scale }) {
    const forbidden = { errors: [{ status: 403, rate: 1 }] };
    return async () => {
      for (let round = 0; round < scale.rounds; round++) {
        await inject({ 'message.send': forbidden, 'card.send': forbidden });
        await sleep(EACH_MS);
        await inject({});
      }
      return scale.rounds;
    };
  },
};
