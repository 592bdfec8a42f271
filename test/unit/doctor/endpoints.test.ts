import { describe, expect, test } from 'vitest';
import { endpointFindings } from '../../../src/doctor/examine-hosts.ts';
import type { Tenant } from '../../../src/tenants/tenant.ts';
import type { EndpointView } from '../../../src/webhooks/records.ts';

const acme = { id: 'acme' } as Tenant;

describe('the findings about endpoints', () => {
  test('are one line while all are well', () => {
    expect(endpointFindings(acme, [view({}), view({})])).toEqual([
      { about: 'tenant acme', check: 'endpoints', state: 'ok', found: '2 were called lately, and are well' },
    ]);
  });

  test.for([
    ['disabled', 'failed', /gwm webhooks enable e1\.$/],
    ['failing', 'warning', /gwm webhooks list/],
    ['paused', 'warning', /gwm webhooks list/],
  ] as const)('name an endpoint that is %s, without its path', ([state, found, todo]) => {
    const findings = endpointFindings(acme, [view({}), view({ state, failures: 7 })]);

    expect(findings).toMatchObject([
      { check: 'endpoint e1', state: found, todo: expect.stringMatching(todo) },
    ]);
    expect(findings[0]?.found).toContain(`https://hooks.example is ${state}`);
    expect(findings[0]?.found).not.toContain('secret-path');
  });
});

function view(fields: Partial<EndpointView>): EndpointView {
  return {
    endpointId: 'e1',
    tenantId: 'acme',
    url: 'https://hooks.example/secret-path',
    state: 'well',
    disabledAt: null,
    disabledFor: null,
    failingSince: null,
    failures: 0,
    pausedUntil: null,
    lastCalledAt: null,
    lastDeliveredAt: null,
    inHand: 0,
    waiting: 0,
    ...fields,
  };
}
