import { PlatformError } from '../requests/errors.ts';
import type { PlatformWorld } from '../world.ts';

/** The 409 of an organization that has sent all that it may. Undefined: it may send one more. */
export function outboundRefusal(
  { conversations, settings }: PlatformWorld,
  tenant: string,
): PlatformError | undefined {
  const { maxOutbound } = settings.current.messages;
  if (maxOutbound === null) return undefined;
  const sent = conversations
    .all(tenant)
    .flatMap(({ messages }) => messages)
    .filter(({ direction }) => direction === 'outbound').length;
  if (sent < maxOutbound) return undefined;
  const code = 'organization.outbound.usage.limit.exceeded';
  return new PlatformError(409, code, 'Max outbound message usage exceeded.');
}
