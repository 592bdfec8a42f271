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
