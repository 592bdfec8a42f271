import type { MessengerDeployment } from './deployments.ts';

/**
 * Whether a deployment may be used from pages of an origin. Only the host counts: it is one of the
 * allowed domains, or a sub-domain of one. A deployment without domains is closed to all, unless it
 * allows all.
 */
export function allowsOrigin({ fields }: Pick<MessengerDeployment, 'fields'>, origin: string): boolean {
  if (fields['allowAllDomains'] === true) return true;
  const { hostname } = new URL(origin);
  const domains = Array.isArray(fields['allowedDomains']) ? fields['allowedDomains'] : [];
  return domains.some((domain) => typeof domain === 'string' && isWithin(hostname, domain.toLowerCase()));
}

function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}
