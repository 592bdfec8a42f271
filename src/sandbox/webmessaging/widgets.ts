import { notFound } from '../answers/refusals.ts';
import type { SandboxClient } from '../login/clients.ts';
import type { OperationHandler } from '../requests/arrival.ts';

/** Id of the sample widget that has all that embedding needs. */
export const GUIDE_WIDGET_ID = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890';

const FEATURES = ['webMessagingV2', 'localeFallback', 'customAttributeRouting'];

/** Widgets that every tenant has: a good one, one without each of the features that embedding needs, a broken one. */
export const SAMPLE_WIDGETS: Readonly<Record<string, unknown>> = Object.fromEntries([
  [GUIDE_WIDGET_ID, sample(GUIDE_WIDGET_ID, FEATURES)],
  ...FEATURES.map((missing) => {
    const id = `widget-without-${missing}`;
    const features = FEATURES.filter((feature) => feature !== missing);
    return [id, sample(id, features)];
  }),
  // As after a deployment that stopped half-way.
  ['widget-malformed', { id: 'widget-malformed', name: 'Half deployed', configuration: null }],
]);

/** The widgets of all tenants: the samples, and what tests set in their place or beside them. */
export interface Widgets {
  /** What is told of a widget; undefined when there is none of this id. */
  of(client: SandboxClient, widgetId: string): { readonly description: unknown } | undefined;
  /** @param description sent as it is, whatever it is. */
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

/** The handler of `widget.read`: a widget with its configuration (docs/guides.md#read-a-widget). */
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
