import { z } from 'zod';
import { listOf, textOf } from '../../core/shapes.ts';
import { oneOf, parseInput, sentenceOf } from '../input/problems.ts';
import type { BucketLimit } from '../rate-limits/bucket.ts';

/** An OAuth client that the sandbox knows, with its rate limits. */
export interface SandboxClient {
  tenant: string;
  clientId: string;
  clientSecret: string;
  scopes: string[];
  /** The operations that it may call. The default is `guest`: those of docs/guides.md. */
  dialect?: 'guest' | 'platform';
  /** For the platform: its permissions, such as `conversation:message:create`. The default is all. */
  permissions?: string[];
  /** For the platform: the lifetime of its tokens. Absent: that of the settings. */
  accessTokenValiditySeconds?: number;
  /** For the guest dialect, by class of operations, for example "messages". An absent class has its default limit. */
  limits?: Record<string, BucketLimit>;
}

/** A class of operations that share one bucket per client. */
export type OperationClass = keyof typeof defaultLimits;

/** The limit of each class for a client without limits of its own. */
export const defaultLimits = {
  /** 100 per second and client (docs/guides.md#rate-limits). */
  messages: { capacity: 100, ratePerSecond: 100 },
  /** 100 per minute and client (docs/guides.md#rate-limits). */
  cards: { capacity: 100, ratePerSecond: 100 / 60 },
  /**
   * 300 per minute and token: the limit of the platform for all other operations
   * (docs/guides.md#rate-limits).
   */
  platform: { capacity: 300, ratePerSecond: 300 / 60 },
} satisfies Record<string, BucketLimit>;

/** The names of all classes of operations. */
export const operationClasses = Object.keys(defaultLimits) as OperationClass[];

/** Every scope that an operation of docs/guides.md needs. */
export const guideScopes: readonly string[] = [
  'messaging:conversation:write',
  'messaging:conversation:read',
  'webchat:guest:write',
  'messaging:webmessaging:read',
  'webchat:configuration:read',
  'webchat:configuration:write',
  'audit:read',
  'webmessaging:deployments:read',
  'webmessaging:deployments:write',
  // The operation that reads a widget needs these three as well (docs/guides.md#read-a-widget).
  'openid',
  'profile',
  'email',
];

/** The three tenants of the demo, and one whose dialect is `platform`. */
export const defaultClients: SandboxClient[] = [
  ...['acme', 'globex', 'initech'].map((tenant) => ({
    tenant,
    clientId: `${tenant}-client`,
    clientSecret: `${tenant}-sandbox-secret`,
    scopes: [...guideScopes],
  })),
  {
    tenant: 'umbrella',
    clientId: 'umbrella-client',
    clientSecret: 'umbrella-sandbox-secret',
    scopes: [],
    dialect: 'platform',
  },
];

const limitSchema = z.strictObject({
  capacity: z.int().min(1),
  ratePerSecond: z.number().positive(),
});

const clientSchema = z.strictObject({
  tenant: textOf({ min: 1 }),
  clientId: textOf({ min: 1 }),
  clientSecret: textOf({ min: 1 }),
  scopes: z.array(textOf({ min: 1 })).default([]),
  dialect: z.enum(['guest', 'platform']).exactOptional(),
  permissions: z.array(textOf({ min: 1 })).exactOptional(),
  accessTokenValiditySeconds: z.int().min(1).max(172_800).exactOptional(),
  limits: z.record(z.string(), limitSchema).exactOptional(),
});

/** A list of clients in a JSON file. Each client id is unique, and each class is a known one. */
export const clientsSchema: z.ZodType<SandboxClient[]> = listOf(clientSchema, { min: 1 }).superRefine(
  (clients, context) => {
    const seenIds = new Set<string>();
    for (const [index, client] of clients.entries()) {
      if (seenIds.has(client.clientId)) {
        context.addIssue({
          code: 'custom',
          path: [index, 'clientId'],
          input: client.clientId,
          message: 'a client id that no other client has',
        });
      }
      seenIds.add(client.clientId);
      for (const name of Object.keys(client.limits ?? {})) {
        if (Object.hasOwn(defaultLimits, name)) continue;
        context.addIssue({
          code: 'custom',
          path: [index, 'limits', name],
          input: name,
          message: `a limit of ${oneOf(operationClasses)}`,
        });
      }
    }
  },
);

/** Parses the clients of a JSON text. @throws one Error that lists every problem with its path */
export function parseClients(text: string, fileName: string): SandboxClient[] {
  return checkClients(jsonOf(text, fileName), fileName);
}

/** Checks clients. @throws one Error that begins with `source` and lists every problem */
export function checkClients(clients: unknown, source: string): SandboxClient[] {
  const parsed = parseInput(clientsSchema, clients);
  if (parsed.ok) return parsed.value;
  throw new Error(
    [`${source} is not a valid list of clients:`, ...parsed.problems.map(sentenceOf)].join('\n  '),
  );
}

function jsonOf(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${fileName} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
