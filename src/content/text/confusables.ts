/**
 * Letters and signs that look like one of ASCII, after Unicode Technical Standard 39: Cyrillic,
 * Greek, Armenian, Latin of other shapes, and dashes. The whole table of the standard is larger,
 * and maps ASCII as well (`m` to `rn`, `1` to `l`), which no operator expects of a pattern. NFKC
 * already maps full-width and mathematical letters to ASCII.
 */
const LOOKALIKES: Readonly<Record<string, string>> = {
  a: 'аɑα',
  b: 'ʙЬƅ',
  c: 'сϲᴄⅽ',
  d: 'ᴅđԁɗ',
  e: 'ᴇеҽ℮',
  f: 'ꜰϝꞙẝ',
  g: 'ɢɡցǥ',
  h: 'ʜħһհ',
  i: 'ɪіıɩιӏ',
  j: 'ᴊјϳ',
  k: 'κкᴋ',
  l: 'ʟӏǀ׀ߊł',
  m: 'ᴍм',
  n: 'ɴոռпη',
  o: 'øоοօσᴏ၀',
  p: 'ᴘрρ',
  q: 'ԛգզ',
  r: 'ʀгᴦⲅ',
  s: 'ѕꜱƽ',
  t: 'тτᴛ',
  u: 'υսʋᴜ',
  v: 'νѵᴠט',
  w: 'ԝѡաᴡω',
  x: 'хχ',
  y: 'уүγყʏ',
  z: 'ᴢ',
  A: 'АΑᎪ',
  B: 'ƁβВΒᏴ',
  C: 'СϹᏟ',
  D: 'Ꭰ',
  E: 'ЕΕᎬ',
  F: 'ϜҒ',
  G: 'ԌᏀ',
  H: 'НΗᎻ',
  I: 'ІΙӀ',
  J: 'ЈͿᎫ',
  K: 'КΚᏦ',
  L: 'Ꮮ',
  M: 'МΜᎷ',
  N: 'Ν',
  O: 'ØОΟՕ',
  P: 'РΡᏢ',
  Q: 'Ԛ',
  R: 'Ꭱ',
  S: 'ЅՏᏚ',
  T: 'ТΤᎢ',
  U: 'Ս',
  V: 'ѴᏙ',
  W: 'ԜᎳ',
  X: 'ХΧ',
  Y: 'УΥҮ',
  Z: 'ΖᏃ',
  '0': '߀',
  '3': 'ЗӠƷ',
  '4': 'Ꮞ',
  '6': 'Ꮾ',
  '-': '‐‑‒–—−⁃',
  '.': '٠۰․',
  ',': '‚ꓹ',
  ':': '։ː˸∶꞉',
  ';': '\u037e',
  '/': '⁄∕⧸',
  "'": '‘’ʹʼ′',
  _: 'ߺ',
};

const LETTERS = new Map(
  Object.entries(LOOKALIKES).flatMap(([letter, like]) => [...like].map((each) => [each, letter] as const)),
);

/** The first letter of those in black circles, in black squares, and of flags. */
const IN_SHAPES = [0x1f150, 0x1f170, 0x1f1e6];

/** Letters in black shapes as letters. NFKC maps those in white shapes. */
function unshaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const first = IN_SHAPES.find((start) => code >= start && code < start + 26);
  return first === undefined ? character : String.fromCharCode(0x61 + code - first);
}

/**
 * A text with lookalikes as ASCII, and without marks above, below and across letters: `mаlwаre`,
 * `m̶alware`.
 */
export function skeletonOf(text: string): string {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '');
  return plain.replace(/\P{ASCII}/gu, (character) => LETTERS.get(character) ?? unshaped(character));
}
