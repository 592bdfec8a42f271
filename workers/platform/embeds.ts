import { createPayload } from '../../src/content/embed/embed-code.ts';
import { attributesTag, missingLanguages, missingSwitches } from '../../src/content/embed/messenger.ts';
import { readSnippet, type Snippet } from '../../src/content/embed/snippet.ts';
import type { Clock } from '../../src/core/clock.ts';
import { CodedError } from '../../src/core/errors.ts';
import { describeIssue } from '../../src/core/issues.ts';
import { done } from '../../src/core/outcome.ts';
import type { GenesysClient } from '../../src/genesys/client.ts';
import { readVersion } from '../../src/genesys/dialects/platform/configurations.ts';
import { type MessengerDeployment, readDeployment } from '../../src/genesys/dialects/platform/deployments.ts';
import type { EmbedGeneration } from '../../src/jobs/embed-generation.ts';
import type { Handler } from '../../src/runtime/handler.ts';
import type { Tenant } from '../../src/tenants/tenant.ts';
import { checkedSize } from '../embed-size.ts';
import { requestContext } from '../request-context.ts';
import { isScriptHost } from './script-hosts.ts';

export interface PlatformEmbedOptions {
  readonly genesys: GenesysClient;
  readonly clock: Clock;
}

/**
 * Gives the snippet of a deployment, after a check (docs/platform.md#embed-codes). The widget of the
 * job is the deployment. The platform takes no payload: the look and the languages are those of the
 * configuration, and a second tag sets the attributes for the routing.
 */
export function platformEmbed({ genesys, clock }: PlatformEmbedOptions): Handler<EmbedGeneration> {
  return async function generate(job) {
    const { tenant, data } = job;
    const startedMs = performance.now();
    const asked = { id: data.widgetId };
    const deployment = await genesys.call(tenant, readDeployment, asked, requestContext(job));
    const requestMs = Math.round(performance.now() - startedMs);
    const { environment } = checkedSnippet(deployment, data, tenant);
    const { id: configurationId, version } = deployment.configuration;
    const pinned = { configurationId, version };
    const { fields } = await genesys.call(tenant, readVersion, pinned, requestContext(job));
    checkSwitches(missingSwitches(fields));
    const payload = createPayload(data, {
      widgetId: deployment.id,
      environment,
      generatedAt: new Date(clock.now()),
    });
    const hasAttributes = Object.keys(payload.customAttributes).length > 0;
    return done({
      widgetId: deployment.id,
      environment,
      generatedAt: payload.generatedAt,
      payloadBytes: checkedSize(payload),
      requestMs,
      scriptTag: deployment.snippet ?? '',
      ...(hasAttributes && { attributesTag: attributesTag(payload.customAttributes) }),
      missingLanguages: missingLanguages(data.locales, fields),
      notApplied: Object.keys(data.theme).length > 0 ? ['theme'] : [],
    });
  };
}

/** @throws {CodedError} WIDGET_MALFORMED */
function checkedSnippet(
  deployment: MessengerDeployment,
  { widgetId }: EmbedGeneration,
  tenant: Tenant,
): Snippet {
  if (deployment.id.toLowerCase() !== widgetId.toLowerCase()) {
    throw refusal('WIDGET_MALFORMED', 'the answer describes another deployment than the one asked for');
  }
  const read = readSnippet(deployment.snippet ?? '', {
    deploymentId: deployment.id,
    isHost: (host) => isScriptHost(tenant, host),
  });
  if (!read.issues) return read.snippet;
  const details = read.issues.map(describeIssue);
  throw refusal('WIDGET_MALFORMED', `the snippet cannot be used: ${details.join('; ')}`, details);
}

/** @throws {CodedError} WIDGET_FEATURES_MISSING */
function checkSwitches(missing: readonly string[]): void {
  if (missing.length === 0) return;
  throw refusal('WIDGET_FEATURES_MISSING', `the configuration lacks ${missing.join(', ')}`, missing);
}

/** The status reports to the bucket that Genesys Cloud answered. */
function refusal(
  code: 'WIDGET_MALFORMED' | 'WIDGET_FEATURES_MISSING',
  message: string,
  details: readonly string[] = [],
): CodedError {
  return new CodedError(code, `deployment.read: ${message}`, { status: 200, details });
}
