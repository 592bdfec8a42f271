import { CodedError, type ErrorCode } from '../../../src/core/errors.ts';
import type { GenesysClient } from '../../../src/genesys/client.ts';
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
 */
export function explainingRefusals(send: Sender, genesys: GenesysClient): Sender {
  return async function sendOrExplain(job, message) {
    try {
      return await send(job, message);
    } catch (error) {
      throw isOfConnection(error) ? await explained(genesys, job, error) : error;
    }
  };
}

function isOfConnection(error: unknown): error is CodedError {
  const isRefused =
    error instanceof ConnectionRefusal ||
    (error instanceof ChannelRefusal && error.request === 'configureSession');
  return isRefused && MAY_BE_THE_DEPLOYMENT.has(error.code);
}

async function explained(
  genesys: GenesysClient,
  job: JobContext<unknown>,
  refusal: CodedError,
): Promise<CodedError> {
  const { deploymentId: id } = settingsOf(job.tenant, 'webmessaging');
  try {
    const { status } = await genesys.call(job.tenant, readDeployment, { id }, requestContext(job));
    return byStatus(status, refusal);
  } catch (failure) {
    if (!(failure instanceof CodedError)) throw failure;
    if (failure.code !== 'NOT_FOUND') return refusal;
    return because(refusal, 'NOT_FOUND', 'the organization has no deployment with this deploymentId');
  }
}

/** The refusal with its cause. A deployment that is Pending gets active by itself: the job is retried. */
function byStatus(status: string | null, refusal: CodedError): CodedError {
  switch (status) {
    case null:
      return refusal;
    case 'Active':
      return because(
        refusal,
        refusal.code,
        'the deployment is Active, so its allowed domains lack the origin',
      );
    case 'Pending':
      return because(refusal, 'CHANGE_PENDING', 'the deployment is Pending');
    default:
      return because(refusal, 'CAPABILITY_UNAVAILABLE', `the deployment is ${status}; make it Active`);
  }
}

function because({ message, status = 403 }: CodedError, code: ErrorCode, why: string): CodedError {
  return new CodedError(code, `${message}; ${why}`, { status });
}
