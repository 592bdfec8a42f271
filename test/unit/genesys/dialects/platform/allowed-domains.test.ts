import { expect, test } from 'vitest';
import { allowsOrigin } from '../../../../../src/genesys/dialects/platform/allowed-domains.ts';

const SHOP = 'https://www.Shop.example:8443';

test.each([
  [{ allowAllDomains: true }, true],
  [{ allowAllDomains: false, allowedDomains: ['www.shop.example'] }, true],
  [{ allowAllDomains: false, allowedDomains: ['other.example', 'SHOP.example'] }, true],
  [{ allowedDomains: ['op.example'] }, false],
  [{ allowedDomains: ['a.www.shop.example'] }, false],
  [{ allowAllDomains: false, allowedDomains: [] }, false],
  [{}, false],
  [{ allowedDomains: [7, ''] }, false],
])('a deployment with %j allows an origin: %s', (fields, allows) => {
  expect(allowsOrigin({ fields }, SHOP)).toBe(allows);
});
