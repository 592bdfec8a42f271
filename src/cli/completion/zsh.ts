import { allForms, type CommandForm, nameOf, type Value } from './grammar.ts';
import { quoted } from './quote.ts';
import { commandBranches, valuedOptions } from './walk.ts';

/** The completion of `gwm` for zsh, with descriptions. */
export function zshCompletion(root: CommandForm): string {
  return `#compdef gwm
# Completion of gwm for zsh. Load it behind compinit with: source <(gwm completion zsh)
_gwm() {
  local at='' option='' word='' i place=0
  local -a found
  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    case "$at|$word" in
      ${commandBranches(root).join('\n      ')}
      ${valuedOptions(root)})
        ((i++))
        ((i >= CURRENT)) && option=$word ;;
      *'|-'*) ;;
      *) ((place++)) ;;
    esac
  done
  if [[ $words[CURRENT] == --*=* ]]; then
    option=\${words[CURRENT]%%=*}
    compset -P '*='
  fi
  if [[ -n $option ]]; then
    case "$at|$option" in
      ${optionBranches(root).join('\n      ')}
    esac
    return
  fi
  if [[ $words[CURRENT] == -* ]]; then
    case "$at" in
      ${flagBranches(root).join('\n      ')}
    esac
    return
  fi
  case "$at|$place" in
    ${placeBranches(root).join('\n    ')}
  esac
}
if [[ $funcstack[1] == _gwm ]]; then _gwm "$@"; else compdef _gwm gwm; fi
`;
}

interface Described {
  readonly word: string;
  readonly description: string;
}

function optionBranches(root: CommandForm): string[] {
  return allForms(root).flatMap((form) =>
    form.options.flatMap(({ flags, value }) => {
      const act = value === undefined ? undefined : actOf(value);
      const names = flags.map((flag) => quoted(`${nameOf(form)}|${flag}`)).join('|');
      return act === undefined ? [] : [`${names}) ${act} ;;`];
    }),
  );
}

function flagBranches(root: CommandForm): string[] {
  return allForms(root).map((form) => {
    const flags = form.options.map(({ flags: [word = ''], description }) => ({ word, description }));
    return `${quoted(nameOf(form))}) ${describe('option', flags)} ;;`;
  });
}

function placeBranches(root: CommandForm): string[] {
  return allForms(root).flatMap((form) => {
    if (form.commands.length > 0) {
      const words = form.commands.map(({ path, description }) => ({ word: path.at(-1) ?? '', description }));
      return [`${quoted(`${nameOf(form)}|0`)}) ${describe('command', words)} ;;`];
    }
    return form.places.flatMap((value, at) => {
      const act = actOf(value);
      const isRepeated = form.isLastRepeated && at === form.places.length - 1;
      const place = isRepeated ? `${quoted(`${nameOf(form)}|`)}*` : quoted(`${nameOf(form)}|${at}`);
      return act === undefined ? [] : [`${place}) ${act} ;;`];
    });
  });
}

function describe(what: string, words: readonly Described[]): string {
  const entries = words.map(({ word, description }) =>
    quoted(`${word.replaceAll(':', '\\:')}:${description}`),
  );
  return `found=(${entries.join(' ')}); _describe ${what === 'option' ? '-o ' : ''}${what} found`;
}

function actOf(value: Value): string | undefined {
  if (value === 'text') return undefined;
  return value === 'file' ? '_files' : `compadd -- ${value.words.map(quoted).join(' ')}`;
}
