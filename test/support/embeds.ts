import { GUIDE_WIDGET_ID } from '../../src/sandbox/webmessaging/widgets.ts';

/** A widget of the sandbox with all features that embedding needs. */
export const GUIDE_WIDGET = GUIDE_WIDGET_ID;

/** A sample embed job. `fields` replaces its fields. */
export function embed<Fields extends object>(fields?: Fields) {
  return {
    tenantId: 'acme',
    widgetId: GUIDE_WIDGET,
    locales: { 'en-US': 'en', 'es-ES': 'es', 'fr-FR': 'fr' },
    customAttributes: { source: 'marketing_campaign', priority: 'high' },
    theme: { primaryColor: '#0056b3', fontFamily: 'Inter, sans-serif' },
    ...fields,
  };
}

/** Texts that break out of markup and code without escaping. */
export const HOSTILE_TEXTS = [
  '"',
  "'",
  '</script>',
  '"><script>window.broken = true</script>',
  "'><img src=x onerror='window.broken = true'>",
  '<!--',
  ']]>',
  '&quot; onload=window.broken=true ',
  '&amp',
  'a\nb\r\nc\td',
  '\u2028\u2029',
  'größe 漢字 😀',
  '\\u0022',
];

/** The payload that a page finds in `data-config`. */
export function decodeConfig(config: string): unknown {
  return JSON.parse(Buffer.from(config, 'base64').toString('utf8'));
}
