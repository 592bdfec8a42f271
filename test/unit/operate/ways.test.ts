import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from '../../../src/cli/program.ts';
import { ROUTES } from '../../../src/http/routes/all.ts';
import type { ServerOperations as Operations } from '../../../src/operate/operations.ts';

type Name = keyof Operations;

/** What each command does. A new command must be here: does it read, or which operation does it call? */
const COMMANDS: Readonly<Record<string, readonly Name[] | 'reads' | 'sends' | 'process'>> = {
  demo: 'process',
  worker: 'process',
  serve: 'process',
  sandbox: 'process',
  enqueue: 'sends',
  'jobs get': 'reads',
  'jobs list': 'reads',
  'jobs search': 'reads',
  'jobs conversation': 'reads',
  'jobs timeline': 'reads',
  'jobs dead-letters': 'reads',
  'jobs cancel': ['cancelJob', 'cancelJobs'],
  'jobs retry': ['retryJob', 'retryJobs'],
  why: 'reads',
  completion: 'process',
  doctor: 'reads',
  capacity: 'process',
  status: 'reads',
  top: 'reads',
  pause: ['pauseTenant'],
  resume: ['resumeTenant'],
  'webhooks list': 'reads',
  'webhooks replay': ['replayCallback', 'replayMissed'],
  'webhooks enable': ['enableEndpoint'],
  'webhooks test': ['testReceiver'],
  'audit verify': 'reads',
  'audit export': 'reads',
  'audit checkpoints': 'reads',
  'audit compare': 'reads',
  'audit schedule': ['setSchedule', 'removeSchedule'],
  'keys create': ['createKey'],
  'keys list': 'reads',
  'keys rotate': ['rotateKey'],
  'keys revoke': ['revokeKey'],
  'keys rewrap': ['rewrapValues'],
  erase: ['eraseCustomer'],
  'partitions list': 'reads',
  'partitions move': ['moveTenant'],
  'partitions raise': ['raisePartitions'],
};

/** The operation of each route that is no `GET` and needs the scope `operate` or `admin`. */
const ACTING_ROUTES: Readonly<Record<string, Name>> = {
  cancelJob: 'cancelJob',
  retryJob: 'retryJob',
  cancelJobs: 'cancelJobs',
  retryJobs: 'retryJobs',
  pauseTenant: 'pauseTenant',
  resumeTenant: 'resumeTenant',
  reloadTenants: 'reloadTenants',
  enableEndpoint: 'enableEndpoint',
  replayMissed: 'replayMissed',
  replayCallback: 'replayCallback',
  testWebhook: 'testReceiver',
};

/** They begin and end the login of a browser, and change nothing else. */
const OF_LOGINS = ['logIn', 'logOut'];

test('every command is known to read, to send, or to call an operation', () => {
  expect(leavesOf(createProgram()).sort()).toEqual(Object.keys(COMMANDS).sort());
});

test('every route of operators calls an operation', () => {
  const acting = ROUTES.filter(
    ({ scope, method }) => ['operate', 'admin'].includes(scope ?? '') && method !== 'GET',
  );

  expect(acting.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(ACTING_ROUTES).sort());
});

test('every route that changes something needs the scope to send, to operate or to administer', () => {
  const changing = ROUTES.filter(
    ({ method, operationId }) =>
      (method === 'POST' || method === 'DELETE') && !OF_LOGINS.includes(operationId),
  );

  expect(changing.filter(({ scope }) => scope === null || scope === 'read')).toEqual([]);
});

/** The words of each command that has no commands of its own. */
function leavesOf(command: Command, words: readonly string[] = []): string[] {
  const children = command.commands.filter((child) => child.name() !== 'help');
  if (children.length === 0) return [words.join(' ')];
  return children.flatMap((child) => leavesOf(child, [...words, child.name()]));
}
