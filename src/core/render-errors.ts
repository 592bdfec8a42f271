import { type Disposition, ERRORS, REFUSALS } from './errors.ts';
import { HTTP_ERRORS } from './http-errors.ts';

const WHAT_FOLLOWS = {
  reject: 'dead letter at once',
  retry: 'again with backoff, for `JOB_RETRY_FOR`',
  pause: 'the bucket of the tenant pauses; the job waits, and no attempt counts',
} as const;

function whatFollows(code: string, disposition: Disposition): string {
  const isCallback = code.startsWith('WEBHOOK_') && disposition === 'retry';
  return `${disposition}: ${isCallback ? 'again by `WEBHOOK_SCHEDULE`' : WHAT_FOLLOWS[disposition]}`;
}

/** `docs/errors.md`: every error code with its consequence and its solution. */
export function renderErrorsPage(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { disposition, hint }]) => `| \`${code}\` | ${whatFollows(code, disposition)} | ${hint} |`,
  );
  const httpRows = Object.entries(HTTP_ERRORS).map(
    ([code, { status, title, hint }]) => `| \`${code}\` | ${status} | ${title}. | ${hint} |`,
  );
  const refusals = Object.entries(REFUSALS).map(([code, { hint }]) => `| \`${code}\` | ${hint} |`);
  return `# Error codes

Each dead letter has a code. The board shows it before the reason. The log has it as \`error.code\`,
and the callback as \`data.error.code\`.

Rendered from \`src/core/errors.ts\` by \`npm run render\`.

| code | disposition: what follows | what to do |
| --- | --- | --- |
${rows.join('\n')}

## Refusals

Codes that only producers get. Nothing of the job is accepted, and the same call succeeds later. Over
HTTP they are problems too, with the statuses 429 and 503.

| code | what to do |
| --- | --- |
${refusals.join('\n')}

## Errors of the HTTP API

Every error of the API is a problem document (RFC 9457) with one of these codes, or with \`JOB_INVALID\`
or \`CAPABILITY_UNAVAILABLE\`. Its \`type\` is an address of \`gwm serve\`, which shows the same text. Rendered from
\`src/core/http-errors.ts\`.

| code | status | meaning | what to do |
| --- | --- | --- | --- |
${httpRows.join('\n')}
`;
}
