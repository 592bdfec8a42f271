/** A `Content-Type`, in lower case. */
export interface MediaType {
  /** `application/json`, without parameters. */
  readonly essence: string;
  /** Whether its text is UTF-8, as all JSON is; a parameter may say so, or claim another encoding. */
  readonly isUtf8: boolean;
}

/** Longer than any media type in use. */
const MAX_LENGTH = 256;
const TOKEN = "[!#$%&'*+.^_`|~0-9a-z-]+";
const MEDIA_TYPE = new RegExp(`^[ \\t]*(${TOKEN}/${TOKEN})[ \\t]*((?:;.*)?)$`);
const PARAMETERS = new RegExp(`^(?:;[ \\t]*(?:${TOKEN}=(?:${TOKEN}|"[^"\\\\]*")[ \\t]*)?)*$`);
const CHARSET = /(?:^|[; \t])charset="?([^";\t ]*)/g;
/** US-ASCII is a part of UTF-8. */
const UTF8_NAMES: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii']);

/** Reads the header by the grammar of RFC 9110 §8.3; undefined when it is another text. */
export function mediaTypeOf(header: string): MediaType | undefined {
  if (header.length > MAX_LENGTH) return undefined;
  const text = header.toLowerCase();
  const [, essence, parameters = ''] = MEDIA_TYPE.exec(text) ?? [];
  if (essence === undefined || !PARAMETERS.test(parameters)) return undefined;
  const names = [...parameters.matchAll(CHARSET)].map(([, name = '']) => name);
  return { essence, isUtf8: names.length < 2 && names.every((name) => UTF8_NAMES.has(name)) };
}

/** Whether the content is JSON: the subtype is `json`, or ends with `+json`. */
export function isJson({ essence, isUtf8 }: MediaType): boolean {
  return isUtf8 && /(?:\/|\+)json$/.test(essence);
}
