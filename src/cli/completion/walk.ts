import { allForms, type CommandForm, nameOf } from './grammar.ts';
import { quoted } from './quote.ts';

/**
 * Branches of a `case "$at|$word"` that bash and zsh share. `at` has the words of the command so far:
 * the name of a command moves it on, and an option with a value takes the next word as well.
 */
export function commandBranches(root: CommandForm): string[] {
  return allForms(root).flatMap((form) =>
    form.commands.map((each) => {
      const word = each.path.at(-1) ?? '';
      return `${quoted(`${nameOf(form)}|${word}`)}) at=${quoted(nameOf(each))} ;;`;
    }),
  );
}

/** The pattern of all options with a value, each behind its command. */
export function valuedOptions(root: CommandForm): string {
  return allForms(root)
    .flatMap((form) =>
      form.options
        .filter(({ value }) => value !== undefined)
        .flatMap(({ flags }) => flags.map((flag) => quoted(`${nameOf(form)}|${flag}`))),
    )
    .join('|');
}
