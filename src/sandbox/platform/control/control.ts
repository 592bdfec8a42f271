import type { FastifyInstance } from 'fastify';
import { parseBody, refuse, treeSchema } from '../../control/control-input.ts';
import { readAnyBodyAsJson } from '../../input/body.ts';
import { writeJson } from '../../input/json.ts';
import { tenantsOf, type World } from '../../world.ts';
import { mountAuditControl } from './audit-control.ts';
import { mountConfigurationControl } from './configuration-control.ts';
import { mountConversationControl } from './conversation-control.ts';
import { mountDeploymentControl } from './deployment-control.ts';

/** The control interface under `/__sandbox/platform`: what happened, and what a test arranges. */
export function mountPlatformControl(scope: FastifyInstance, world: World): void {
  const tenants = tenantsOf(world.clients);
  readAnyBodyAsJson(scope);
  scope.setReplySerializer(writeJson);
  mountConversationControl(scope, world, tenants);
  mountConfigurationControl(scope, world, tenants);
  mountDeploymentControl(scope, world, tenants);
  mountAuditControl(scope, world, tenants);

  scope.get('/settings', () => world.platform.settings.current);

  // A group keeps the fields that a change leaves out. A reset brings the settings of the start back.
  scope.put('/settings', (request, reply) => {
    const body = parseBody(treeSchema, request.body);
    if (!body.ok) return refuse(reply, body);
    const change = world.platform.settings.change(body.value);
    return change.ok ? change.value : refuse(reply, change);
  });
}
