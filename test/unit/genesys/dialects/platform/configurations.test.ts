import { describe, expect, test } from 'vitest';
import {
  listConfigurations,
  newestOf,
  publishDraft,
  readVersion,
  writeDraft,
} from '../../../../../src/genesys/dialects/platform/configurations.ts';
import { readDeployment } from '../../../../../src/genesys/dialects/platform/deployments.ts';

const versions = (...names: string[]) => names.map((version) => ({ version }));

describe('the newest version of a configuration', () => {
  test('is the one with the largest number, and not the last text', () => {
    expect(newestOf(versions('2', 'DRAFT', '10', '9'))).toBe(10);
    expect(newestOf(versions('DRAFT'))).toBeUndefined();
    expect(newestOf(versions('1e9', '-3', '0x10', '9999999999', ' 7', '3'))).toBe(3);
    expect(newestOf([])).toBeUndefined();
  });
});

describe('an answer of the platform', () => {
  test('loses what only the platform sets, and fields without a value', () => {
    const fields = { name: 'Shop', messenger: { enabled: true, homeScreen: null }, futureField: [1] };
    const version = readVersion.read(
      {
        ...fields,
        id: 'c1',
        version: '3',
        status: 'Active',
        dateModified: 'now',
        selfUri: '/x',
        position: null,
      },
      200,
    );
    expect(version).toEqual({ id: 'c1', version: '3', status: 'Active', dateModified: 'now', fields });
  });

  test('to a write is a success, whatever it looks like', () => {
    for (const answer of [undefined, 'text', {}, { id: 7 }]) {
      expect(writeDraft.read(answer, 200)).toEqual({ dateModified: null });
      expect(publishDraft.read(answer, 200)).toBeNull();
    }
  });

  test('to a read must have its shape', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`);
    for (const answer of [{}, { id: '' }, { id: 'c1', deep }]) {
      expect(() => readVersion.read(answer, 200)).toThrow('unexpected shape');
    }
    expect(() => readDeployment.read({ id: 'd1', name: 'Shop' }, 200)).toThrow('configuration');
  });
});

describe('a page of a list', () => {
  const entity = { id: 'c1', name: 'Shop', version: '1' };
  const cursorIn = (nextUri: unknown) => listConfigurations.read({ entities: [entity], nextUri }, 200).after;

  test('has the cursor of the next page, and no other part of its address', () => {
    expect(cursorIn('/api/v2/webdeployments/configurations?pageSize=300&after=a%2Fb')).toBe('a/b');
    expect(cursorIn('https://evil.example/?after=x')).toBe('x');
    for (const none of [undefined, null, '', '/configurations', 7, 'http://['])
      expect(cursorIn(none)).toBeUndefined();
  });

  test('is asked for with its cursor', () => {
    expect(listConfigurations.path({ after: 'a/b&c' })).toBe(
      '/api/v2/webdeployments/configurations?pageSize=25&after=a%2Fb%26c',
    );
    expect(readVersion.path({ configurationId: '../x', version: 'DRAFT' })).toBe(
      '/api/v2/webdeployments/configurations/..%2Fx/versions/draft',
    );
  });
});
