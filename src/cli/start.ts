#!/usr/bin/env node
/**
 * Where the command `gwm` begins. Nothing is imported before the version of Node is known: an older one would stop at a
 * module that it does not have, with a stack trace.
 */
const NEEDED = 24;
const SETTINGS_WRONG = 78;

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  await import('./main.ts');
} else {
  process.stderr.write(
    `gwm needs Node ${NEEDED} or newer, and this is ${process.versions.node}. See https://nodejs.org/en/download\n`,
  );
  process.exitCode = SETTINGS_WRONG;
}

export {};
