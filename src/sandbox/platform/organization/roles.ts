import type { SandboxClient } from '../../login/clients.ts';
import type { OperationHandler } from '../../requests/arrival.ts';
import { notFound } from '../requests/errors.ts';
import { handled, ok } from '../requests/handler.ts';
import type { PlatformWorld } from '../world.ts';
import { divisionIdOf, roleIdOf } from './identities.ts';
import { byEntity, permissionsOf } from './permissions.ts';

/** Reads one role with its permissions. The sandbox has one role for each client. */
export function createRoleRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ params, tenant }) => {
    const client = world.clients.find(
      (each) => each.tenant === tenant && roleIdOf(each) === params['roleId'],
    );
    if (client === undefined) return notFound();
    const permissions = permissionsOf(client);
    return ok({
      id: roleIdOf(client),
      name: roleNameOf(client),
      permissions,
      permissionPolicies: byEntity(permissions).map(({ domain, entityName, actions }) => ({
        domain,
        entityName,
        actionSet: actions,
        allowConditions: false,
      })),
      default: false,
      base: false,
      selfUri: `/api/v2/authorization/roles/${roleIdOf(client)}`,
    });
  });
}

/** Lists the roles and permissions of the caller. It needs no permission. */
export function createOwnSubjectRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ client }) => ok(subjectOf(client)));
}

/** Lists the roles and permissions of a client of the organization. */
export function createSubjectRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ params, tenant }) => {
    const { subjectId } = params;
    const client = world.clients.find((each) => each.tenant === tenant && each.clientId === subjectId);
    return client === undefined ? notFound() : ok(subjectOf(client));
  });
}

function subjectOf(client: SandboxClient): object {
  return {
    id: client.clientId,
    name: client.clientId,
    version: 1,
    grants: [
      {
        subjectId: client.clientId,
        division: { id: divisionIdOf(client.tenant), name: 'Home', description: '', homeDivision: true },
        role: {
          id: roleIdOf(client),
          name: roleNameOf(client),
          policies: byEntity(permissionsOf(client)),
          default: false,
          selfUri: `/api/v2/authorization/roles/${roleIdOf(client)}`,
        },
      },
    ],
    selfUri: `/api/v2/authorization/subjects/${client.clientId}`,
  };
}

function roleNameOf({ clientId }: SandboxClient): string {
  return `Role of ${clientId}`;
}
