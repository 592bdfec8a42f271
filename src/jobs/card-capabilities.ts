import type { CardContent } from '../content/card/card.ts';
import { cardAsText } from '../content/card/card-as-text.ts';
import { lengthIn } from '../content/message/text.ts';
import type { Issue } from '../core/issues.ts';
import { communicationIssues, guestIssues, routeIssues, unavailable } from './capabilities.ts';
import { formOf, type Route, routeOf, type TenantRoutes } from './routes.ts';

/** The fields of a card that its way and its text are made of. */
interface Card extends CardContent {
  readonly guestId?: string | undefined;
  readonly route?: Route | undefined;
  readonly communicationId?: string | undefined;
}

/**
 * Why the tenant cannot send a card. No operation of the platform sends one: a card that allows
 * `textOnly` is sent as its text. @param card checked against the contract.
 */
export function cardCapabilityIssues(card: Card, tenant: TenantRoutes): Issue[] {
  const { route, communicationId, guestId } = card;
  if (tenant.dialect === 'guest') return guestIssues({ route, communicationId, guestId });
  return [
    ...fallbackIssues(card),
    ...wayIssues(card, tenant),
    ...communicationIssues(card, tenant),
    ...textIssues(card, tenant),
  ];
}

function fallbackIssues({ template }: Card): Issue[] {
  if (template.fallbackBehavior === 'textOnly') return [];
  const message =
    'expected textOnly: the dialect platform sends no cards, only their texts; send other cards from a bot flow';
  return [unavailable('template.fallbackBehavior', message)];
}

/** The text of a card goes to the guest, and two routes lead there. */
function wayIssues(card: Card, tenant: TenantRoutes): Issue[] {
  const issues = routeIssues(card, tenant);
  if (issues.length > 0) return issues;
  const route = routeOf(tenant, card.route);
  if (route === 'open' || route === 'webmessaging') {
    const message = `expected agentless or conversation: the route ${route} leads from the guest to the organization`;
    return [unavailable('route', message)];
  }
  if (route !== 'agentless' || card.guestId !== undefined) return [];
  return [
    { path: 'guestId', message: 'expected the address of the guest, which the route agentless sends to' },
  ];
}

function textIssues(card: Card, tenant: TenantRoutes): Issue[] {
  const { max, unit } = formOf(tenant, card.route).text;
  const text = cardAsText(card);
  if (text === '') {
    return [unavailable('fields', 'expected a title, a description or a button: the text would be blank')];
  }
  const length = lengthIn(unit, text);
  if (length <= max) return [];
  const route = routeOf(tenant, card.route);
  return [
    unavailable(
      card.components ? 'components' : 'fields',
      `expected at most ${max} ${unit} of text on the route ${route}, got ${length}`,
    ),
  ];
}
