import { createPayload, encodePayload, missingFeatures, scriptTag } from '../src/content/embed/embed-code.ts';
import type { Clock } from '../src/core/clock.ts';
import { CodedError } from '../src/core/errors.ts';
import { done } from '../src/core/outcome.ts';
import type { GenesysClient } from '../src/genesys/client.ts';
import { guest } from '../src/genesys/dialects/guest/guest.ts';
import type { Widget } from '../src/genesys/dialects/guest/shapes.ts';
import { environmentOf } from '../src/genesys/environment.ts';
import type { EmbedGeneration } from '../src/jobs/embed-generation.ts';
import type { Handler } from '../src/runtime/handler.ts';
import { addressAt } from '../src/tenants/hosts.ts';
import { checkedSize } from './embed-size.ts';
import { requestContext } from './request-context.ts';

export interface EmbedGenerationOptions {
  readonly genesys: GenesysClient;
  readonly clock: Clock;
}

/**
 * Makes the tag that embeds a widget in a page, from the widget as Genesys Cloud has it
 * (docs/guides.md#embed-codes).
 */
export function embedGeneration({ genesys, clock }: EmbedGenerationOptions): Handler<EmbedGeneration> {
  return async function generate(job) {
    const { tenant, data } = job;
    const startedMs = performance.now();
    const widget = await genesys.call(tenant, guest.readWidget, data, requestContext(job));
    const requestMs = Math.round(performance.now() - startedMs);
    checkWidget(widget, data);
    const payload = createPayload(data, {
      widgetId: widget.id,
      environment: environmentOf(widget, tenant),
      generatedAt: new Date(clock.now()),
    });
    const payloadBytes = checkedSize(payload);
    const src = addressAt(tenant.hosts.api, guest.widgetScriptPath(widget.id));
    return done({
      widgetId: widget.id,
      generatedAt: payload.generatedAt,
      payloadBytes,
      requestMs,
      scriptTag: scriptTag(src.href, encodePayload(payload)),
    });
  };
}

function checkWidget({ id, features }: Widget, { widgetId }: EmbedGeneration): void {
  if (id.toLowerCase() !== widgetId.toLowerCase()) {
    throw refusal(
      'WIDGET_MALFORMED',
      'widget.read: the answer describes another widget than the one asked for',
    );
  }
  const missing = missingFeatures(features);
  if (missing.length === 0) return;
  throw refusal('WIDGET_FEATURES_MISSING', `widget.read: the widget lacks ${missing.join(', ')}`, missing);
}

/** The status reports to the bucket that Genesys Cloud answered. */
function refusal(
  code: 'WIDGET_MALFORMED' | 'WIDGET_FEATURES_MISSING',
  message: string,
  details: readonly string[] = [],
): CodedError {
  return new CodedError(code, message, { status: 200, details });
}
