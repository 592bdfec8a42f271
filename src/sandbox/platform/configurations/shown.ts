import type { Author } from '../audits/audit-log.ts';
import { timeText } from '../requests/handler.ts';
import type { Configuration, ConfigurationVersion } from './configurations.ts';

/** A version as the API shows it (`WebDeploymentConfigurationVersion`). */
export function shownVersion(
  { id, deletedAtMs }: Configuration,
  { version, fields, createdAtMs, modifiedAtMs, publishedAtMs, activeAtMs, author }: ConfigurationVersion,
  nowMs: number,
): Record<string, unknown> {
  const path = `/api/v2/webdeployments/configurations/${id}/versions/${version.toLowerCase()}`;
  return {
    ...fields,
    id,
    version,
    dateCreated: timeText(createdAtMs),
    dateModified: timeText(modifiedAtMs),
    ...(publishedAtMs !== null && { datePublished: timeText(publishedAtMs), publishedUser: userOf(author) }),
    lastModifiedUser: userOf(author),
    status: deletedAtMs !== null ? 'Deleting' : nowMs < activeAtMs ? 'Pending' : 'Active',
    selfUri: path,
  };
}

/** The reference to who made a change. A client has no user, so its own id stands for one. */
export function userOf({ user, clientId }: Author): { id: string; selfUri: string } {
  const id = user?.id ?? clientId ?? 'sandbox';
  return { id, selfUri: `/api/v2/users/${id}` };
}
