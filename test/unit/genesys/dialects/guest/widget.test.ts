import { describe, expect, test } from 'vitest';
import { CodedError } from '../../../../../src/core/errors.ts';
import { guest } from '../../../../../src/genesys/dialects/guest/guest.ts';

const { readWidget, widgetScriptPath } = guest;

const answer = {
  id: 'w-1',
  name: 'Support chat',
  configuration: { theme: {}, features: ['webMessagingV2', 'localeFallback'] },
  status: 'active',
};

describe('a widget', () => {
  test('is read at the documented path, with its scope', () => {
    expect(readWidget).toMatchObject({ method: 'GET', scope: 'messaging:webmessaging:read' });
    expect(readWidget.path({ widgetId: 'w-1' })).toBe('/api/v2/messaging/webmessaging/widgets/w-1');
    expect(readWidget.body({ widgetId: 'w-1' }, new Date())).toBeUndefined();
  });

  test('needs the documented scopes of each token', () => {
    expect(guest.login.scopes).toEqual(
      expect.arrayContaining(['messaging:webmessaging:read', 'openid', 'profile', 'email']),
    );
  });

  test('has its script at the documented path', () => {
    expect(widgetScriptPath('w-1')).toBe('/api/v2/messaging/webmessaging/widgets/w-1/script');
  });

  test.for(['a/b', '../../oauth', 'a?b=c', 'a#b', 'a%2fb', 'ü"\'<>', '...'])(
    'is read and loaded below the path of widgets, with any id: %s',
    (widgetId) => {
      for (const path of [readWidget.path({ widgetId }), widgetScriptPath(widgetId)]) {
        const url = new URL(path, 'https://api.example');
        const [id, ...rest] = url.pathname.replace('/api/v2/messaging/webmessaging/widgets/', '').split('/');
        expect(decodeURIComponent(id ?? '')).toBe(widgetId);
        expect(['', 'script']).toContain(rest.join('/'));
        expect([url.search, url.hash]).toEqual(['', '']);
      }
    },
  );
});

describe('the answer about a widget', () => {
  test('with the documented fields gives id and features', () => {
    expect(readWidget.read({ ...answer, environment: 'eu-central-1', version: 7 }, 200)).toEqual({
      id: 'w-1',
      environment: 'eu-central-1',
      features: ['webMessagingV2', 'localeFallback'],
    });
  });

  test('may lack the environment and the features', () => {
    expect(readWidget.read(answer, 200)).toMatchObject({ environment: null });
    expect(readWidget.read({ ...answer, configuration: {} }, 200)).toMatchObject({ features: [] });
  });

  test.for(['id', 'name', 'configuration', 'status'])(
    'without %s is malformed, and the error names the field',
    (field) => {
      const error = failureOf({ ...answer, [field]: undefined });
      expect(error).toMatchObject({ code: 'WIDGET_MALFORMED', status: 200 });
      expect(error.details).toEqual([expect.stringMatching(new RegExp(`^${field}: .*missing`))]);
      expect(error.message).toContain(`${field}: `);
    },
  );

  test('causes an error that names all missing fields', () => {
    expect(failureOf({}).details.map((detail) => detail.split(':')[0])).toEqual([
      'id',
      'name',
      'configuration',
      'status',
    ]);
    expect(failureOf({ ...answer, configuration: { features: 'all' } }).details).toEqual([
      'configuration.features: expected array, received string',
    ]);
  });

  test.for([null, [], 'text', 7])('is malformed if it is no object: %j', (body) => {
    expect(failureOf(body)).toMatchObject({ code: 'WIDGET_MALFORMED' });
  });

  test('is requested again if it is not JSON, or incomplete', () => {
    expect(failureOf(undefined)).toMatchObject({ code: 'GENESYS_UNAVAILABLE', disposition: 'retry' });
  });
});

function failureOf(body: unknown): CodedError {
  try {
    readWidget.read(body, 200);
  } catch (error) {
    if (error instanceof CodedError) return error;
    throw error;
  }
  throw new Error('it was taken for a widget');
}
