/**
 * Letters and signs that look like one of ASCII, after Unicode Technical Standard 39: Cyrillic, Greek, Armenian, Latin
 * with other shapes, and dashes. Its whole table is larger, and maps ASCII as well (`m` to `rn`, `1` to `l`), which no
 * pattern would be written for. Full-width and mathematical letters are those of ASCII by NFKC already.
 */
const LOOKALIKES: Readonly<Record<string, string>> = {
  a: 'аɑα',
  b: 'Ьƅ',
  c: 'сϲᴄⅽ',
  d: 'ԁɗ',
  e: 'еҽ℮',
  f: 'ϝꞙẝ',
  g: 'ɡցǥ',
  h: 'һհ',
  i: 'іıɩιӏ',
  j: 'јϳ',
  k: 'κкᴋ',
  l: 'ӏǀ׀ߊł',
  m: 'м',
  n: 'ոռпη',
  o: 'оοօσᴏ၀',
  p: 'рρ',
  q: 'ԛգզ',
  r: 'гᴦⲅ',
  s: 'ѕꜱƽ',
  t: 'тτᴛ',
  u: 'υսʋᴜ',
  v: 'νѵᴠט',
  w: 'ԝѡաᴡω',
  x: 'хχ',
  y: 'уүγყʏ',
  z: 'ᴢ',
  A: 'АΑᎪ',
  B: 'ВΒᏴ',
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
  O: 'ОΟՕ',
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

/** A text with what looks like ASCII as ASCII, and without marks above, below and across letters: `mаlwаre`, `m̶alware`. */
export function skeletonOf(text: string): string {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '');
  return plain.replace(/\P{ASCII}/gu, (character) => LETTERS.get(character) ?? character);
}
