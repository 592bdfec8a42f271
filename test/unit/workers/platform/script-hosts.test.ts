import { expect, test } from 'vitest';
import { isScriptHost } from '../../../../workers/platform/script-hosts.ts';

const gateway = { login: 'https://g.example', api: 'https://g.example' };

test.each<[string, object, readonly string[], readonly string[]]>([
  [
    'of a region',
    { hosts: { ...gateway, apps: 'https://apps.mypurecloud.de' }, allowInsecureHttp: false },
    ['apps.mypurecloud.de'],
    ['apps.mypurecloud.com', 'mypurecloud.de'],
  ],
  [
    'behind a gateway',
    { hosts: gateway, allowInsecureHttp: false },
    ['apps.mypurecloud.de', 'apps.usw2.pure.cloud'],
    ['apps.sandbox.invalid', 'api.mypurecloud.de'],
  ],
  [
    'of a sandbox',
    { hosts: gateway, allowInsecureHttp: true },
    ['apps.sandbox.invalid', 'apps.mypurecloud.de'],
    ['sandbox.invalid', 'evil.example'],
  ],
])('a tenant %s takes the script of its own hosts', (_, tenant, taken, refused) => {
  const isHost = (host: string) => isScriptHost(tenant as never, host);
  expect(taken.filter(isHost)).toEqual(taken);
  expect(refused.filter(isHost)).toEqual([]);
});
