import { z } from 'zod';
import { plainTextOf } from '../content/html/plain-text.ts';
import { checkText, type TextType } from '../content/message/check-text.ts';
import { lengthIn, MAX_TEXT_BYTES, splitText, type TextLimit, utf8Bytes } from '../content/message/text.ts';
import type { ContentPolicy } from '../content/policy/policy.ts';
import { openBudget } from '../content/policy/step-budget.ts';
import type { Issue } from '../core/issues.ts';
import { formOf, ROUTES, routeOf, type TenantRoutes } from './routes.ts';

/** Longest text that `split` takes: sixteen full messages of 4,096 bytes. */
const MAX_SPLIT_BYTES = 16 * MAX_TEXT_BYTES;

/**
 * What the checks of the text need, from any input, so that they run beside issues of other fields.
 */
const textSchema = z.looseObject({
  body: z.looseObject({ contentType: z.string().catch('text/plain'), content: z.string() }),
  // The default comes first: `catch` makes an error of zod, also for a field that is missing.
  attachments: z.array(z.unknown()).default([]).catch([]),
  split: z.boolean().default(false).catch(false),
});

type Texted = z.output<typeof textSchema>;

/** The text of a message and the limits of its way. */
interface Written {
  readonly type: TextType;
  readonly content: string;
  readonly isSplit: boolean;
  readonly limit: TextLimit;
  /** The platform gets HTML as plain text. Undefined in the dialect `guest`. */
  readonly route: string | undefined;
}

/** Issues of the text of a message; of any input. */
export function textIssues(
  input: Readonly<Record<string, unknown>>,
  policy: ContentPolicy,
  tenant: TenantRoutes | undefined,
): Issue[] {
  const parsed = textSchema.safeParse(input);
  if (!parsed.success) return [];
  const message = parsed.data;
  if (input['event'] !== undefined) return besideEvent(message);
  // The contract reports a word that is no route.
  const route = ROUTES.find((name) => name === input['route']);
  const { contentType, content } = message.body;
  const isBlank = content.trim() === '' && message.attachments.length === 0;
  const written: Written = {
    type: contentType === 'text/html' ? 'text/html' : 'text/plain',
    content,
    isSplit: message.split,
    limit: formOf(tenant, route).text,
    route: routeOf(tenant, route),
  };
  return [
    ...(isBlank
      ? [{ path: 'body.content', message: 'expected a text that is not blank, or an attachment' }]
      : []),
    ...writtenIssues(written, policy, message.attachments.length > 0),
  ];
}

function besideEvent({ body, attachments }: Texted): Issue[] {
  return [
    ...(body.content === '' ? [] : [{ path: 'body.content', message: 'expected no text beside an event' }]),
    ...(attachments.length === 0 ? [] : [{ path: 'attachments', message: 'expected none beside an event' }]),
  ];
}

function writtenIssues(written: Written, policy: ContentPolicy, hasFiles: boolean): Issue[] {
  const { type, content, isSplit } = written;
  const tooLong = lengthIssue(written);
  // The patterns are not run over a text of any size.
  if (tooLong) return [tooLong];
  const issues: Issue[] = [];
  if (isSplit && type === 'text/html') {
    issues.push({ path: 'split', message: 'expected false for text/html: its tags would be torn' });
    // Nor is HTML read that no single message could hold.
    if (utf8Bytes(content) > MAX_TEXT_BYTES) return issues;
  }
  const issue = contentIssue(written, policy, hasFiles);
  return issue === undefined ? issues : [...issues, issue];
}

/** Of the text as it came. HTML has the limit of the dialect `guest`, since its tags count as well. */
function lengthIssue({ type, content, isSplit, limit, route }: Written): Issue | undefined {
  if (isSplit) return bytesIssue(content, MAX_SPLIT_BYTES, '');
  const remedy = '; set split to send it as several messages';
  if (type === 'text/html') return bytesIssue(content, MAX_TEXT_BYTES, remedy);
  const length = lengthIn(limit.unit, content);
  if (length <= limit.max) return undefined;
  if (route === undefined) return bytesIssue(content, limit.max, remedy);
  return beyondRoute(limit, `got ${length}${remedy}`, route);
}

function bytesIssue(content: string, max: number, remedy: string): Issue | undefined {
  const bytes = utf8Bytes(content);
  if (bytes <= max) return undefined;
  return { path: 'body.content', message: `expected at most ${max} bytes of UTF-8, got ${bytes}${remedy}` };
}

function beyondRoute({ max, unit }: TextLimit, got: string, route: string): Issue {
  const words = unit === 'bytes' ? 'bytes of UTF-8' : 'characters';
  return {
    path: 'body.content',
    message: `expected at most ${max} ${words} on the route ${route}, ${got}`,
    code: 'CAPABILITY_UNAVAILABLE',
  };
}

/** Of the text, and of each part as well: a pattern may be tied to the beginning of a text. */
function contentIssue(written: Written, policy: ContentPolicy, hasFiles: boolean): Issue | undefined {
  const { type, content, isSplit, limit } = written;
  const parts = isSplit ? splitText(content, limit.max, limit.unit) : [];
  const checked = checkText(policy, type, content, openBudget(Math.max(1, parts.length)));
  if (checked.issue !== undefined) return { path: 'body.content', message: checked.issue };
  for (const part of parts) {
    const { issue } = checkText(policy, type, part);
    if (issue !== undefined) return { path: 'body.content', message: issue };
  }
  if (isSplit || type === 'text/plain') return undefined;
  return written.route === undefined
    ? writtenOutIssue(checked.text)
    : plainIssue(checked.text, { ...written, route: written.route }, hasFiles);
}

function writtenOutIssue(html: string): Issue | undefined {
  const bytes = utf8Bytes(html);
  if (bytes <= MAX_TEXT_BYTES) return undefined;
  const message = `expected at most ${MAX_TEXT_BYTES} bytes of UTF-8 once its tags and signs are written out, got ${bytes}`;
  return { path: 'body.content', message };
}

/** Of the plain text that the platform gets. */
function plainIssue(
  html: string,
  { limit, route }: Written & { readonly route: string },
  hasFiles: boolean,
): Issue | undefined {
  const text = plainTextOf(html);
  if (text === '' && !hasFiles) {
    return { path: 'body.content', message: 'expected a text that is not blank once its tags are gone' };
  }
  const length = lengthIn(limit.unit, text);
  if (length <= limit.max) return undefined;
  return beyondRoute(limit, `got ${length} once it is plain text`, route);
}
