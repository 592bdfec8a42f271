import { type Disposition, ERRORS } from './errors.ts';

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
  return `# Error codes

Each dead letter has a code. The board shows it before the reason. The log has it as \`error.code\`,
and the callback as \`data.error.code\`.

Rendered from \`src/core/errors.ts\` by \`npm run render\`.

| code | disposition: what follows | what to do |
| --- | --- | --- |
${rows.join('\n')}
`;
}
