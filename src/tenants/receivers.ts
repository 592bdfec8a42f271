import { z } from 'zod';
import { listOf, textOf } from '../core/shapes.ts';
import { type PortRange, parseAllowedHost, type TargetRules } from '../outbound/target.ts';

const MAX_PORT = 65_535;
const WANTED_PORT = `expected a port from 1 to ${MAX_PORT}, or a range such as "8000-8999"`;

const WANTED_HOST = 'expected a host name such as hooks.example, an address, or a network such as 10.0.0.0/8';

const port = z
  .union([z.number(), z.string()], { error: WANTED_PORT })
  .transform((value, context): PortRange => {
    const [, from, to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(String(value)) ?? [];
    const range = { from: Number(from), to: Number(to) };
    if (range.from >= 1 && range.to <= MAX_PORT && range.from <= range.to) return range;
    context.addIssue({ code: 'custom', message: `${WANTED_PORT}, got ${shown(value)}` });
    return z.NEVER;
  });

const host = textOf({ max: 255 }).transform((value, context) => {
  const parsed = parseAllowedHost(value);
  if (parsed !== undefined) return parsed;
  context.addIssue({ code: 'custom', message: `${WANTED_HOST}, got ${shown(value)}` });
  return z.NEVER;
});

/**
 * The addresses that callbacks and analytics events of a tenant may go to, beside public ones by
 * https on port 443. A producer names the address of a callback. Without these limits it could make
 * a worker call any machine of the inner network.
 */
export const receiversSchema = z
  .strictObject({
    /** Allows http:// on port 80 too. Others can then read the requests on the network. */
    allowHttp: z.boolean().default(false),
    /**
     * Allowed ports beside 443, and 80 with `allowHttp`: numbers, or ranges such as "8000-8999".
     */
    ports: listOf(port, { max: 100 }).default([]),
    /**
     * Hosts that workers may call although their address is not public: names, addresses, networks.
     */
    allowHosts: listOf(host, { max: 100 }).default([]),
  })
  .transform((rules): TargetRules => rules);

// Does not quote a text: it may be a secret.
function shown(value: number | string): string {
  return typeof value === 'number' ? String(value) : `a text of ${value.length} characters`;
}
