import { hostname, userInfo } from 'node:os';
import type { ApiKey } from '../access/api-key.ts';
import type { Who } from '../audit/act-record.ts';

/** Who acts, and on which tenants. What belongs to other tenants does not exist for the author. */
export interface Author extends Who {
  readonly tenants: readonly string[] | 'all';
}

/** The author of a request to the HTTP API. */
export function keyAuthor({ id, name, tenants }: Pick<ApiKey, 'id' | 'name' | 'tenants'>): Author {
  return { by: id, keyName: name, tenants };
}

/** The user of the operating system who runs a command, `cli:ada`, and the machine. */
export function commandLineAuthor(): Author {
  return { by: `cli:${printable(userName())}`, host: printable(hostname()), tenants: 'all' };
}

/** A process does not learn who sent it a signal. */
export function signalAuthor(signal: NodeJS.Signals): Author {
  return { by: `signal:${signal}`, host: printable(hostname()), tenants: 'all' };
}

/** Whether a thing of this tenant exists for the author. A damaged job has no tenant. */
export function reaches({ tenants }: Author, tenantId: string | null): boolean {
  return tenants === 'all' || (tenantId !== null && tenants.includes(tenantId));
}

/** A container may run as a user that has a number and no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

function printable(text: string): string {
  return text.replace(/[\p{C}\p{Z}]/gu, '_').slice(0, 64);
}
