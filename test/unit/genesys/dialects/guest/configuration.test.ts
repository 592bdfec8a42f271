import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guest } from '../../../../../src/genesys/dialects/guest/guest.ts';
import { deepObject, failureOf } from '../../failures.ts';

const { readConfiguration, writeConfiguration } = guest;
const PATH = '/api/v2/webchat/organizations/org-01/configurations';

const answer = {
  organizationId: 'org-01',
  id: 'c-1',
  version: 7,
  lastModified: '2026-03-01T09:30:00Z',
  selfUri: PATH,
  widget: { theme: { colors: { primary: '#0052CC' } } },
  greetings: { enabled: true, messages: ['Hello'] },
};

describe('reading a configuration', () => {
  test('uses the documented path and scope', () => {
    expect(readConfiguration).toMatchObject({ method: 'GET', scope: 'webchat:configuration:read' });
    expect(readConfiguration.path({ organizationId: 'org-01' })).toBe(PATH);
    expect(readConfiguration.body({ organizationId: 'org-01' }, new Date())).toBeUndefined();
    expect(guest.login.scopes).toContain('webchat:configuration:read');
  });

  test('gives its version and all fields that belong to it', () => {
    expect(readConfiguration.read(answer, 200)).toEqual({
      version: 7,
      configuration: {
        widget: { theme: { colors: { primary: '#0052CC' } } },
        greetings: { enabled: true, messages: ['Hello'] },
      },
    });
    expect(readConfiguration.read({ version: 0 }, 200)).toEqual({ version: 0, configuration: {} });
  });

  test.for(['a/b', '../../oauth', 'a?b=c', 'a#b', 'a%2fb', 'ü', '...'])(
    'uses the path of the named organization, with any id: %s',
    (organizationId) => {
      const url = new URL(readConfiguration.path({ organizationId }), 'https://api.example');
      const [id, ...rest] = url.pathname.replace('/api/v2/webchat/organizations/', '').split('/');
      expect(decodeURIComponent(id ?? '')).toBe(organizationId);
      expect([rest, url.search, url.hash]).toEqual([['configurations'], '', '']);
    },
  );

  test.for([
    ['no version', { ...answer, version: undefined }, 'version'],
    ['a version that is no number', { ...answer, version: '7' }, 'version'],
    ['half a version', { ...answer, version: 7.5 }, 'version'],
    ['a version below zero', { ...answer, version: -1 }, 'version'],
    ['a list', [answer], 'configuration'],
    ['null', null, 'configuration'],
    ['a text', 'text', 'configuration'],
    ['levels without end', { ...answer, widget: deepObject() }, 'configuration.widget'],
    [
      'a prototype',
      JSON.parse('{"version":7,"widget":{"__proto__":{"polluted":1}}}'),
      'configuration.widget',
    ],
    ['a megabyte', { ...answer, note: 'x'.repeat(2 ** 20) }, 'configuration'],
  ] as const)('is malformed with %s', ([, body, path]) => {
    const error = failureOf(readConfiguration, body);
    expect(error).toMatchObject({ code: 'CONFIGURATION_MALFORMED', disposition: 'reject', status: 200 });
    expect(error.details.join()).toContain(path);
    expect(error.message.length).toBeLessThan(2000);
    expect('polluted' in {}).toBe(false);
  });

  test('is retried if the answer is incomplete or no JSON', () => {
    expect(failureOf(readConfiguration, undefined)).toMatchObject({
      code: 'GENESYS_UNAVAILABLE',
      disposition: 'retry',
    });
  });

  test('is malformed for an answer of any other shape', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        expect(failureOf(readConfiguration, body).code).toBe('CONFIGURATION_MALFORMED');
      }),
    );
  });
});

describe('writing a configuration', () => {
  const write = { organizationId: 'org-01', version: 7, configuration: { widget: {} } };

  test('uses the documented path, and the version that it is based on', () => {
    expect(writeConfiguration).toMatchObject({ method: 'PUT', scope: 'webchat:configuration:write' });
    expect(writeConfiguration.path(write)).toBe(PATH);
    expect(writeConfiguration.headers?.(write)).toEqual({ 'if-match': '7' });
    expect(writeConfiguration.body(write, new Date())).toEqual({ widget: {} });
    expect(guest.login.scopes).toContain('webchat:configuration:write');
  });

  test('returns the new version', () => {
    expect(writeConfiguration.read({ ...answer, version: 8 }, 200)).toEqual({
      status: 'written',
      version: 8,
    });
  });

  test('returns a conflict with the current version for a 409', () => {
    expect(writeConfiguration.accepts).toEqual([409]);
    expect(writeConfiguration.read({ code: 'conflict', version: 9 }, 409)).toEqual({
      status: 'conflict',
      version: 9,
    });
  });

  test('accepts an answer of any shape', () => {
    fc.assert(
      fc.property(fc.anything(), (body) => {
        expect(writeConfiguration.read(body, 200).status).toBe('written');
        expect(writeConfiguration.read(body, 409).status).toBe('conflict');
      }),
    );
    for (const body of [undefined, null, {}, { version: '8' }, { version: -1 }, { version: 1e300 }]) {
      expect(writeConfiguration.read(body, 200)).toEqual({ status: 'written', version: null });
    }
  });
});
