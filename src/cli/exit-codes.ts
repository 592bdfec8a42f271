import { type Failure, OperatorError } from '../core/errors.ts';

interface ExitCode {
  readonly code: number;
  readonly name: Failure | 'done' | 'warned' | 'internal' | 'interrupted';
  /** Why `gwm` ends with it. One sentence. */
  readonly meaning: string;
}

/** Every exit code of `gwm`. `gwm --help` and docs/cli.md render this table. */
export const EXIT_CODES: readonly ExitCode[] = [
  { code: 0, name: 'done', meaning: 'Done.' },
  {
    code: 1,
    name: 'failed',
    meaning:
      'Done in part, or with a negative result: lines were rejected, a chain is broken, a receiver refused.',
  },
  { code: 2, name: 'usage', meaning: 'There is no such command, option or value.' },
  {
    code: 3,
    name: 'not-found',
    meaning: 'There is no such file, tenant, job, callback, endpoint or API key.',
  },
  { code: 4, name: 'refused', meaning: 'It exists, but its state does not allow this.' },
  { code: 5, name: 'warned', meaning: '`gwm doctor` has warnings, and no check failed.' },
  {
    code: 69,
    name: 'unavailable',
    meaning: 'Redis, a database or a port is not available; try again later.',
  },
  { code: 70, name: 'internal', meaning: 'An error of the program; standard error has its stack.' },
  { code: 78, name: 'settings', meaning: 'A setting, the tenants file or a secret is wrong.' },
  { code: 130, name: 'interrupted', meaning: 'Ended by Ctrl-C.' },
];

export function exitCode(name: ExitCode['name']): number {
  return EXIT_CODES.find((each) => each.name === name)?.code ?? 1;
}

export function exitCodeOf(error: unknown): number {
  return exitCode(error instanceof OperatorError ? error.failure : 'internal');
}

/** Renders the table of docs/cli.md. */
export function renderExitCodesTable(): string {
  const rows = EXIT_CODES.map(({ code, meaning }) => `| ${code} | ${meaning} |`);
  return ['| code | meaning |', '| --- | --- |', ...rows].join('\n');
}

/** Renders the table at the end of `gwm --help`. */
export function renderExitCodes(): string {
  const rows = EXIT_CODES.map(({ code, meaning }) => `  ${String(code).padEnd(5)}${meaning}`);
  return ['Exit codes:', ...rows].join('\n');
}
