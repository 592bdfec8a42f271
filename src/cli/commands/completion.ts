import { Argument, Command } from 'commander';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { type CommandForm, grammarOf } from '../completion/grammar.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { print, printJson } from '../output.ts';

const SHELLS: Readonly<Record<string, (root: CommandForm) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** The script is made of the program that runs, so that it knows every command. */
export function completionCommand(): Command {
  const command = new Command('completion')
    .description('print a script that completes commands, options and their values in a shell')
    .addArgument(new Argument('<shell>').choices(Object.keys(SHELLS)));
  command.option('--json', 'print one JSON object with the script');
  return command.action((shell: string, { json }: { readonly json?: true }) => {
    const script = SHELLS[shell]?.(grammarOf(rootOf(command))) ?? '';
    if (json) return printJson({ shell, script });
    for (const line of script.trimEnd().split('\n')) print(line);
  });
}

function rootOf(command: Command): Command {
  return command.parent ? rootOf(command.parent) : command;
}
