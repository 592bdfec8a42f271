import { z } from 'zod';
import { isRecord } from '../core/json.ts';
import { textOf } from '../core/shapes.ts';
import { webUrl } from '../jobs/fields.ts';

/** The base addresses of Genesys Cloud for one tenant. Paths are added to each. */
export interface Hosts {
  readonly login: string;
  readonly api: string;
  /** For connections of guests; absent where the tenants file names none. */
  readonly webmessaging?: string;
  /** Has the script of messengers; absent where the tenants file names none. */
  readonly apps?: string;
}

/** The hosts of a region. @param domain such as `mypurecloud.de` */
export function hostsOfRegion(domain: string): Hosts {
  const at = (name: string) => `https://${name}.${domain}`;
  return { login: at('login'), api: at('api'), webmessaging: at('webmessaging'), apps: at('apps') };
}

/**
 * The address of a path on a host of a tenant. A host may have a path of its own, such as a
 * gateway's; it comes first.
 *
 * @param path begins with `/`, and may have a query
 */
export function addressAt(host: string, path: string): URL {
  return new URL(`${host.replace(/\/+$/, '')}${path}`);
}

const host = webUrl.superRefine((address, context) => {
  // Checks the text: a parsed address loses a lone `?` or `#`.
  if (!/[?#]/.test(address)) return;
  const message = 'expected an address without query and fragment: a worker adds paths to it';
  context.addIssue({ code: 'custom', message });
});

/** Each host by its address. */
const addresses = z.strictObject({
  login: host,
  api: host,
  webmessaging: host.optional(),
  apps: host.optional(),
});

const HOSTNAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?$/;
const PATH = /^(?:\/?[\w~-][\w.~-]*)*\/?$/;
const path = textOf({ max: 200 }).regex(PATH, 'expected a path of letters, digits, "_", "~", "-" and "."');

/**
 * One gateway in front of login and API, with the fields of the gateway of Genesys Cloud's official
 * SDK: protocol, host, port, and a path for each of the two.
 */
const gateway = z
  .strictObject({
    protocol: z.enum(['https', 'http']).default('https'),
    host: z.string().regex(HOSTNAME, 'expected a name of a host, without scheme and port'),
    port: z.number().int().min(1).max(65_535).optional(),
    loginPath: path.default(''),
    apiPath: path.default(''),
    webmessaging: host.optional(),
    apps: host.optional(),
  })
  .transform(({ protocol, host: name, port, loginPath, apiPath, webmessaging, apps }): Hosts => {
    const base = `${protocol}://${name}${port === undefined ? '' : `:${port}`}`;
    const at = (own: string) => [base, ...own.split('/').filter((part) => part !== '')].join('/');
    return {
      login: at(loginPath),
      api: at(apiPath),
      ...(webmessaging !== undefined && { webmessaging }),
      ...(apps !== undefined && { apps }),
    };
  });

/** The hosts of a tenant in place of a region: their addresses, or a gateway. */
export const hosts: z.ZodType<Hosts> = z.unknown().transform((value, context) => {
  const schema: z.ZodType<Hosts> =
    isRecord(value) && 'host' in value ? gateway : (addresses as z.ZodType<Hosts>);
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: issue.input } as never);
  return z.NEVER;
});
