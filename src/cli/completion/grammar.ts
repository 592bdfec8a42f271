import type { Argument, Command, Option } from 'commander';

/** What may stand behind `gwm`, read from the program itself. */

/** What may stand in a place: some words, a file, or any text. */
export type Value = { readonly words: readonly string[] } | 'file' | 'text';

export interface OptionForm {
  /** `--tenant`, and a short form if there is one. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Undefined for an option without a value. */
  readonly value: Value | undefined;
}

export interface CommandForm {
  /** The words behind `gwm`; none for `gwm` itself. */
  readonly path: readonly string[];
  readonly description: string;
  readonly options: readonly OptionForm[];
  /** What stands at each place behind the words; the last one may come again. */
  readonly places: readonly Value[];
  readonly isLastRepeated: boolean;
  readonly commands: readonly CommandForm[];
}

/** Longest description that a shell shows, in characters. */
const MAX_DESCRIPTION = 72;

export function grammarOf(command: Command, path: readonly string[] = []): CommandForm {
  const commands = command.commands.map((each) => grammarOf(each, [...path, each.name()]));
  return {
    path,
    description: shortened(command.description()),
    options: [...command.options.map(optionOf), HELP],
    places: command.registeredArguments.map(placeOf),
    isLastRepeated: command.registeredArguments.at(-1)?.variadic ?? false,
    commands,
  };
}

const HELP: OptionForm = { flags: ['--help'], description: 'display help', value: undefined };

/** All commands, `gwm` itself first. */
export function allForms(form: CommandForm): CommandForm[] {
  return [form, ...form.commands.flatMap(allForms)];
}

/** The words of a command, by which the scripts know it. */
export function nameOf({ path }: Pick<CommandForm, 'path'>): string {
  return path.join(' ');
}

function optionOf({ long, short, description, required, optional, flags, argChoices }: Option): OptionForm {
  const takesValue = required || optional;
  return {
    flags: [long, short].filter((flag) => flag !== undefined),
    description: shortened(description),
    value: takesValue ? valueIn(argChoices, flags) : undefined,
  };
}

function placeOf(argument: Argument): Value {
  return valueIn(argument.argChoices, argument.name());
}

function valueIn(choices: readonly string[] | undefined, name: string): Value {
  if (choices) return { words: choices };
  return /\b(file|path|folder)\b/i.test(name) ? 'file' : 'text';
}

/** The first clause, as far as it fits. */
function shortened(description: string): string {
  const [clause = ''] = description.split(/[;:]/, 1);
  return clause.length <= MAX_DESCRIPTION ? clause : `${clause.slice(0, MAX_DESCRIPTION - 1).trimEnd()}…`;
}
