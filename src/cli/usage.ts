import { type Command, CommanderError } from 'commander';
import { OperatorError } from '../core/errors.ts';

const SEE_HELP = '(gwm --help lists the commands)';

/** Makes a command and its subcommands throw errors of arguments, and print nothing. */
export function throwUsageIssues(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => {} });
  for (const each of command.commands) throwUsageIssues(each);
}

/**
 * Runs a program with the arguments of this process, or with others.
 * @throws {OperatorError} `usage` in plain words.
 */
export async function runProgram(program: Command, args?: readonly string[]): Promise<void> {
  try {
    await (args ? program.parseAsync([...args], { from: 'user' }) : program.parseAsync());
  } catch (error) {
    // Commander throws for help and version too, which are no errors.
    if (!(error instanceof CommanderError) || error.exitCode === 0) {
      if (error instanceof CommanderError) return;
      throw error;
    }
    const said = error.code === 'commander.help' ? 'a command is missing' : withoutValues(error.message);
    throw new OperatorError(`error: ${said}\n${SEE_HELP}`, 'usage');
  }
}

/**
 * Removes the arguments from a message of commander: `--limit=…` may hold an address with a
 * password.
 */
export function withoutValues(message: string): string {
  const said = message.replace(/^error: /, '');
  const option = /^option '([^']*)' argument '[\s\S]*' is invalid\. ?([\s\S]*)$/.exec(said);
  if (option) return `${option[1]} is not valid. ${wanted(option[2])}`;
  const argument = /^command-argument value '[\s\S]*' is invalid for argument '([^']*)'\. ?([\s\S]*)$/.exec(
    said,
  );
  if (argument) return `<${argument[1]}> is not valid. ${wanted(argument[2])}`;
  const unknown = /^unknown (command|option) '[\s\S]*'(\n\(Did you mean [\s\S]*\?\))?$/.exec(said);
  if (unknown) return `unknown ${unknown[1]}${unknown[2] ?? ''}`;
  return said.replace(/ but got \d+[\s\S]*$/, '');
}

/**
 * The last sentences of commander's message: ours, or a list of choices. Never a value, however it
 * is quoted.
 */
function wanted(sentences = ''): string {
  return /(?:Allowed choices are|It must be) [^']*$/.exec(sentences)?.[0] ?? '';
}
