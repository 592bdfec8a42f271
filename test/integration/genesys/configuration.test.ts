import { describe, expect, test } from 'vitest';
import { guest } from '../../../src/genesys/dialects/guest/guest.ts';
import { openReceiver } from '../../support/receiver.ts';
import { openSystem } from '../../support/system.ts';
import { failureOf, openCaller } from './caller.ts';

const WRITE = { organizationId: 'org-01', version: 7, configuration: { widget: { size: 1 } } };

/** A server that answers as the test says, and a function that writes a configuration there. */
async function openStage() {
  const [system, host] = [await openSystem(), await openReceiver()];
  const caller = openCaller(system);
  const tenant = { ...caller.tenant(), hosts: { login: system.sandbox.url, api: host.url } };
  return {
    host,
    write: () => caller.genesys.call(tenant, guest.writeConfiguration, WRITE, { requestId: 'job-1' }),
    read: () => caller.genesys.call(tenant, guest.readConfiguration, WRITE, { requestId: 'job-1' }),
  };
}

function json(status: number, body: unknown) {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

describe('a configuration', () => {
  test('is written with the version that it is based on and the common headers', async () => {
    const { host, write } = await openStage();
    host.answerWith(json(200, { version: 8 }));

    expect(await write()).toEqual({ status: 'written', version: 8 });
    expect(host.received).toMatchObject([
      {
        method: 'PUT',
        path: '/api/v2/webchat/organizations/org-01/configurations',
        headers: {
          'if-match': '7',
          'content-type': 'application/json',
          'x-genesys-request-id': 'job-1',
          authorization: expect.stringMatching(/^Bearer ./),
        },
        body: JSON.stringify(WRITE.configuration),
      },
    ]);
  });

  test('is in conflict if another program wrote first, with the current version', async () => {
    const { host, write } = await openStage();
    host.answerWith(json(409, { code: 'version.conflict', version: 9 }));

    expect(await write()).toEqual({ status: 'conflict', version: 9 });
  });

  test('is refused with the fields and the reasons', async () => {
    const { host, write } = await openStage();
    host.answerWith(
      json(422, { errors: [{ fieldName: 'features.flags.beta', message: 'is not supported' }] }),
    );

    expect(await failureOf(write())).toMatchObject({
      code: 'CONTENT_REFUSED',
      details: ['features.flags.beta: is not supported'],
    });
  });

  test('is not read from a 409, which only the write accepts', async () => {
    const { host, read } = await openStage();
    host.answerWith(json(409, { version: 9 }));

    expect(await failureOf(read())).toMatchObject({ code: 'CONFLICT', status: 409 });
  });

  test('is read again if the answer is incomplete', async () => {
    const { host, read } = await openStage();
    host.answerWith({ status: 200, body: '{"version":7,"widget":{' });

    expect(await failureOf(read())).toMatchObject({ code: 'GENESYS_UNAVAILABLE', disposition: 'retry' });
  });
});
