/** Strings that test a parser: random ones, and valid or nearly valid HTML from a grammar. */

/** Numbers from 0 to 1, the same for the same seed. */
export type Random = () => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const FORMATTING = (
  'a b blockquote br caption code dd div dl dt em h1 h2 hr i li ol p pre s small span strong sub table tbody td th ' +
  'thead tr u ul p b i div li td tr table'
).split(' ');
const OTHERS = (
  'script style svg math template noscript select option plaintext frameset frame iframe textarea title xmp noembed ' +
  'noframes body html head base link meta form input button img image object embed video details summary marquee ' +
  'foreignObject desc annotation-xml mtext mglyph malignmark mi font nobr applet colgroup col optgroup listing isindex ' +
  'search dialog keygen param rp rt ruby'
).split(' ');
const ATTRIBUTES = [
  'title="x"',
  "title='a\"b'",
  'title=x',
  'title="<b>&amp;&lt;"',
  'title="</p><script>alert(1)</script>"',
  'lang=en',
  'dir=rtl',
  'href="https://example.com/?a=1&b=2"',
  'href=mailto:a@example.com',
  'href="https://example.com/&quot;onclick=alert(1)"',
  'colspan=2',
];
const BAD_ATTRIBUTES = [
  'href="javascript:alert(1)"',
  "href='java\nscript:alert(1)'",
  'href=//evil.test',
  'onclick=alert(1)',
  'onmouseover="alert(1)"',
  'style="background:url(//evil.test/1)"',
  "style='background:u\\72l(https://evil.test/1)'",
  'src=//evil.test/x.png',
  'class=x',
  'id=x',
  'x="',
  "title='",
  'title="',
  '<b',
  '=',
  '/',
];
const TEXTS = [
  'hello',
  'Tom & Jerry',
  '5 < 6',
  'a > b',
  '&lt;script&gt;',
  '&amp;lt;',
  '&#60;b&#62;',
  '&lt',
  '&#x3c',
  '&nbsp;',
  '&#13;',
  '&#146;',
  '"',
  "'",
  ' ',
  '\n',
  '\r\n',
  '\t',
  'é',
  '😀',
  '你好',
  '\u00a0',
  '\u200b',
  '{{1}}',
  '<3',
  'x=y',
];
const ODD = [
  '<!--',
  '-->',
  '--!>',
  '<!-->',
  '<!doctype html>',
  '<![CDATA[',
  ']]>',
  '<?xml ?>',
  '</',
  '</>',
  '<',
  '>',
  '</p x="',
  '</br>',
  '</p>',
  '<p x="><p title="><img src=x onerror=alert(1)>">',
  '&',
  '&#',
  '&#0;',
  '\0',
  '\ud83d',
  '<p/title=x>',
  '<b/>',
  '<a\u00a0href=x>',
  '<p title=',
];

/** One string, the same for the same numbers. */
export function richString(random: Random): string {
  const kind = random();
  if (kind < 0.15) return Array.from({ length: upTo(random, 14) }, () => anyPiece(random)).join('');
  if (kind < 0.25) return Array.from({ length: upTo(random, 40) }, () => noise(random)).join('');
  const made = content(random, 4);
  return kind < 0.65 ? made : mutated(random, made);
}

function content(random: Random, depth: number): string {
  return Array.from({ length: upTo(random, 4) }, () => element(random, depth)).join('');
}

function element(random: Random, depth: number): string {
  if (depth === 0 || random() < 0.35) return pick(random, TEXTS);
  const name = random() < 0.97 ? pick(random, FORMATTING) : pick(random, OTHERS);
  const attribute = random() < 0.2 ? ` ${pick(random, random() < 0.9 ? ATTRIBUTES : BAD_ATTRIBUTES)}` : '';
  const start = `<${random() < 0.05 ? name.toUpperCase() : name}${attribute}>`;
  if (name === 'br' || name === 'hr') return start;
  const inside = within(random, name, depth - 1);
  return random() < 0.9 ? `${start}${inside}</${name}>` : `${start}${inside}`;
}

/** A child of a table or a list, most of the time a valid one. */
function within(random: Random, name: string, depth: number): string {
  const wanted = { table: 'tr', tbody: 'tr', thead: 'tr', tr: 'td', ul: 'li', ol: 'li', dl: 'dt' }[name];
  if (wanted === undefined || random() < 0.1) return content(random, depth);
  return Array.from(
    { length: upTo(random, 3) },
    () => `<${wanted}>${within(random, wanted, depth)}</${wanted}>`,
  ).join('');
}

/** Removes, inserts or cuts off a part. */
function mutated(random: Random, text: string): string {
  const at = Math.floor(random() * (text.length + 1));
  const kind = random();
  if (kind < 0.3) return text.slice(0, at) + text.slice(at + 1 + upTo(random, 6));
  if (kind < 0.8) return text.slice(0, at) + anyPiece(random) + text.slice(at);
  return text.slice(0, at);
}

function anyPiece(random: Random): string {
  const kind = random();
  if (kind < 0.25) return pick(random, TEXTS);
  if (kind < 0.45) return pick(random, ODD);
  const name = pick(random, kind < 0.75 ? FORMATTING : OTHERS);
  if (random() < 0.35) return `</${name}>`;
  const attribute = random() < 0.5 ? '' : ` ${pick(random, random() < 0.5 ? ATTRIBUTES : BAD_ATTRIBUTES)}`;
  return `<${name}${attribute}${random() < 0.9 ? '>' : ''}`;
}

function noise(random: Random): string {
  if (random() < 0.5) return pick(random, [...'<>/="\'&;#!-?` \n\tab1']);
  return String.fromCodePoint(Math.floor(random() * 0x3000));
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)] as Item;
}

function upTo(random: Random, most: number): number {
  return Math.floor(random() * (most + 1));
}
