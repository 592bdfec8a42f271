import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { messageOf, OperatorError } from '../../core/errors.ts';
import { describeFileError, shownPath } from '../../core/file-error.ts';
import { decodeUtf8 } from '../../core/utf8.ts';
import { announceReady, untilStopped } from '../../runtime/process.ts';
import type { SandboxClient } from '../../sandbox/login/clients.ts';
import { print, printJson } from '../output.ts';
import { wholeNumber } from '../values.ts';

interface Options {
  readonly host: string;
  readonly port: number;
  readonly clients?: string;
  readonly json?: true;
}

export function sandboxCommand(): Command {
  return new Command('sandbox')
    .description('simulate Genesys Cloud on this machine')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes a free one', wholeNumber(0, 65_535), 8090)
    .option(
      '--clients <file>',
      'JSON file with its OAuth clients (default: acme, globex, initech and umbrella)',
    )
    .option('--json', 'print its addresses as JSON')
    .action(sandbox);
}

async function sandbox({ host, port, clients, json }: Options): Promise<void> {
  const { openSandbox } = await import('../../sandbox/server.ts');
  const options = { host, port, ...(clients && { clients: await readClients(clients) }) };
  const sandbox = await openSandbox(options).catch((error: unknown) => {
    const message = `The sandbox cannot start on ${host} port ${port}: ${messageOf(error)}`;
    throw new OperatorError(message, 'unavailable');
  });
  const stats = `${sandbox.url}/__sandbox/stats`;
  const stopping = untilStopped();
  if (json) printJson({ url: sandbox.url, stats });
  else print(`sandbox on ${sandbox.url}, stats at ${stats}`);
  announceReady(sandbox.url);
  await stopping;
  await sandbox.close();
}

async function readClients(file: string): Promise<SandboxClient[]> {
  const { parseClients } = await import('../../sandbox/login/clients.ts');
  const text = decodeUtf8(readClientsFile(file));
  if (text === undefined) throw new OperatorError(`${file} is not UTF-8`, 'settings');
  try {
    return parseClients(text, file);
  } catch (error) {
    throw new OperatorError(messageOf(error), 'settings');
  }
}

function readClientsFile(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new OperatorError(
      `The file ${shownPath(file)} cannot be read: ${describeFileError(error)}`,
      'not-found',
    );
  }
}
