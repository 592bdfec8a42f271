#!/usr/bin/env node
import { runEntry } from '../runtime/process.ts';
import { exitCodeOf } from './exit-codes.ts';
import { createProgram } from './program.ts';
import { runProgram } from './usage.ts';

await runEntry(async () => {
  await runProgram(createProgram());
  return Number(process.exitCode ?? 0);
}, exitCodeOf);
