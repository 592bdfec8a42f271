import { type Issue, quotedKey } from '../../core/issues.ts';
import { readJson, type Scalar } from '../json/read-json.ts';
import type { ContentPolicy } from '../policy/policy.ts';
import { type Budget, openBudget } from '../policy/step-budget.ts';
import { unreadableIn } from '../text/characters.ts';
import { leadsAstray } from '../text/link.ts';
import { readingOf } from '../text/reading.ts';
import { widgetTextIssue } from '../text/widget-text.ts';

/** A payload has eight times the bytes of a message. */
const MESSAGES = 8;
const MAX_ISSUES = 20;

/**
 * Every issue of the texts and names in data of any shape that a page or an agent will show: they
 * are plain texts, and no addresses.
 *
 * @param data without issues of `readJson`.
 * @param path that of the data in the input.
 */
export function dataIssues(data: object, path: string, policy: ContentPolicy): Issue[] {
  const budget = openBudget(MESSAGES);
  const names = new Set<string>();
  const issues: Issue[] = [];
  for (const leaf of readJson(data, path).leaves) {
    if (issues.length >= MAX_ISSUES) return issues;
    const message = valueIssue(leaf.value, policy, budget);
    if (message !== undefined) issues.push({ path: leaf.path, message });
    for (const name of leaf.names) names.add(name);
  }
  for (const name of names) {
    if (issues.length >= MAX_ISSUES) return issues;
    const message = textIssue(name, policy, budget);
    if (message !== undefined) issues.push({ path, message: `the name ${quotedKey(name)}: ${message}` });
  }
  return issues;
}

/** Pages show a number as its digits. */
function valueIssue(value: Scalar, policy: ContentPolicy, budget: Budget): string | undefined {
  if (typeof value === 'string') return textIssue(value, policy, budget);
  return typeof value === 'number' ? policy.violation('text/plain', String(value), budget) : undefined;
}

function textIssue(text: string, policy: ContentPolicy, budget: Budget): string | undefined {
  if (text.trim() === '') return unreadableIn(text);
  const reading = readingOf(text);
  if (reading && leadsAstray(reading)) {
    return 'expected a text that is no address, or one that begins with https:; it must not begin with //, data: or another scheme that runs';
  }
  return widgetTextIssue(text, policy, budget);
}
