import { describe, expect, test } from 'vitest';
import { channel } from './bodies.ts';
import { failureOf, openStage, type Stage } from './sdk.ts';

const REQUEST = {
  name: 'Shop',
  outboundNotificationWebhookUrl: 'https://shop.example/genesys',
  outboundNotificationWebhookSignatureSecretToken: 'a-secret-of-24-characters',
  webhookHeaders: { 'x-shop': '1' },
};

const create = ({ conversations }: Stage, fields: object = {}) =>
  conversations.postConversationsMessagingIntegrationsOpen({ ...REQUEST, ...fields });
const read = ({ conversations }: Stage, id: string) =>
  conversations.getConversationsMessagingIntegrationsOpenIntegrationId(id);
const send = ({ conversations }: Stage, id: string) =>
  conversations.postConversationsMessageInboundOpenMessage(id, { channel: channel('m-1'), text: 'Hello' });

describe('an integration that a client creates', () => {
  test('is 404 at first, then Initiated, then Completed, and takes messages only then', async () => {
    const stage = await openStage({
      platform: { messages: { integrationNotFoundForMs: 1000, integrationInitiatedForMs: 3000 } },
    });
    const { id, ...created } = await create(stage);
    expect(created).toMatchObject({ name: 'Shop', createStatus: 'Initiated', status: 'Inactive' });
    expect(created.outboundNotificationWebhookSignatureSecretToken).toMatch(/^\*+$/);
    expect(await failureOf(read(stage, id))).toMatchObject({ status: 404, code: 'not.found' });
    stage.advance(1000);
    expect(await read(stage, id)).toMatchObject({ createStatus: 'Initiated' });
    expect(await failureOf(send(stage, id))).toMatchObject({ status: 404 });
    stage.advance(2000);
    expect(await read(stage, id)).toMatchObject({
      id,
      createStatus: 'Completed',
      status: 'Active',
      webhookHeaders: { 'x-shop': '1' },
      dateCreated: '2026-03-01T12:00:00.000Z',
    });
    await send(stage, id);
    const { entities = [] } = await stage.conversations.getConversationsMessagingIntegrations();
    expect(entities.map((each) => each.id)).toContain(id);
    const answer = await stage.conversations.postConversationsMessagesAgentless({
      fromAddress: id,
      toAddress: 'guest-2',
      toAddressMessengerType: 'open',
      textBody: 'Hello',
    });
    expect(answer.fromAddress).toBe(id);
  });

  test('can end with an error, as a setting says', async () => {
    const stage = await openStage({ platform: { messages: { integrationEnds: 'Error' } } });
    const { id } = await create(stage);
    stage.advance(60_000);
    expect(await read(stage, id)).toMatchObject({
      createStatus: 'Error',
      status: 'Error',
      createError: { status: 400, code: expect.any(String) },
    });
    expect(await failureOf(send(stage, id))).toMatchObject({ status: 404 });
  });

  test('can be changed and deleted, and one of the settings cannot', async () => {
    const stage = await openStage();
    const { conversations } = stage;
    const { id } = await create(stage);
    stage.advance(60_000);
    const changed = await conversations.patchConversationsMessagingIntegrationsOpenIntegrationId(id, {
      name: 'Renamed',
    });
    expect(changed).toMatchObject({
      name: 'Renamed',
      outboundNotificationWebhookUrl: REQUEST.outboundNotificationWebhookUrl,
      dateModified: '2026-03-01T12:01:00.000Z',
    });
    await conversations.deleteConversationsMessagingIntegrationsOpenIntegrationId(id);
    expect(await failureOf(read(stage, id))).toMatchObject({ status: 404 });

    const { entities: [own] = [] } = await conversations.getConversationsMessagingIntegrationsOpen();
    const removal = conversations.deleteConversationsMessagingIntegrationsOpenIntegrationId(own?.id ?? '');
    expect(await failureOf(removal)).toMatchObject({ status: 409 });
  });

  test.each([
    ['no name', { name: undefined }, 'name'],
    ['an address that is none', { outboundNotificationWebhookUrl: 'shop' }, 'outboundNotificationWebhookUrl'],
    [
      'a short secret',
      { outboundNotificationWebhookSignatureSecretToken: 'x'.repeat(15) },
      'outboundNotificationWebhookSignatureSecretToken',
    ],
  ])('is refused with %s', async (_case, fields, fieldName) => {
    expect(await failureOf(create(await openStage(), fields))).toMatchObject({
      status: 400,
      code: 'constraint.validation',
      details: [{ fieldName }],
    });
  });
});
