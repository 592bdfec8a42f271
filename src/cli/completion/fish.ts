import { allForms, type CommandForm, nameOf, type OptionForm, type Value } from './grammar.ts';
import { quotedForFish } from './quote.ts';

/** The completion of `gwm` for fish, with descriptions. */
export function fishCompletion(root: CommandForm): string {
  return `# Completion of gwm for fish. Load it with: gwm completion fish | source
function __gwm_at --description 'whether the command so far is the first argument, and the place the second'
  set -l at ''
  set -l place 0
  set -l skip 0
  for word in (commandline -opc)[2..-1]
    if test $skip -eq 1
      set skip 0
      continue
    end
    switch "$at|$word"
      ${commandCases(root).join('\n      ')}
      case ${valuedOptions(root).join(' ')}
        set skip 1
      case '*|-*'
      case '*'
        set place (math $place + 1)
    end
  end
  test "$at" = "$argv[1]"; or return 1
  test (count $argv) -lt 2; and return 0
  test $place -eq $argv[2]; or begin
    test (count $argv) -gt 2; and test $place -ge $argv[2]
  end
end
complete -c gwm -f
${allForms(root).flatMap(linesOf).join('\n')}
`;
}

function commandCases(root: CommandForm): string[] {
  return allForms(root).flatMap((form) =>
    form.commands.map((each) => {
      const name = quotedForFish(`${nameOf(form)}|${each.path.at(-1) ?? ''}`);
      return `case ${name}\n        set at ${quotedForFish(nameOf(each))}`;
    }),
  );
}

function valuedOptions(root: CommandForm): string[] {
  return allForms(root).flatMap((form) =>
    form.options
      .filter(({ value }) => value !== undefined)
      .flatMap(({ flags }) => flags.map((flag) => quotedForFish(`${nameOf(form)}|${flag}`))),
  );
}

function linesOf(form: CommandForm): string[] {
  const options = form.options.map((option) => optionLine(form, option));
  if (form.commands.length > 0) {
    const lines = form.commands.map(({ path, description }) => {
      const word = quotedForFish(path.at(-1) ?? '');
      return `${when(form, '0')} -a ${word} -d ${quotedForFish(description)}`;
    });
    return [...lines, ...options];
  }
  const places = form.places.map((value, at) => {
    const isRepeated = form.isLastRepeated && at === form.places.length - 1;
    return `${when(form, isRepeated ? `${at} more` : String(at))}${candidates(value)}`;
  });
  return [...places.filter((line) => / -[aF]/.test(line)), ...options];
}

function optionLine(form: CommandForm, { flags, description, value }: OptionForm): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const given = value === undefined ? '' : ` -r${candidates(value)}`;
  return `${when(form)} ${names.join(' ')} -d ${quotedForFish(description)}${given}`;
}

function when(form: CommandForm, place = ''): string {
  const condition = `__gwm_at ${quotedForFish(nameOf(form))} ${place}`.trimEnd();
  return `complete -c gwm -n ${quotedForFish(condition)}`;
}

function candidates(value: Value): string {
  if (value === 'text') return '';
  return value === 'file' ? ' -F' : ` -a ${quotedForFish(value.words.join(' '))}`;
}
