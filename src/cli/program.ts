import { Command } from 'commander';
import { VERSION } from '../core/version.ts';
import { auditCommand } from './commands/audit.ts';
import { pauseCommand, resumeCommand } from './commands/buckets.ts';
import { capacityCommand } from './commands/capacity.ts';
import { completionCommand } from './commands/completion.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { enqueueCommand } from './commands/enqueue.ts';
import { eraseCommand } from './commands/erase.ts';
import { jobsCommand } from './commands/jobs.ts';
import { keysCommand } from './commands/keys.ts';
import { partitionsCommand } from './commands/partitions.ts';
import { sandboxCommand } from './commands/sandbox.ts';
import { serveCommand } from './commands/serve.ts';
import { statusCommand } from './commands/status.ts';
import { topCommand } from './commands/top.ts';
import { webhooksCommand } from './commands/webhooks.ts';
import { whyCommand } from './commands/why.ts';
import { workerCommand } from './commands/worker.ts';
import { renderExitCodes } from './exit-codes.ts';
import { throwUsageIssues } from './usage.ts';

/**
 * Creates the command line. A command imports its own parts, such as servers and the worker, when
 * it runs.
 */
export function createProgram(): Command {
  const program = new Command('gwm')
    .description('Web Messaging Worker: queue-driven delivery to Genesys Cloud Web Messaging')
    .version(VERSION, '--version', 'print the version')
    .addHelpText('after', `\n${renderExitCodes()}`);
  for (const command of [
    demoCommand,
    doctorCommand,
    workerCommand,
    serveCommand,
    enqueueCommand,
    jobsCommand,
    whyCommand,
    statusCommand,
    topCommand,
    pauseCommand,
    resumeCommand,
    webhooksCommand,
    auditCommand,
    keysCommand,
    capacityCommand,
    partitionsCommand,
    eraseCommand,
    sandboxCommand,
    completionCommand,
  ]) {
    program.addCommand(command());
  }
  throwUsageIssues(program);
  return program;
}
