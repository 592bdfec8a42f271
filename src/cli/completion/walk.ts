import { allForms, type CommandForm, nameOf, type Value } from './grammar.ts';
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

/** Branches with what completes the value of each option. @param actOf the code for a value; undefined for a free text. */
export function optionBranches(root: CommandForm, actOf: (value: Value) => string | undefined): string[] {
  return allForms(root).flatMap((form) =>
    form.options.flatMap(({ flags, value }) => {
      const act = value === undefined ? undefined : actOf(value);
      const names = flags.map((flag) => quoted(`${nameOf(form)}|${flag}`)).join('|');
      return act === undefined ? [] : [`${names}) ${act} ;;`];
    }),
  );
}

/** Branches with what completes each place of a command: its subcommands, or the value of an argument. */
export function placeBranches(
  root: CommandForm,
  actOf: (value: Value) => string | undefined,
  commandsOf: (form: CommandForm) => string,
): string[] {
  return allForms(root).flatMap((form) => {
    if (form.commands.length > 0) return [`${quoted(`${nameOf(form)}|0`)}) ${commandsOf(form)} ;;`];
    return form.places.flatMap((value, at) => {
      const act = actOf(value);
      const isRepeated = form.isLastRepeated && at === form.places.length - 1;
      const place = isRepeated ? `${quoted(`${nameOf(form)}|`)}*` : quoted(`${nameOf(form)}|${at}`);
      return act === undefined ? [] : [`${place}) ${act} ;;`];
    });
  });
}
