import { escapeAttribute } from '../html/rich-tree.ts';
import { type FlatAttributes, flatten } from './custom-attributes.ts';
import type { LocaleMatrix } from './locales.ts';

/** 32 KiB of JSON, before base64 makes a third more of it (docs/guides.md#embed-payload). */
export const MAX_PAYLOAD_BYTES = 32_768;

const PAYLOAD_VERSION = '2.1';

/** The configuration of a widget must have these features (docs/guides.md#required-features). */
const REQUIRED_FEATURES = ['webMessagingV2', 'localeFallback', 'customAttributeRouting'];

/** The choices of a producer for the widget on a page. */
export interface EmbedContent {
  readonly locales: LocaleMatrix;
  /** The payload has a flat list: objects within it become names with dots. */
  readonly customAttributes: Readonly<Record<string, unknown>>;
  readonly theme: Readonly<Record<string, unknown>>;
}

/** The widget, its region, and the time at which the code is made. */
export interface EmbedOccasion {
  readonly widgetId: string;
  /** Name of the region, such as us-east-1. */
  readonly environment: string;
  readonly generatedAt: Date;
}

/** The content of `data-config`, in this order (docs/guides.md#embed-payload). */
export interface EmbedPayload {
  readonly widgetId: string;
  readonly environment: string;
  readonly locales: LocaleMatrix;
  readonly customAttributes: FlatAttributes;
  readonly theme: Readonly<Record<string, unknown>>;
  /** To the second, UTC. */
  readonly generatedAt: string;
  readonly version: string;
}

/** The required features that a widget lacks. */
export function missingFeatures(features: readonly unknown[]): string[] {
  return REQUIRED_FEATURES.filter((name) => !features.includes(name));
}

export function createPayload(
  { locales, customAttributes, theme }: EmbedContent,
  { widgetId, environment, generatedAt }: EmbedOccasion,
): EmbedPayload {
  return {
    widgetId,
    environment,
    locales,
    customAttributes: flatten(customAttributes),
    theme,
    generatedAt: generatedAt.toISOString().replace(/\.\d+Z$/, 'Z'),
    version: PAYLOAD_VERSION,
  };
}

/** Bytes of the payload as JSON, and of the parts that the producer chose. */
export interface PayloadSize {
  readonly bytes: number;
  /** The largest first; the fixed fields take the rest. */
  readonly parts: readonly { readonly name: keyof EmbedContent; readonly bytes: number }[];
}

export function measurePayload(payload: EmbedPayload): PayloadSize {
  const names = ['locales', 'customAttributes', 'theme'] as const;
  const parts = names.map((name) => ({ name, bytes: asciiJson(payload[name]).length }));
  return { bytes: asciiJson(payload).length, parts: parts.sort((a, b) => b.bytes - a.bytes) };
}

/** `32800: customAttributes 31000, theme 900, locales 700, the rest 200`. */
export function describeSize({ bytes, parts }: PayloadSize): string {
  const rest = parts.reduce((left, part) => left - part.bytes, bytes);
  return `${bytes}: ${parts.map((part) => `${part.name} ${part.bytes}`).join(', ')}, the rest ${rest}`;
}

/** The payload in base64, as `data-config` has it. */
export function encodePayload(payload: EmbedPayload): string {
  return Buffer.from(asciiJson(payload), 'ascii').toString('base64');
}

/**
 * The tag that a page embeds a widget with (docs/guides.md#script-tag).
 * @param src address of the widget's script.
 * @param config see `encodePayload`.
 */
export function scriptTag(src: string, config: string): string {
  return `<script src="${escapeAttribute(src)}" data-config="${escapeAttribute(config)}" async defer></script>`;
}

/**
 * JSON of ASCII characters alone (docs/guides.md#embed-payload). A page that decodes the base64
 * byte by byte, with `atob`, then reads every character right.
 */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
