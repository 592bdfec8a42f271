import { z } from 'zod';
import { textOf } from '../../core/shapes.ts';
import { refusal } from '../answers/refusals.ts';
import { hexColorSchema } from '../configurations/configuration-schema.ts';
import { type Parsed, parseInput, pathText } from '../input/problems.ts';
import { prototypeKeyProblems } from '../input/prototype-keys.ts';
import type { OperationState } from '../operation.ts';
import type { OperationHandler } from '../requests/arrival.ts';
import type { DeploymentDescription } from './deployments.ts';

// Fields: docs/guides.md#deployment-fields. The sandbox keeps other fields unchecked.
const positions = ['bottom-right', 'bottom-left', 'top-right', 'top-left'] as const;

const themeSchema = z.looseObject({
  primaryColor: hexColorSchema.optional(),
  secondaryColor: hexColorSchema.optional(),
  buttonTextColor: hexColorSchema.optional(),
  widgetBackgroundColor: hexColorSchema.optional(),
  widgetTextColor: hexColorSchema.optional(),
  headerBackgroundColor: hexColorSchema.optional(),
  headerTextColor: hexColorSchema.optional(),
});

const launcherSchema = z.looseObject({
  position: z.enum(positions).optional(),
  horizontalOffset: z.int().min(0).optional(),
  verticalOffset: z.int().min(0).optional(),
  show: z.boolean().optional(),
  /** Null: the icon of Genesys Cloud. */
  icon: z.string().nullable().optional(),
});

const widgetSchema = z.looseObject({
  title: z.string().optional(),
  welcomeMessage: z.string().optional(),
  autoOpen: z.boolean().optional(),
  theme: themeSchema.optional(),
});

const deploymentSchema = z.looseObject({
  /** The handler of `deployment.create` ignores it. */
  id: z.string().nullable().optional(),
  name: textOf({ min: 1 }),
  properties: z.looseObject({
    launcher: launcherSchema.optional(),
    widget: widgetSchema.optional(),
    active: z.boolean().optional(),
    language: textOf({ min: 1 }).optional(),
  }),
});

/** The handler of `deployment.create`. Two deployments may have the same name. */
export function createDeploymentCreate({ now, deployments }: OperationState): OperationHandler {
  return ({ body, correlationId }, { tenant, clientId }) => {
    const description = parseDeployment(body);
    if (!description.ok) return refusal(correlationId, 'deployment', description.problems);
    const authorship = { clientId, atMs: now() };
    return { status: 201, body: deployments.create(tenant, description.value, authorship) };
  };
}

/**
 * The handler of `deployment.update`. A new id creates a deployment
 * (docs/guides.md#update-a-deployment).
 */
export function createDeploymentUpdate({ now, deployments }: OperationState): OperationHandler {
  return ({ params, body, correlationId }, { tenant, clientId }) => {
    const id = params['deploymentId'] ?? '';
    const description = parseDeployment(body, id);
    if (!description.ok) return refusal(correlationId, 'deployment', description.problems);
    const authorship = { clientId, atMs: now() };
    return { status: 200, body: deployments.put(tenant, id, description.value, authorship) };
  };
}

/** Parses a deployment, which stays unchanged. @param id the only id that the body may have */
function parseDeployment(body: unknown, id?: string): Parsed<DeploymentDescription> {
  const problems = prototypeKeyProblems(body);
  if (problems.length > 0) return { ok: false, problems };
  const parsed = parseInput(deploymentSchema, body ?? {});
  if (!parsed.ok) return parsed;
  const given = parsed.value.id ?? undefined;
  if (id === undefined || given === undefined || given === id) {
    return { ok: true, value: body as DeploymentDescription };
  }
  const got = 'another id';
  return {
    ok: false,
    problems: [{ path: pathText(['id']), wanted: 'the id of the path', got, isMissing: false }],
  };
}
