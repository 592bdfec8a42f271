import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { nameSchema, parseBody, refuse } from '../../../control/control-input.ts';
import { readAnyBodyAsJson, UnreadableBody } from '../../../input/body.ts';
import { isRecord } from '../../../input/json.ts';
import { actionNames } from '../actions/table.ts';
import type { OwnedDeployment } from '../deployment-store.ts';
import { type Deployment, deploymentSchema } from '../deployments.ts';
import { createDisorder } from '../disorder.ts';
import { createFaults, faultSchemaFor } from '../faults.ts';
import { settingsSchema } from '../settings.ts';
import type { ChannelState } from '../state.ts';
import { mountSessionControl, shownConnection } from './session-control.ts';

const MAX_ADVANCE_MS = 10 * 365 * 86_400_000;

const clockSchema = z.strictObject({ advanceMs: z.number().min(0).max(MAX_ADVANCE_MS) });

/** The control of the channel under `/__sandbox/platform/webmessaging`, for tests. */
export function mountControl(scope: FastifyInstance, state: ChannelState, reset: () => void): void {
  const faults = faultSchemaFor(actionNames);
  const tenants = new Set(state.platform().clients.map(({ tenant }) => tenant));
  const deployments = deploymentSchema.extend({ tenant: nameSchema([...tenants]).exactOptional() });
  readAnyBodyAsJson(scope);
  mountSessionControl(scope, state);

  scope.get('/settings', () => state.settings);

  scope.put('/settings', (request, reply) => {
    const { body } = request;
    const merged = body instanceof UnreadableBody ? body : merge(state.settings, body);
    const settings = parseBody(settingsSchema, merged);
    if (!settings.ok) return refuse(reply, settings);
    state.settings = settings.value;
    state.disorder = createDisorder(settings.value.disorder);
    const waiting = state.faults.all();
    state.faults = createFaults(settings.value.errors);
    for (const fault of waiting) state.faults.add(fault);
    return state.settings;
  });

  scope.get('/deployments', () => state.deployments.all().map(settable));

  scope.put('/deployments', (request, reply) => {
    const deployment = parseBody(deployments, request.body);
    if (!deployment.ok) return refuse(reply, deployment);
    return settable(state.deployments.set(deployment.value, true));
  });

  scope.get('/connections', () => ({
    opened: state.openedConnections,
    refused: state.refusedUpgrades,
    open: [...state.connections].map(shownConnection),
  }));

  scope.get('/faults', () => state.faults.all());

  scope.post('/faults', (request, reply) => {
    const fault = parseBody(faults, request.body);
    if (!fault.ok) return refuse(reply, fault);
    state.faults.add(fault.value);
    return state.faults.all();
  });

  scope.delete('/faults', () => {
    state.faults.clear();
    return [];
  });

  scope.post('/clock', (request, reply) => {
    const move = parseBody(clockSchema, request.body);
    if (!move.ok) return refuse(reply, move);
    state.timeline.advance(move.value.advanceMs);
    return { now: new Date(state.timeline.now()).toISOString() };
  });

  scope.post('/reset', () => {
    reset();
    return state.settings;
  });
}

/** The fields of a deployment that a test can set. */
function settable({ looks: _looks, ...deployment }: OwnedDeployment): Deployment {
  return deployment;
}

/** Absent fields of the change stay as they are. A list is replaced. */
function merge(current: unknown, change: unknown): unknown {
  if (!isRecord(current) || !isRecord(change)) return change;
  const merged: Record<string, unknown> = { ...current };
  for (const [name, value] of Object.entries(change)) merged[name] = merge(current[name], value);
  return merged;
}
