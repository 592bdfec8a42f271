import type { Issue } from '../../core/issues.ts';
import { isRecord } from '../../core/json.ts';
import { readJson } from '../json/read-json.ts';
import type { ContentPolicy } from '../policy/policy.ts';
import { attributeIssues } from './custom-attributes.ts';
import { dataIssues } from './data-issues.ts';
import {
  createPayload,
  describeSize,
  type EmbedContent,
  MAX_PAYLOAD_BYTES,
  measurePayload,
} from './embed-code.ts';
import { localeIssues } from './locales.ts';

/** The content of an embed code, as it came in: any value. */
export type RawEmbedContent = { readonly [Name in 'widgetId' | keyof EmbedContent]?: unknown };

/** Every issue of an embed code, beyond the types of its fields. */
export function embedIssues(raw: RawEmbedContent, policy: ContentPolicy): Issue[] {
  const issues = [
    ...localeIssues(raw.locales),
    ...attributeIssues(raw.customAttributes),
    ...(isRecord(raw.theme) ? readJson(raw.theme, 'theme').issues : []),
  ];
  // The checks below recurse, and data with an issue may be nested without end.
  if (issues.length > 0) return issues;
  const tooLarge = sizeIssues(raw);
  if (tooLarge.length > 0) return tooLarge;
  return (['customAttributes', 'theme'] as const).flatMap((field) => {
    const data = raw[field];
    return isRecord(data) ? dataIssues(data, field, policy) : [];
  });
}

/** Measures the least that the payload will have: the worker may add the name of the region. */
function sizeIssues({ widgetId, locales, customAttributes = {}, theme = {} }: RawEmbedContent): Issue[] {
  if (!isRecord(locales) || !isRecord(customAttributes) || !isRecord(theme)) return [];
  const content = { locales, customAttributes, theme } as EmbedContent;
  const occasion = {
    widgetId: typeof widgetId === 'string' ? widgetId : '',
    environment: '',
    generatedAt: new Date(0),
  };
  const size = measurePayload(createPayload(content, occasion));
  if (size.bytes <= MAX_PAYLOAD_BYTES) return [];
  const message = `expected a payload of at most ${MAX_PAYLOAD_BYTES} bytes of JSON, got at least ${describeSize(size)}`;
  return [{ path: size.parts[0]?.name ?? '', message }];
}
