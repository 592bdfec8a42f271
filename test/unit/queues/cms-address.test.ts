import { describe, expect, test } from 'vitest';
import { prepare } from '../../../src/queues/prepare.ts';
import { embed } from '../../support/guides/embed.ts';
import { load, tenantOf } from '../tenants/tenants-file.ts';

/** The errors of an embed job with this CMS address, for a tenant with these settings. */
function issuesOf(url: unknown, settings: object = {}, fields: object = {}) {
  const tenants = load({ tenants: [tenantOf({ ...settings })] });
  const input = embed({ cms: { url }, ...fields });
  return prepare({ kind: 'embed-generation', index: 0, input, tenants }).issues;
}

describe('the address of a CMS', () => {
  test('is https', () => {
    expect(issuesOf('https://cms.example/embeds')).toBeUndefined();
    expect(issuesOf('HTTPS://cms.example/embeds')).toBeUndefined();
  });

  test('may be http where the tenant allows it', () => {
    expect(issuesOf('http://cms.example/embeds', { receivers: { allowHttp: true } })).toBeUndefined();
  });

  test.for([
    [
      'of plain http',
      'http://cms.example/',
      'expected https://, got http://, which the tenant does not allow',
    ],
    [
      'of plain HTTP',
      'HTTP://cms.example/',
      'expected https://, got http://, which the tenant does not allow',
    ],
    [
      'that is an inner one',
      'https://[::ffff:10.0.0.1]/',
      'expected a public address, got one of a private, local or reserved network',
    ],
    [
      'with a password',
      'https://user:password@cms.example/',
      'expected an http:// or https:// address without user name and password',
    ],
    [
      'of another scheme',
      'ftp://cms.example/',
      'expected an http:// or https:// address without user name and password',
    ],
  ] as const)('is refused by the producer: %s', ([, url, message]) => {
    expect(issuesOf(url)).toEqual([{ path: 'cms.url', message }]);
  });

  test('is reported together with the other errors of the job', () => {
    const issues = issuesOf('http://cms.example/', {}, { locales: { en: 'e' } });
    expect(issues?.map(({ path }) => path)).toEqual(['locales.en', 'cms.url']);
  });

  test('is not checked by a producer without the tenants', () => {
    const input = embed({ cms: { url: 'http://cms.example/' } });
    expect(prepare({ kind: 'embed-generation', index: 0, input }).issues).toBeUndefined();
  });
});
