import { CodedError, type ErrorCode } from '../../../src/core/errors.ts';
import type { GenesysClient } from '../../../src/genesys/client.ts';
import { allowsOrigin } from '../../../src/genesys/dialects/platform/allowed-domains.ts';
import { readDeployment } from '../../../src/genesys/dialects/platform/deployments.ts';
import type { JobContext } from '../../../src/runtime/handler.ts';
import { ChannelRefusal, ConnectionRefusal } from '../../../src/webmessaging/codes.ts';
import { requestContext } from '../../request-context.ts';
import { settingsOf } from '../route.ts';
import type { Sender } from '../sender.ts';

/** Refusals whose cause may be the state of the deployment. */
const MAY_BE_THE_DEPLOYMENT: ReadonlySet<ErrorCode> = new Set([
  'CAPABILITY_UNAVAILABLE',
  'NOT_FOUND',
  'GENESYS_REFUSED',
]);

/**
 * Says why the channel refuses the connections of a deployment. The refusal itself does not tell an
 * inactive deployment from a wrong Origin. So behind a refusal, and only then, the worker reads the
 * deployment (docs/platform.md#webmessaging). It needs a permission for that; without it the refusal
 * stays as it is.
 *
 * A deployment may get active between the refusal and the look at it. So the worker connects once more
 * when it finds the deployment active. Nothing was sent before.
 */
export function explainingRefusals(send: Sender, genesys: GenesysClient): Sender {
  return async function sendOrExplain(job, message) {
    try {
      return await send(job, message);
    } catch (error) {
      if (!isOfConnection(error)) throw error;
      const seen = await lookAtDeployment(genesys, job);
      if (seen?.status !== 'Active') throw explained(error, seen);
    }
    try {
      return await send(job, message);
    } catch (error) {
      throw isOfConnection(error) ? explained(error, await lookAtDeployment(genesys, job)) : error;
    }
  };
}

function isOfConnection(error: unknown): error is CodedError {
  const isRefused =
    error instanceof ConnectionRefusal ||
    (error instanceof ChannelRefusal && error.request === 'configureSession');
  return isRefused && MAY_BE_THE_DEPLOYMENT.has(error.code);
}

/** What the API says about a deployment. */
interface Seen {
  readonly status: string;
  /** Whether its domains include the origin of the tenant. */
  readonly allows: boolean;
}

/** @returns undefined where the worker cannot learn it */
async function lookAtDeployment(genesys: GenesysClient, job: JobContext<unknown>): Promise<Seen | undefined> {
  const { deploymentId: id, origin } = settingsOf(job.tenant, 'webmessaging');
  try {
    const deployment = await genesys.call(job.tenant, readDeployment, { id }, requestContext(job));
    const { status } = deployment;
    return status === null ? undefined : { status, allows: allowsOrigin(deployment, origin) };
  } catch (failure) {
    if (!(failure instanceof CodedError)) throw failure;
    return failure.code === 'NOT_FOUND' ? { status: MISSING, allows: false } : undefined;
  }
}

/** In the place of the status of a deployment that does not exist. */
const MISSING = 'missing';

/** The refusal with its cause. A deployment that is Pending gets active by itself: the job is retried. */
function explained(refusal: CodedError, seen: Seen | undefined): CodedError {
  switch (seen?.status) {
    case undefined:
      return refusal;
    case MISSING:
      return because(refusal, 'NOT_FOUND', 'the organization has no deployment with this deploymentId');
    case 'Active':
      return because(
        refusal,
        refusal.code,
        seen?.allows
          ? 'the deployment is Active and allows the origin'
          : 'the deployment is Active, and its allowed domains lack the origin',
      );
    case 'Pending':
      return because(refusal, 'CHANGE_PENDING', 'the deployment is Pending');
    default:
      return because(refusal, 'CAPABILITY_UNAVAILABLE', `the deployment is ${seen?.status}; make it Active`);
  }
}

function because(refusal: CodedError, code: ErrorCode, why: string): CodedError {
  const { message, status = 403, correlationId } = refusal;
  return new CodedError(code, `${message}; ${why}`, {
    status,
    ...(correlationId !== undefined && { correlationId }),
  });
}
