import { allForms, type CommandForm, nameOf, type Value } from './grammar.ts';
import { quoted } from './quote.ts';
import { commandBranches, optionBranches, placeBranches, valuedOptions } from './walk.ts';

/** The completion of `gwm` for bash 4 and later. */
export function bashCompletion(root: CommandForm): string {
  return `# Completion of gwm for bash. Load it with: source <(gwm completion bash)
_gwm() {
  local cur=\${COMP_WORDS[COMP_CWORD]} at='' option='' word i place=0
  [[ $cur == '=' ]] && cur=''
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "$at|$word" in
      ${commandBranches(root).join('\n      ')}
      ${valuedOptions(root)})
        ((i++))
        [[ \${COMP_WORDS[i]} == '=' ]] && ((i < COMP_CWORD)) && ((i++))
        ((i >= COMP_CWORD)) && option=$word ;;
      *'|-'*) ;;
      *) ((place++)) ;;
    esac
  done
  COMPREPLY=()
  if [[ -n $option ]]; then
    case "$at|$option" in
      ${optionBranches(root, replyOf).join('\n      ')}
    esac
    return
  fi
  if [[ $cur == -* ]]; then
    case "$at" in
      ${flagBranches(root).join('\n      ')}
    esac
    return
  fi
  case "$at|$place" in
    ${placeBranches(root, replyOf, commandReply).join('\n    ')}
  esac
}
complete -F _gwm gwm
`;
}

function flagBranches(root: CommandForm): string[] {
  return allForms(root).map((form) => {
    const flags = form.options.flatMap(({ flags: [long = ''] }) => long);
    return `${quoted(nameOf(form))}) ${replyOf({ words: flags })} ;;`;
  });
}

function commandReply({ commands }: CommandForm): string {
  return replyOf({ words: commands.map(({ path }) => path.at(-1) ?? '') });
}

function replyOf(value: { readonly words: readonly string[] }): string;
function replyOf(value: Value): string | undefined;
function replyOf(value: Value): string | undefined {
  if (value === 'text') return undefined;
  if (value === 'file') return 'COMPREPLY=($(compgen -f -- "$cur"))';
  return `COMPREPLY=($(compgen -W ${quoted(value.words.join(' '))} -- "$cur"))`;
}
