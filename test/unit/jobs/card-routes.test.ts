import { describe, expect, test } from 'vitest';
import { cardDelivery } from '../../../src/jobs/card-delivery.ts';
import { parseJob } from '../../../src/jobs/define.ts';
import type { TenantRoutes } from '../../../src/jobs/routes.ts';
import { cardOf } from './cards.ts';
import { defaultPolicy } from './messages.ts';
import { GUEST, platformOf } from './tenants.ts';

const CAPABILITY = 'CAPABILITY_UNAVAILABLE';
const AGENTLESS = platformOf({ route: 'agentless', agentless: { toAddressMessengerType: 'sms' } });

function issuesFor(tenant: TenantRoutes, fields: Record<string, unknown>) {
  const parsed = parseJob(cardDelivery, cardOf(fields), defaultPolicy, tenant);
  return parsed.ok ? [] : parsed.issues;
}

describe('in the dialect platform', () => {
  test('a card goes to the guest as its text', () => {
    expect(issuesFor(AGENTLESS, { guestId: '+15550001' })).toEqual([]);
    expect(issuesFor(platformOf(), { route: 'conversation', communicationId: 'com-1' })).toEqual([]);
  });

  test('a card that may not be only a text is refused', () => {
    const template = { id: 'order', fallbackBehavior: 'hide' };
    expect(issuesFor(AGENTLESS, { guestId: '+15550001', template })).toEqual([
      {
        path: 'template.fallbackBehavior',
        message: expect.stringContaining('textOnly'),
        code: CAPABILITY,
      },
    ]);
  });

  test.for(['open', 'webmessaging'] as const)('a card is refused on the route %s', (route) => {
    expect(issuesFor(platformOf({ route }), {})).toEqual([
      { path: 'route', message: expect.stringContaining('agentless or conversation'), code: CAPABILITY },
    ]);
  });

  test('a card names its guest or its communication', () => {
    expect(issuesFor(AGENTLESS, {})).toMatchObject([{ path: 'guestId' }]);
    expect(issuesFor(platformOf({ route: 'conversation' }), {})).toMatchObject([{ path: 'communicationId' }]);
    expect(issuesFor(platformOf(), { guestId: 'g' })).toMatchObject([{ path: 'route', code: CAPABILITY }]);
  });

  test('a card is refused whose text is too long, or blank', () => {
    const guestId = '+15550001';
    expect(issuesFor(AGENTLESS, { guestId, fields: { title: 'a', description: 'b'.repeat(764) } })).toEqual([
      {
        path: 'fields',
        message: 'expected at most 765 characters of text on the route agentless, got 766',
        code: CAPABILITY,
      },
    ]);
    expect(issuesFor(AGENTLESS, { guestId, fields: {} })).toMatchObject([
      { path: 'fields', code: CAPABILITY },
    ]);
  });
});

test.for([
  ['route', 'agentless'],
  ['communicationId', 'com-1'],
  ['guestId', 'guest-1'],
])('the dialect guest refuses a card with the field %s', ([name, value]) => {
  expect(issuesFor(GUEST, { [name as string]: value })).toMatchObject([{ path: name, code: CAPABILITY }]);
});
