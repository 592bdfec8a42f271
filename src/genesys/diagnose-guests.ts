import { CodedError } from '../core/errors.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { allowsOrigin } from './dialects/platform/allowed-domains.ts';
import { readDeployment } from './dialects/platform/deployments.ts';
import { readLimits } from './dialects/platform/organization.ts';
import type { Operation } from './operation.ts';

/** What Genesys Cloud says about the guest channel of a tenant (docs/platform.md#webmessaging). */
export interface GuestsDiagnosis {
  readonly deploymentId: string;
  /**
   * The status of the deployment, such as `Active`; `missing` if there is none, and `unknown` if the
   * client may not read it.
   */
  readonly deployment: string;
  /** The page of the guests, by the tenants file. */
  readonly origin: string;
  /** Whether the deployment may be used from that page; null if the client may not read it. */
  readonly allowsOrigin: boolean | null;
  readonly limits: readonly GuestLimit[];
}

/** A limit of the organization beside the setting that keeps below it. */
export interface GuestLimit {
  readonly setting: 'messagesPerSecond' | 'requestsPerMinute';
  /** Null if Genesys Cloud does not show it. */
  readonly ofOrganization: number | null;
  readonly ofFile: number;
}

/** Sends one request of the tenant that is looked at. */
export type Ask = <Input, Output>(operation: Operation<Input, Output>, input: Input) => Promise<Output>;

/** The limits of the namespace `web.messaging` that workers keep by a setting. */
const KEYS: Readonly<Record<GuestLimit['setting'], string>> = {
  messagesPerSecond: 'messages.per.session.rate.per.second',
  requestsPerMinute: 'requests.per.connection.rate.per.minute',
};

/** Reads the deployment and the limits. @returns undefined for a tenant without the route. */
export async function diagnoseGuests(
  ask: Ask,
  { platform }: Pick<Tenant, 'platform'>,
): Promise<GuestsDiagnosis | undefined> {
  const { webmessaging } = platform;
  if (!webmessaging) return undefined;
  const { deploymentId, origin } = webmessaging;
  const seen = await ask(readDeployment, { id: deploymentId }).then(
    (found) => ({ deployment: found.status ?? 'unknown', allowsOrigin: allowsOrigin(found, origin) }),
    (error: unknown) => ({ deployment: unlessReadable(error), allowsOrigin: null }),
  );
  const limits = await ask(readLimits, { namespace: 'web.messaging' }).catch(unlessRefused);
  return {
    deploymentId,
    origin,
    ...seen,
    limits: (['messagesPerSecond', 'requestsPerMinute'] as const).map((setting) => ({
      setting,
      ofOrganization: limits?.get(KEYS[setting]) ?? null,
      ofFile: webmessaging[setting],
    })),
  };
}

/** Why the route cannot work as the tenants file has it. */
export function guestIssues({
  deploymentId,
  deployment,
  origin,
  allowsOrigin: allows,
}: GuestsDiagnosis): string[] {
  if (deployment === 'missing') return [`Genesys Cloud has no deployment ${deploymentId}`];
  const isUsable = deployment === 'Active' || deployment === 'unknown';
  return [
    ...(isUsable
      ? []
      : [`the status of the deployment ${deploymentId} is ${deployment}, and guests need Active`]),
    ...(allows === false
      ? [`the allowed domains of the deployment ${deploymentId} lack the origin ${origin}`]
      : []),
  ];
}

function unlessReadable(error: unknown): 'missing' | 'unknown' {
  if (error instanceof CodedError && error.code === 'NOT_FOUND') return 'missing';
  if (isRefused(error)) return 'unknown';
  throw error;
}

/** The client may not read something: it stays unknown. */
export function unlessRefused(error: unknown): undefined {
  if (!isRefused(error)) throw error;
}

function isRefused(error: unknown): boolean {
  return error instanceof CodedError && error.status !== undefined && error.status < 500;
}
