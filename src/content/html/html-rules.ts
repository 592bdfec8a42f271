import { hiddenIssue, linkIssue } from '../text/link.ts';

/** These tags format a text. Any other tag can run, load, frame or restyle something. */
const TAGS = new Set(
  (
    'a abbr b blockquote br caption cite code dd del div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i ins kbd ' +
    'li mark ol p pre q s small span strong sub sup table tbody td tfoot th thead time tr u ul'
  ).split(' '),
);

/** Why an attribute may not hold a value; undefined when it may. */
type Rule = (value: string) => string | undefined;

const text: Rule = () => undefined;
const link: Rule = (address) => linkIssue(address) ?? hiddenIssue(address);
const number = matching(/^\d{1,3}$/, 'a number');

/**
 * Every tag may have these attributes: they only inform. `style`, `class` and `id` change the page,
 * so they are not here.
 */
const ANYWHERE = new Map<string, Rule>([
  ['title', text],
  ['lang', matching(/^[a-z0-9-]{0,35}$/i, 'a language tag')],
  ['dir', matching(/^(?:ltr|rtl|auto)$/i, 'ltr, rtl or auto')],
]);

const OF_TAGS = new Map<string, ReadonlyMap<string, Rule>>([
  ['a', new Map([['href', link]])],
  [
    'ol',
    new Map([
      ['start', number],
      ['type', matching(/^[1ai]$/i, '1, a, A, i or I')],
    ]),
  ],
  ['li', new Map([['value', number]])],
  [
    'td',
    new Map([
      ['colspan', number],
      ['rowspan', number],
    ]),
  ],
  [
    'th',
    new Map([
      ['colspan', number],
      ['rowspan', number],
    ]),
  ],
  ['time', new Map([['datetime', matching(/^[\w:.+ -]{0,64}$/, 'a time')]])],
]);

const REMEDIES = new Map([['img', '; it would load an address, so send it as an attachment']]);

/** Why a tag may not be in an HTML text; undefined when it only formats. */
export function tagIssue(name: string): string | undefined {
  return TAGS.has(name) ? undefined : `the tag ${printable(name)}${REMEDIES.get(name) ?? ''}`;
}

/**
 * Why an attribute may not be in an HTML text; undefined when it does nothing, or links to an
 * allowed address.
 */
export function attributeIssue(tag: string, name: string, value: string): string | undefined {
  const rule = ANYWHERE.get(name) ?? OF_TAGS.get(tag)?.get(name);
  if (rule === undefined) return `the attribute ${printable(name)}`;
  const issue = rule(value);
  return issue && `what the attribute ${printable(name)} holds; ${issue}`;
}

function matching(pattern: RegExp, wanted: string): Rule {
  return (value) => (pattern.test(value) ? undefined : `expected ${wanted}`);
}

// The name comes from the text, so that the message bounds it and keeps only the characters of
// names.
function printable(name: string): string {
  return name.replace(/[^a-z0-9:_-]/gi, '?').slice(0, 20);
}
