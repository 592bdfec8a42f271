import { expect, test } from 'vitest';
import { bashCompletion } from '../../../src/cli/completion/bash.ts';
import { fishCompletion } from '../../../src/cli/completion/fish.ts';
import { allForms, grammarOf, nameOf } from '../../../src/cli/completion/grammar.ts';
import { zshCompletion } from '../../../src/cli/completion/zsh.ts';
import { createProgram } from '../../../src/cli/program.ts';

const root = grammarOf(createProgram());

test('every command and every option of the program is in every script', () => {
  const scripts = [bashCompletion(root), zshCompletion(root), fishCompletion(root)];

  for (const form of allForms(root)) {
    for (const script of scripts) {
      expect(script).toContain(`'${nameOf(form)}`);
      for (const { flags } of form.options) {
        const [long = ''] = flags;
        expect(script).toMatch(new RegExp(`(${long}|-l ${long.slice(2)})\\b`));
      }
    }
  }
});

test('no description breaks a script: quotes are escaped', () => {
  const odd = { ...root, commands: [{ ...root, path: ['odd'], description: "it's: 'odd'", commands: [] }] };

  expect(zshCompletion(odd)).toContain("'odd:it'\\''s: '\\''odd'\\'''");
  expect(fishCompletion(odd)).toContain("'it\\'s: \\'odd\\''");
});
