#!/usr/bin/env node
import { Command } from 'commander';
import { runEntry } from '../runtime/process.ts';
import { auditCommand } from './commands/audit.ts';
import { pauseCommand, resumeCommand } from './commands/buckets.ts';
import { demoCommand } from './commands/demo.ts';
import { enqueueCommand } from './commands/enqueue.ts';
import { jobsCommand } from './commands/jobs.ts';
import { sandboxCommand } from './commands/sandbox.ts';
import { serveCommand } from './commands/serve.ts';
import { statusCommand } from './commands/status.ts';
import { webhooksCommand } from './commands/webhooks.ts';
import { workerCommand } from './commands/worker.ts';

// What only one command needs, such as servers and the worker, is loaded when that command is run.
const program = new Command('gwm')
  .description('Web Messaging Worker: queue-driven delivery to Genesys Cloud Web Messaging')
  .showHelpAfterError('(gwm --help lists the commands)');

for (const command of [
  demoCommand,
  workerCommand,
  serveCommand,
  enqueueCommand,
  jobsCommand,
  statusCommand,
  pauseCommand,
  resumeCommand,
  webhooksCommand,
  auditCommand,
  sandboxCommand,
]) {
  program.addCommand(command());
}

await runEntry(async () => {
  await program.parseAsync();
  return Number(process.exitCode ?? 0);
});
