import { GUIDE_WIDGET_ID } from '../../../src/sandbox/webmessaging/widgets.ts';

/** The example of the guide on embed codes (docs/guides.md#embed-payload). */

/** A widget of the sandbox that has all that embedding needs. */
export const GUIDE_WIDGET = GUIDE_WIDGET_ID;

export const embedFields = {
  locales: { 'en-US': 'en', 'es-ES': 'es', 'fr-FR': 'fr' },
  customAttributes: { source: 'marketing_campaign', priority: 'high' },
  theme: { primaryColor: '#0056b3', fontFamily: 'Inter, sans-serif' },
};

/** The job of a producer; `fields` replaces its own. */
export function embed<Fields extends object>(fields?: Fields) {
  return { tenantId: 'acme', widgetId: GUIDE_WIDGET, ...embedFields, ...fields };
}
