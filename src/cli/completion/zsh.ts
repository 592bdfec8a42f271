import { allForms, type CommandForm, nameOf, type Value } from './grammar.ts';
import { quoted } from './quote.ts';
import { commandBranches, optionBranches, placeBranches, valuedOptions } from './walk.ts';

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
      ${optionBranches(root, actOf).join('\n      ')}
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
    ${placeBranches(root, actOf, commandAct).join('\n    ')}
  esac
}
if [[ $funcstack[1] == _gwm ]]; then _gwm "$@"; else compdef _gwm gwm; fi
`;
}

interface Described {
  readonly word: string;
  readonly description: string;
}

function flagBranches(root: CommandForm): string[] {
  return allForms(root).map((form) => {
    const flags = form.options.map(({ flags: [word = ''], description }) => ({ word, description }));
    return `${quoted(nameOf(form))}) ${describe('option', flags)} ;;`;
  });
}

function commandAct({ commands }: CommandForm): string {
  const words = commands.map(({ path, description }) => ({ word: path.at(-1) ?? '', description }));
  return describe('command', words);
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
