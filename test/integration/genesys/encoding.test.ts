import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { guest } from '../../../src/genesys/dialects/guest/guest.ts';
import type { Operation } from '../../../src/genesys/operation.ts';
import { jsonAnswer, openRawServer, rawAnswer } from '../../support/raw-server.ts';
import { openSystem } from '../../support/system.ts';
import { failureOf, openCaller } from './caller.ts';

const CONFIGURATION = { version: 7, greeting: 'Grüße' };
const LATIN_1 = Buffer.from(JSON.stringify(CONFIGURATION), 'latin1');

/** A caller whose tenant gets these bytes as the answer to every request but that of the token. */
async function open(status: number, body: Buffer, headers: readonly string[] = [], token?: Buffer) {
  const system = await openSystem();
  const api = await openRawServer(({ target }) =>
    target === '/oauth/token'
      ? (token ?? jsonAnswer(200, { access_token: 'token-1', expires_in: 86_399 }))
      : rawAnswer(status, body, headers),
  );
  const caller = openCaller(system);
  const tenant = { ...caller.tenant(), hosts: { login: api.url, api: api.url } };
  const call = <Input, Output>(operation: Operation<Input, Output>, input: Input) =>
    caller.genesys.call(tenant, operation, input, { requestId: 'job-1' });
  return { api, caller, tenant, call, dialect: guest };
}

describe('an answer that is not UTF-8', () => {
  test.for([
    ['plain', LATIN_1, []],
    ['plain, with a charset', LATIN_1, ['Content-Type: application/json; charset=iso-8859-1']],
    ['compressed', gzipSync(LATIN_1), ['Content-Encoding: gzip']],
    ['UTF-16', Buffer.from(`\ufeff${JSON.stringify(CONFIGURATION)}`, 'utf16le'), []],
  ] as const)('is refused as a configuration: %s', async ([, body, headers]) => {
    const { call, dialect } = await open(200, body, headers);

    const error = await failureOf(call(dialect.readConfiguration, { organizationId: 'org-1' }));

    expect(error).toMatchObject({ code: 'ANSWER_MALFORMED', status: 200, isUnknown: false });
    expect(error.message).toBe('configuration.read: the answer is not UTF-8');
  });

  test('is refused as a list of deployments', async () => {
    const body = { entities: [{ id: 'd-1', name: 'shop', properties: { note: 'Grüße' } }], pageCount: 1 };
    const { call, dialect } = await open(200, Buffer.from(JSON.stringify(body), 'latin1'));

    const error = await failureOf(call(dialect.listDeployments, { pageNumber: 1, pageSize: 25 }));

    expect(error.code).toBe('ANSWER_MALFORMED');
  });

  test('leaves a message delivered, without an id', async () => {
    const { api, caller, tenant } = await open(200, Buffer.from('{"id":"m","note":"Grüße"}', 'latin1'));

    expect(await caller.send('job-1', { tenant })).toEqual({ messageId: null });
    expect(api.requests.filter(({ target }) => target !== '/oauth/token')).toHaveLength(1);
  });

  test('has the meaning of its status if it is a refusal', async () => {
    const { caller, tenant } = await open(400, Buffer.from('{"message":"ungültig"}', 'latin1'));

    expect(await failureOf(caller.send('job-1', { tenant }))).toMatchObject({
      code: 'CONTENT_REFUSED',
      status: 400,
    });
  });

  test('is refused as a token', async () => {
    const token = rawAnswer(200, Buffer.from('{"access_token":"t\u00f6ken"}', 'latin1'));
    const { caller, tenant } = await open(200, Buffer.from('{}'), [], token);

    expect((await failureOf(caller.send('job-1', { tenant }))).code).toBe('TOKEN_UNREADABLE');
  });
});

test('UTF-8 of all lengths stays unchanged, also after a byte order mark', async () => {
  const body = { version: 7, text: 'aß€😀' };
  const { call, dialect } = await open(200, Buffer.from(`\ufeff${JSON.stringify(body)}`));

  const read = await call(dialect.readConfiguration, { organizationId: 'org-1' });

  expect(read).toEqual({ version: 7, configuration: { text: 'aß€😀' } });
});
