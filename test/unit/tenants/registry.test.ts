import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CodedError } from '../../../src/core/errors.ts';
import { loadTenants } from '../../../src/tenants/registry.ts';
import { readSecret } from '../../../src/tenants/secret.ts';
import { complaintOf, createFolder, issuesOf, load, tenantOf } from './tenants-file.ts';

describe('the file', () => {
  test('causes an error with the remedy if it is missing', () => {
    const file = createFolder().pathOf('tenants.json');
    const said = complaintOf(() => loadTenants({ file, environment: {}, requireSecrets: false }));
    expect(said).toContain(`The tenants file ${file} cannot be read`);
    expect(said).toContain('Copy tenants.example.json, or set TENANTS_FILE');
  });

  test('causes an error if it is a folder', () => {
    const file = createFolder().pathOf('.');
    const said = complaintOf(() => loadTenants({ file, environment: {}, requireSecrets: false }));
    expect(said).toContain(`The tenants file ${file} cannot be read`);
  });
});

describe('a tenant', () => {
  const tenants = () =>
    load({ tenants: [tenantOf({ blockedPatterns: ['coupon'] }), tenantOf({ id: 'globex' })] });

  test('is found by its id only', () => {
    expect(tenants().ids()).toEqual(['acme', 'globex']);
    expect(tenants().get('globex').id).toBe('globex');
    for (const stranger of ['initech', 'Acme', '', '__proto__', 'constructor']) {
      expect(tenants().has(stranger)).toBe(false);
      expect(() => tenants().get(stranger)).toThrow(CodedError);
    }
  });

  test('causes the error TENANT_UNKNOWN for an unknown id', () => {
    expect(() => tenants().get('initech')).toThrow(
      expect.objectContaining({ code: 'TENANT_UNKNOWN', message: expect.not.stringContaining('initech') }),
    );
  });

  test('has its own patterns beside the default ones, and an unknown one has the default ones', () => {
    const blocks = (tenantId: string, text: string) =>
      tenants().policyOf(tenantId).violation('text/plain', text) !== undefined;
    for (const tenantId of ['acme', 'globex', 'initech']) expect(blocks(tenantId, 'malware.exe')).toBe(true);
    expect(blocks('acme', 'a COUPON for you')).toBe(true);
    expect(blocks('globex', 'a coupon for you')).toBe(false);
    expect(blocks('initech', 'a coupon for you')).toBe(false);
  });
});

describe('a secret', () => {
  test('is read from the environment, or from a file without its last line break', () => {
    const folder = createFolder();
    const file = folder.write('secret', 'from the file\n');
    const tenants = load({ tenants: [] }, { environment: { ACME: 'from the environment' } });
    expect(tenants.secret({ env: 'ACME' })).toBe('from the environment');
    expect(tenants.secret({ file })).toBe('from the file');
  });

  test('in a file is read at each use, so that the worker uses a rotated one', () => {
    const folder = createFolder();
    const file = folder.write('secret', 'old');
    const tenants = load({ tenants: [] });
    expect(tenants.secret({ file })).toBe('old');
    folder.write('secret', 'new');
    expect(tenants.secret({ file })).toBe('new');
  });

  test('causes an error with its reference if it is missing or empty', () => {
    const folder = createFolder();
    const blank = folder.write('blank', ' \n');
    const tenants = load({ tenants: [] }, { environment: { EMPTY: '' } });
    const unreadable = (message: string) => expect.objectContaining({ code: 'SECRET_UNREADABLE', message });
    for (const env of ['EMPTY', 'MISSING']) {
      expect(() => tenants.secret({ env })).toThrow(
        unreadable(`the environment variable ${env} is missing or empty`),
      );
    }
    for (const file of [blank, folder.pathOf('missing')]) {
      expect(() => tenants.secret({ file })).toThrow(unreadable(`the file ${file} is missing or empty`));
    }
    const file = folder.pathOf('.');
    expect(() => tenants.secret({ file })).toThrow(
      unreadable(`the file ${file} is a folder; wanted a file with the secret`),
    );
  });

  test.for(['toString', 'constructor', '__proto__'])(
    'is never an inherited field of an object: %s',
    (env) => {
      const tenants = load({ tenants: [] });
      expect(() => tenants.secret({ env })).toThrow(CodedError);
    },
  );

  test('is required from a worker, for all tenants together, and not from a producer', () => {
    const content = {
      tenants: [
        tenantOf(),
        tenantOf({
          id: 'globex',
          clientSecret: { file: '/nowhere/globex' },
          callback: { secret: { env: 'GLOBEX_WEBHOOK' } },
        }),
        tenantOf({ id: 'initech', clientSecret: { env: 'THERE' } }),
      ],
    };
    const environment = { THERE: 'secret' };
    expect(issuesOf(content, { environment, requireSecrets: false })).toEqual([]);
    expect(issuesOf(content, { environment, requireSecrets: true })).toEqual([
      'tenants[0].clientSecret: the environment variable ACME_CLIENT_SECRET is missing or empty',
      'tenants[1].clientSecret: the file /nowhere/globex is missing or empty',
      'tenants[1].callback.secret: the environment variable GLOBEX_WEBHOOK is missing or empty',
    ]);
  });
});

const LIMIT_1 = { capacity: 10, ratePerSecond: 10, sharedAs: 'org' };
const LIMIT_2 = { ...LIMIT_1, capacity: 20 };

describe('a secret for callbacks', () => {
  test.for(['whsec_short', 'whsec_', 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=', 'whsec_!!!!'])(
    'of another form is reported at the start, and not quoted: %s',
    (secret) => {
      const callback = { secret: { env: 'HOOK' }, previousSecret: { env: 'OLD_HOOK' } };
      const environment = {
        ACME_CLIENT_SECRET: 'secret',
        HOOK: secret,
        OLD_HOOK: `whsec_${'A'.repeat(32)}`,
      };
      expect(issuesOf({ tenants: [tenantOf({ callback })] }, { environment, requireSecrets: true })).toEqual([
        'tenants[0].callback.secret: the secret is not "whsec_" and 24 to 64 bytes in base64',
      ]);
    },
  );
});

describe('a reload of the file', () => {
  function open(requireSecrets = false) {
    const folder = createFolder();
    const file = folder.write('tenants.json', { tenants: [tenantOf()] });
    const environment = { ACME_CLIENT_SECRET: 'secret' };
    return { folder, file, tenants: loadTenants({ file, environment, requireSecrets }) };
  }

  test('takes new and changed tenants with their patterns, and removes old ones', () => {
    const { folder, tenants } = open();
    folder.write('tenants.json', { tenants: [tenantOf({ id: 'globex', blockedPatterns: ['coupon'] })] });
    expect(tenants.ids()).toEqual(['acme']);
    tenants.reload();
    expect(tenants.ids()).toEqual(['globex']);
    expect(tenants.has('acme')).toBe(false);
    expect(tenants.policyOf('globex').violation('text/plain', 'coupon')).toContain('coupon');
  });

  test.for([
    ['is not JSON', '{'],
    ['has no list of tenants', { acme: tenantOf() }],
    ['is a list', [tenantOf()]],
  ] as const)('keeps the tenants if the file %s, and reports it', ([, content]) => {
    const { folder, tenants } = open(true);
    const before = tenants.get('acme');
    folder.write('tenants.json', content);
    expect(complaintOf(() => tenants.reload())).toContain('tenants.json ');
    expect(tenants.ids()).toEqual(['acme']);
    expect(tenants.get('acme')).toBe(before);
  });

  test.for([
    ['has an error', { region: 7 }, 'tenants[1].region: expected string'],
    ['lacks a secret', { clientSecret: { env: 'MISSING' } }, 'tenants[1].clientSecret: the environment'],
    ['has an unknown field', { colour: 'red' }, 'tenants[1]: unknown field "colour"'],
    ['shares a bucket with another limit', { limits: { messages: LIMIT_2 } }, 'tenants[1].limits.messages: '],
  ] as const)(
    'takes the other tenants if one %s, reports it, and keeps its old settings',
    ([, fields, issue]) => {
      const { folder, tenants } = open(true);
      const before = tenants.get('acme');
      const other = tenantOf({ id: 'globex', limits: { messages: LIMIT_1 } });
      folder.write('tenants.json', { tenants: [other, tenantOf({ clientId: 'new', ...fields })] });

      const { issues } = tenants.reload();

      expect(issues).toEqual([expect.stringContaining(issue)]);
      expect(tenants.ids().toSorted()).toEqual(['acme', 'globex']);
      expect(tenants.get('acme')).toBe(before);
    },
  );

  test('removes no tenant while an entry has no readable id', () => {
    const { folder, tenants } = open();
    folder.write('tenants.json', { tenants: [tenantOf({ id: 'globex' }), tenantOf({ id: 'ac me' })] });

    expect(tenants.reload().issues).toEqual([expect.stringContaining('tenants[1].id: ')]);
    expect(tenants.ids().toSorted()).toEqual(['acme', 'globex']);

    folder.write('tenants.json', { tenants: [tenantOf({ id: 'globex' })] });
    expect(tenants.reload().issues).toEqual([]);
    expect(tenants.ids()).toEqual(['globex']);
  });

  test('keeps the old settings of a tenant that the file has twice', () => {
    const { folder, tenants } = open();
    folder.write('tenants.json', { tenants: [tenantOf({ clientId: 'a' }), tenantOf({ clientId: 'b' })] });

    expect(tenants.reload().issues).toEqual([
      'tenants[0].id: tenants[1] has the same one',
      'tenants[1].id: tenants[0] has the same one',
    ]);
    expect(tenants.get('acme').clientId).toBe('acme-client');
  });

  test('uses the current variables, and a kept tenant keeps its own', () => {
    const { folder, tenants } = open(true);
    const globex = tenantOf({ id: 'globex', clientSecret: { env: 'GLOBEX' } });
    folder.write('tenants.json', { tenants: [tenantOf({ region: 7 }), globex] });

    tenants.reload({ ACME_CLIENT_SECRET: 'new', GLOBEX: 'added' });
    expect(tenants.secret({ env: 'GLOBEX' })).toBe('added');
    expect(tenants.secret({ env: 'ACME_CLIENT_SECRET' })).toBe('secret');

    folder.write('tenants.json', { tenants: [tenantOf(), globex] });
    tenants.reload({ ACME_CLIENT_SECRET: 'new', GLOBEX: 'added' });
    expect(tenants.secret({ env: 'ACME_CLIENT_SECRET' })).toBe('new');
  });

  test('succeeds again after the file is repaired', () => {
    const { folder, tenants } = open();
    folder.write('tenants.json', '{');
    expect(complaintOf(() => tenants.reload())).not.toBe('');
    folder.write('tenants.json', { tenants: [tenantOf({ clientId: 'another' })] });
    tenants.reload();
    expect(tenants.get('acme').clientId).toBe('another');
  });
});

describe('a file that is not UTF-8', () => {
  test('is no tenants file, and the error names the byte', () => {
    const file = createFolder().pathOf('tenants.json');
    writeFileSync(file, Buffer.from('{"tenants": [], "a": "Gr\xfc\xdfe"}', 'latin1'));

    expect(() => loadTenants({ file, environment: {}, requireSecrets: false })).toThrow(
      `The tenants file ${file} is not UTF-8 from byte 25 on.`,
    );
  });

  test('is no secret, and the error does not show its text', () => {
    const file = createFolder().pathOf('secret');
    writeFileSync(file, Buffer.from('p\xe4ssword', 'latin1'));

    expect(() => readSecret({ file }, {})).toThrow(`the file ${file} is not UTF-8`);
    writeFileSync(file, '\ufeffp\u00e4ssword\n');
    expect(readSecret({ file }, {})).toBe('p\u00e4ssword');
  });
});
