import { z } from 'zod';
import type { Operation } from '../../operation.ts';
import { readAnswer } from '../../read-answer.ts';

const shape = <Shape extends z.ZodType>(name: string, shape: Shape) =>
  ({ name, shape, code: 'ANSWER_MALFORMED' }) as const;

const tokenInfo = z.looseObject({
  organization: z.looseObject({ id: z.string(), name: z.string().optional() }),
});

/** The organization of a token. */
export interface TokenInfo {
  readonly organizationId: string;
  readonly organizationName: string | undefined;
}

/** Describes the token itself: `GET /api/v2/tokens/me`. It needs no permission. */
export const readToken: Operation<void, TokenInfo> = {
  name: 'token.read',
  method: 'GET',
  permissions: { names: [] },
  path: () => '/api/v2/tokens/me',
  body: () => undefined,
  read(answer) {
    const { organization } = readAnswer(shape('token.read', tokenInfo), answer);
    return { organizationId: organization.id, organizationName: organization.name };
  },
};

const policy = z.looseObject({
  domain: z.string(),
  entityName: z.string().default('*'),
  actions: z.array(z.string()).default([]),
});
const subject = z.looseObject({
  grants: z
    .array(z.looseObject({ role: z.looseObject({ policies: z.array(policy).default([]) }).optional() }))
    .default([]),
});

/** Permissions as roles grant them, such as `conversation:message:create`. A part may be `*`. */
export type GrantedPermissions = readonly string[];

/** The permissions of the client's roles: `GET /api/v2/authorization/subjects/me`. */
export const readOwnPermissions: Operation<void, GrantedPermissions> = {
  name: 'roles.read',
  method: 'GET',
  permissions: { names: [] },
  path: () => '/api/v2/authorization/subjects/me',
  body: () => undefined,
  read(answer) {
    const { grants } = readAnswer(shape('roles.read', subject), answer);
    const policies = grants.flatMap(({ role }) => role?.policies ?? []);
    const granted = policies.flatMap(({ domain, entityName, actions }) =>
      actions.map((action) => `${domain}:${entityName}:${action}`),
    );
    return [...new Set(granted)].sort();
  },
};

const limits = z.looseObject({
  entities: z.array(z.looseObject({ key: z.string().optional(), value: z.number().optional() })).default([]),
});

/**
 * The limits of a namespace, as they are in effect for the organization:
 * `GET /api/v2/organizations/limits/namespaces/{namespaceName}`.
 */
export const readLimits: Operation<{ readonly namespace: string }, ReadonlyMap<string, number>> = {
  name: 'limits.read',
  method: 'GET',
  permissions: { names: [] },
  path: ({ namespace }) => `/api/v2/organizations/limits/namespaces/${encodeURIComponent(namespace)}`,
  body: () => undefined,
  read(answer) {
    const { entities } = readAnswer(shape('limits.read', limits), answer);
    return new Map(
      entities.flatMap(({ key, value }) => (key === undefined || value === undefined ? [] : [[key, value]])),
    );
  },
};

/** Whether roles grant a permission. */
export function isGranted(permission: string, granted: GrantedPermissions): boolean {
  const wanted = permission.split(':');
  return granted.some((each) => {
    const parts = each.split(':');
    return parts.every((part, index) => part === '*' || part.toLowerCase() === wanted[index]?.toLowerCase());
  });
}
