import { unreadableIn } from './characters.ts';
import { dangerIn } from './dangerous.ts';
import { isRecord, type TreeNode } from './json-tree.ts';
import { leadsAstray, linkFault } from './link.ts';
import type { ContentPolicy } from './policy.ts';
import { readingOf } from './reading.ts';
import { sanitizeText } from './sanitize.ts';
import type { Budget } from './step-budget.ts';
import { visibleText } from './visible-text.ts';

/**
 * What a text of a card is for, which its key tells:
 *
 *   text   is read by the guest; may be formatted
 *   value  comes back when a button is pressed; data, and yet some widgets follow it as a link
 *   link   leads somewhere: `url`, `imageUrl`, `href`, and the value of a button that opens a link
 *   name   chooses between things that the widget knows: `type`, `action`, `style`
 */
type Role = 'text' | 'value' | 'link' | 'name';

const LINK_KEY = /(?:ur[li]|href|src|link|poster|formaction)s?$/i;
const STYLE_KEY = /^(?:style|css)|[._-](?:style|css)|(?:Styles?|Css|CSS)$/;
const LINK_ACTION = /ur[li]|link|href|^web$/i;
const NAME = /^[\w#][\w #%.,-]{0,63}$/;

/** Why a text may not be sent, without quoting it; undefined when it may. */
export function cardTextFault(
  node: TreeNode,
  text: string,
  policy: ContentPolicy,
  budget?: Budget,
): string | undefined {
  const unreadable = unreadableIn(text);
  if (unreadable !== undefined) return unreadable;
  switch (roleOf(node)) {
    case 'name':
      if (NAME.test(text)) return undefined;
      return 'expected a name of at most 64 letters, digits, "_", "-" and spaces, such as primary; CSS is not taken';
    case 'link':
      return linkFault(text);
    case 'value':
      return valueFault(text) ?? textFault(text, policy, budget);
    case 'text':
      return textFault(text, policy, budget);
  }
}

/** The text as it is sent. @param text checked by {@link cardTextFault}. */
export function cleanCardText(node: TreeNode, text: string): string {
  const role = roleOf(node);
  return role === 'name' || role === 'link' ? text : sanitizeText(text);
}

function textFault(text: string, policy: ContentPolicy, budget: Budget | undefined): string | undefined {
  const sanitized = sanitizeText(text);
  if (text !== '' && visibleText(sanitized).trim() === '') {
    return 'expected a text that is more than white space and tags that are taken out';
  }
  return dangerIn(sanitized) ?? policy.violation('text/plain', sanitized, budget);
}

function valueFault(text: string): string | undefined {
  const reading = readingOf(text);
  if (!reading || !leadsAstray(reading.joined)) return undefined;
  return 'expected a value that is no address, or one that begins with https:; it must not begin with //, data: or another scheme that runs';
}

function roleOf(node: TreeNode): Role {
  const { key, parent } = node;
  if (isStyled(node) || isName(node)) return 'name';
  if (LINK_KEY.test(key)) return 'link';
  if (key !== 'value' && key !== 'payload') return 'text';
  return opensLink(parent?.value) ? 'link' : 'value';
}

/** All that stands under a `style` is one, as in `style: {color: 'red'}`. */
function isStyled({ key, parent }: TreeNode): boolean {
  return STYLE_KEY.test(key) || (parent !== undefined && isStyled(parent));
}

/** In a component or an action; a field of a template may be called `type` and hold any text. */
function isName({ key, path }: TreeNode): boolean {
  return (key === 'type' || key === 'action') && /^(?:components|fields\.actions)\b/.test(path);
}

function opensLink(button: unknown): boolean {
  if (!isRecord(button)) return false;
  return [button['action'], button['type']].some(
    (kind) => typeof kind === 'string' && LINK_ACTION.test(kind),
  );
}
