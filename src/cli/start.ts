#!/usr/bin/env node
/**
 * The entry point of `gwm`. It imports nothing before it knows the version of Node: an older one
 * would fail at a missing module, with a stack trace.
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
