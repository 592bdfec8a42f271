import { conversationOfCard, createCardSend } from './card-send.ts';
import { conversationOfMessage, createMessageSend } from './message-send.ts';
import type { Operation } from './operation.ts';
import { createSessionRead } from './session-read.ts';
import { createWidgetRead } from './widget-read.ts';

/** Every operation of the API that the sandbox offers: the endpoints of the guides, as they name them. */
export const operations: readonly Operation[] = [
  {
    name: 'message.send',
    method: 'POST',
    path: '/api/v2/conversations/messaging/messages',
    scope: 'messaging:conversation:write',
    bucket: 'messages',
    conversationOf: conversationOfMessage,
    create: createMessageSend,
  },
  {
    name: 'card.send',
    method: 'POST',
    path: '/api/v2/guest/conversations/webchat/messages',
    scope: 'webchat:guest:write',
    bucket: 'cards',
    conversationOf: conversationOfCard,
    create: createCardSend,
  },
  {
    name: 'session.read',
    method: 'GET',
    path: '/api/v2/conversations/webchat/sessions/:sessionId',
    scope: 'messaging:conversation:read',
    bucket: null,
    conversationOf: () => null,
    create: createSessionRead,
  },
  {
    name: 'widget.read',
    method: 'GET',
    path: '/api/v2/messaging/webmessaging/widgets/:widgetId',
    scope: 'messaging:webmessaging:read',
    bucket: 'platform',
    conversationOf: () => null,
    create: createWidgetRead,
  },
];
