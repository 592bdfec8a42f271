import { Command } from 'commander';
import { exampleFile } from '../demo/examples.ts';

export function demoCommand(): Command {
  return new Command('demo')
    .description(
      'deliver messages, cards and embed codes through a real Redis to the sandbox, on this machine',
    )
    .option('--messages <file>', 'NDJSON file with the messages to deliver', exampleFile('messages.ndjson'))
    .option('--json', 'print the result as JSON on the last line')
    .option('--keep', 'leave everything running until Ctrl-C, and print an address, a key and a curl line')
    .action(async (options: { messages: string; json?: true; keep?: true }) => {
      const { runDemo } = await import('../demo/run.ts');
      process.exitCode = await runDemo({
        file: options.messages,
        json: options.json ?? false,
        keep: options.keep ?? false,
      });
    });
}
