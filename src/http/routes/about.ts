import { z } from 'zod';
import { allErrorTexts, type ErrorText, errorTextOf } from '../../core/error-pages.ts';
import { ProblemError } from '../problem.ts';
import { type Answer, defineRoute, type Route } from './route.ts';

const HTML = 'text/html; charset=utf-8';

const page = { description: 'The page.', schema: z.string(), contentType: 'text/html' };

/** The pages to which the `type` of problem documents refers. */
export const aboutRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    url: '/errors',
    operationId: 'listErrors',
    tag: 'About',
    scope: null,
    summary: 'List the error codes',
    responses: { 200: page },
    problems: ['REQUEST_UNREADABLE'],
    handler: () => htmlPage('Error codes', allErrorTexts().map(sectionOf).join('\n')),
  }),
  defineRoute({
    method: 'GET',
    url: '/errors/:code',
    operationId: 'explainError',
    tag: 'About',
    scope: null,
    summary: 'Explain an error code',
    params: z.object({ code: z.string().regex(/^[A-Z_]{1,60}$/, 'expected an error code') }),
    responses: { 200: page },
    problems: ['RESOURCE_UNKNOWN'],
    handler(_door, { params }) {
      const text = errorTextOf(params.code);
      if (!text) throw new ProblemError('RESOURCE_UNKNOWN');
      return htmlPage(text.code, sectionOf(text));
    },
  }),
];

function htmlPage(title: string, content: string): Answer {
  const body = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escaped(title)}</title></head>
<body>
${content}
</body>
</html>
`;
  return { status: 200, headers: { 'content-type': HTML }, body };
}

function sectionOf({ code, title, hint, status }: ErrorText): string {
  const answer = status === null ? '' : `\n<p>The answer has the status ${status}.</p>`;
  return `<h1 id="${code}">${code}</h1>
<p>${escaped(title)}.</p>${answer}
<p>${escaped(hint).replace(/`([^`]*)`/g, '<code>$1</code>')}</p>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
