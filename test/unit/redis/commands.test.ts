import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { aclRules, REDIS_COMMANDS } from '../../../src/redis/commands.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Commands in scripts. BullMQ names its call `rcall`. The relay of BullMQ is not used. */
const CALL = /\b(?:redis\.p?call|rcall)\(\s*['"](\w+)['"]/g;
const OURS = globSync('src/**/*.lua', { cwd: root });
const OF_BULLMQ = globSync('node_modules/bullmq/dist/esm/scripts/*.js', { cwd: root }).filter(
  (file) => !/\/relay\w+-\d+\.js$/.test(file),
);

test('the scripts, and those of BullMQ, call listed commands alone', () => {
  expect(OURS.length).toBeGreaterThan(20);
  expect(OF_BULLMQ.length).toBeGreaterThan(40);
  const listed = new Set(Object.values(REDIS_COMMANDS).flat());
  const called = [...OURS, ...OF_BULLMQ].flatMap(commandsIn);
  expect([...new Set(called)].filter((command) => !listed.has(command))).toEqual([]);
});

test('every listed command on keys is called', () => {
  const called = new Set([...OURS, ...OF_BULLMQ].flatMap(commandsIn));
  const classes = ['redis-queue-backend', 'worker'].map(
    (name) => `node_modules/bullmq/dist/esm/classes/${name}.js`,
  );
  const code = [
    ...globSync(
      'src/{queues,flow,audit,webhooks,counts,access,runtime,genesys,http,partitions,redis}/**/*.ts',
      {
        cwd: root,
      },
    ),
    ...classes,
  ]
    .map(read)
    .join('\n');
  const isCalled = (command: string) => {
    const [name = ''] = command.split('|');
    return called.has(name) || new RegExp(`\\.${name}(Stream|Buffer)?\\(`).test(code);
  };
  expect(REDIS_COMMANDS.keys.filter((command) => !isCalled(command))).toEqual([]);
});

test('the rules of the user forbid everything else, and other prefixes', () => {
  expect(aclRules('gwm').slice(0, 3)).toEqual(['~gwm:*', 'resetchannels', '-@all']);
});

function commandsIn(file: string): string[] {
  return [...read(file).matchAll(CALL)].map(([, command = '']) => command.toLowerCase());
}

function read(file: string): string {
  return readFileSync(`${root}/${file}`, 'utf8');
}
