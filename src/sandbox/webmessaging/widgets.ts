import { notFound } from '../answers/refusals.ts';
import type { SandboxClient } from '../login/clients.ts';
import type { OperationHandler } from '../requests/arrival.ts';

/** The id of the sample widget that has every feature. */
export const GUIDE_WIDGET_ID = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890';

const FEATURES = ['webMessagingV2', 'localeFallback', 'customAttributeRouting'];

/** The widgets of every tenant: a valid one, one without each feature, and a malformed one. */
export const SAMPLE_WIDGETS: Readonly<Record<string, unknown>> = Object.fromEntries([
  [GUIDE_WIDGET_ID, sample(GUIDE_WIDGET_ID, FEATURES)],
  ...FEATURES.map((missing) => {
    const id = `widget-without-${missing}`;
    const features = FEATURES.filter((feature) => feature !== missing);
    return [id, sample(id, features)];
  }),
  // A deployment that stopped in the middle leaves such a widget.
  ['widget-malformed', { id: 'widget-malformed', name: 'Half deployed', configuration: null }],
]);

/** The widgets of all tenants: the samples, and the widgets that a test sets. */
export interface Widgets {
  /** The description of a widget. Undefined for an unknown id. */
  of(client: SandboxClient, widgetId: string): { readonly description: unknown } | undefined;
  /** @param description sent unchanged, also when it is no valid widget */
  set(tenant: string, widgetId: string, description: unknown): void;
}

export function createWidgets(): Widgets {
  const own = new Map<string, unknown>();
  const keyOf = (tenant: string, widgetId: string) => JSON.stringify([tenant, widgetId]);
  return {
    of({ tenant }, widgetId) {
      const key = keyOf(tenant, widgetId);
      if (own.has(key)) return { description: own.get(key) };
      return Object.hasOwn(SAMPLE_WIDGETS, widgetId) ? { description: SAMPLE_WIDGETS[widgetId] } : undefined;
    },
    set(tenant, widgetId, description) {
      own.set(keyOf(tenant, widgetId), description);
    },
  };
}

/** The handler of `widget.read` (docs/guides.md#read-a-widget). */
export function createWidgetRead({ widgets }: { readonly widgets: Widgets }): OperationHandler {
  return ({ params, correlationId }, client) => {
    const widget = widgets.of(client, params['widgetId'] ?? '');
    if (widget !== undefined) return { status: 200, body: widget.description };
    return notFound(correlationId, 'widget');
  };
}

function sample(id: string, features: readonly string[]): unknown {
  return {
    id,
    name: 'Support chat',
    configuration: {
      theme: { primaryColor: '#0056b3', fontFamily: 'Inter, sans-serif' },
      locale: 'en-US',
      routing: { queue: 'support' },
      features,
    },
    status: 'active',
  };
}
