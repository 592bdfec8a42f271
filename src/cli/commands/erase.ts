import { Command } from 'commander';
import { OperatorError } from '../../core/errors.ts';
import { exitCode } from '../exit-codes.ts';
import { asOperator } from '../operator.ts';
import { print, printJson } from '../output.ts';

interface Options {
  readonly tenant: string;
  readonly conversation?: string;
  readonly guest?: string;
  readonly json?: true;
}

export function eraseCommand(): Command {
  return new Command('erase')
    .description(
      'remove what was written in a conversation, or by a guest, from Redis; waiting jobs are cancelled',
    )
    .requiredOption('--tenant <id>')
    .option('--conversation <id>', 'this conversation')
    .option('--guest <id>', 'this guest, in all conversations')
    .option('--json', 'print the result as JSON')
    .action(erase);
}

async function erase({
  tenant: tenantId,
  conversation: conversationId,
  guest: guestId,
  json,
}: Options): Promise<void> {
  if ((conversationId === undefined) === (guestId === undefined)) {
    throw new OperatorError('Give either --conversation or --guest.', 'usage');
  }
  for (const [option, value] of Object.entries({ conversation: conversationId, guest: guestId }))
    if (value === '') throw new OperatorError(`--${option} is empty. It must be an id.`, 'usage');
  const subject = { tenantId, conversationId, guestId };
  const erased = await asOperator(({ operations }) => operations.eraseCustomer(subject));
  if (!erased) throw new OperatorError('There is no such tenant in TENANTS_FILE.', 'not-found');
  const { jobs, cancelled, callbacks, left } = erased;
  if (json) printJson(erased);
  else print(`${jobs} jobs (${cancelled} cancelled) and ${callbacks} callbacks erased`);
  if (left === 0) return;
  process.exitCode = exitCode('failed');
  if (!json) print(`${left} are not ended; run it again`);
}
