import { MAX_TEXT_BYTES, type TextLimit } from '../content/message/text.ts';

/**
 * The ways of a message in the dialect `platform`:
 *
 *   open           guest → organization   Open Messaging
 *   webmessaging   guest → organization   the connection that a messenger in a browser uses
 *   agentless      organization → guest   a message without an agent
 *   conversation   organization → guest   a message of an agent in a live conversation
 */
export const ROUTES = ['open', 'agentless', 'conversation', 'webmessaging'] as const;

export type Route = (typeof ROUTES)[number];

/** Channels of agentless messages. */
export const MESSENGER_TYPES = ['sms', 'whatsapp', 'open', 'webmessaging', 'apple'] as const;

export type MessengerType = (typeof MESSENGER_TYPES)[number];

/** What a message may report in place of a text. */
export const EVENTS = ['typing', 'receipt', 'click'] as const;

export type EventName = (typeof EVENTS)[number];

/** The settings of a tenant that decide what its messages can carry. A `Tenant` has them. */
export interface TenantRoutes {
  readonly dialect: 'guest' | 'platform';
  readonly platform: {
    readonly route?: Route | undefined;
    readonly open?: object | undefined;
    readonly agentless?: { readonly toAddressMessengerType: MessengerType } | undefined;
    readonly webmessaging?: object | undefined;
  };
}

/** What one message can carry. */
export interface MessageForm {
  readonly text: TextLimit;
  /** Files of one message. A job with more becomes several messages, if one may have a file. */
  readonly attachments: number;
  readonly events: readonly EventName[];
  /** Whether `customAttributes` have a place. */
  readonly hasAttributes: boolean;
}

const GUEST_TEXT: TextLimit = { max: MAX_TEXT_BYTES, unit: 'bytes' };

/** In the dialect `guest`, and for a tenant that the producer does not know. */
const GUEST: MessageForm = {
  text: GUEST_TEXT,
  attachments: Number.POSITIVE_INFINITY,
  events: [],
  hasAttributes: false,
};

/** Longest text without an agent, by channel (docs/platform.md#limits-of-text). */
const AGENTLESS_CHARACTERS: Readonly<Record<MessengerType, number>> = {
  sms: 765,
  webmessaging: 3999,
  whatsapp: 2000,
  open: 2000,
  apple: 2000,
};

/** Each route but `agentless`, whose limit is that of its channel. */
const FORMS: Readonly<Record<Exclude<Route, 'agentless'>, MessageForm>> = {
  open: { text: GUEST_TEXT, attachments: 1, events: EVENTS, hasAttributes: false },
  webmessaging: { text: GUEST_TEXT, attachments: 1, events: ['typing', 'click'], hasAttributes: true },
  conversation: {
    text: { max: 2000, unit: 'characters' },
    attachments: 1,
    events: [],
    hasAttributes: false,
  },
};

/** The route of a message: its own, else that of its tenant. Undefined in the dialect `guest`. */
export function routeOf(tenant: TenantRoutes | undefined, own: Route | undefined): Route | undefined {
  if (tenant?.dialect === 'guest') return undefined;
  return own ?? tenant?.platform.route;
}

/**
 * What a message can carry.
 * @param tenant undefined for a producer without a tenants file: then the job's own route decides.
 */
export function formOf(tenant: TenantRoutes | undefined, own: Route | undefined): MessageForm {
  const route = routeOf(tenant, own);
  if (route === undefined) return GUEST;
  if (route !== 'agentless') return FORMS[route];
  const messengerType = tenant?.platform.agentless?.toAddressMessengerType;
  const text: TextLimit =
    messengerType === undefined
      ? GUEST_TEXT
      : { max: AGENTLESS_CHARACTERS[messengerType], unit: 'characters' };
  return { text, attachments: 0, events: [], hasAttributes: false };
}

/** Why a tenant has no such route; undefined if it has it. `conversation` needs no settings. */
export function routeIssue(platform: TenantRoutes['platform'], route: Route): string | undefined {
  if (!ROUTES.includes(route) || route === 'conversation' || platform[route] !== undefined) return undefined;
  return `expected settings of the route in platform.${route} of the tenant`;
}
