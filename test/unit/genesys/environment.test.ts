import { describe, expect, test } from 'vitest';
import type { Widget } from '../../../src/genesys/dialects/guest/shapes.ts';
import { environmentOf } from '../../../src/genesys/environment.ts';
import { tenantsFileSchema } from '../../../src/tenants/tenant.ts';

const widget: Widget = { id: 'w-1', environment: null, features: [] };

function tenantOf(place: object) {
  const entry = { id: 'acme', dialect: 'guest', clientId: 'c', clientSecret: { env: 'S' }, ...place };
  const [tenant] = tenantsFileSchema.parse({ tenants: [entry] }).tenants;
  if (!tenant) throw new Error('no tenant');
  return tenant;
}

describe('the environment of a widget', () => {
  test('is the value that the widget names', () => {
    const tenant = tenantOf({ region: 'mypurecloud.de' });
    expect(environmentOf({ ...widget, environment: 'eu-west-2' }, tenant)).toBe('eu-west-2');
  });

  test.for([
    ['mypurecloud.com', 'us-east-1'],
    ['mypurecloud.de', 'eu-central-1'],
    ['mypurecloud.com.au', 'ap-southeast-2'],
    ['usw2.pure.cloud', 'us-west-2'],
    ['cac1.pure.cloud', 'ca-central-1'],
  ] as const)('is otherwise the region of its tenant: %s', ([region, environment]) => {
    expect(environmentOf(widget, tenantOf({ region }))).toBe(environment);
  });

  test('is us-east-1 if neither the widget nor the host names one', () => {
    const hosts = { login: 'https://proxy.example', api: 'https://proxy.example' };
    expect(environmentOf(widget, tenantOf({ hosts }))).toBe('us-east-1');
  });
});
