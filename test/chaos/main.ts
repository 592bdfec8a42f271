import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { describeMachine } from '../../bench/machine.ts';
import provideProgram from '../support/global-program.ts';
import { GWM } from '../support/gwm.ts';
import { endFile } from '../support/lifetime.ts';
import type { Fault } from './fault.ts';
import { renderRow } from './print.ts';
import { FAULTS } from './registry.ts';
import { runRow } from './run-row.ts';
import { dayOf, storeRow } from './stored-run.ts';
import { type Step, walk } from './walk.ts';

const USAGE = `npm run chaos [-- NAME…] [--json] [--seed S] [--save] [--program PATH]
npm run chaos -- random [--seed S] [--minutes M] [--json]

Faults: ${FAULTS.map(({ name }) => name).join(', ')}`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    seed: { type: 'string' },
    minutes: { type: 'string', default: '10' },
    /** Stores the rows for docs/reliability.md. */
    save: { type: 'boolean', default: false },
    /** A build of gwm in place of a new one. */
    program: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const isRandom = positionals[0] === 'random';
const seed = wholeNumber('--seed', values.seed ?? String(randomInt(2 ** 31)));
const forMs = wholeNumber('--minutes', values.minutes) * 60_000;
const chosen = isRandom || positionals.length === 0 ? FAULTS : positionals.map(find);
const steps = isRandom
  ? walk(chosen, seed)
  : chosen.map((fault): Step => ({ fault, scale: fault.full, seed }));
console.error(`chaos: seed ${seed}`);
if (values.program === undefined) await provideProgram();
// A build takes long on a loaded machine.
const endMs = Date.now() + forMs;

let hasFailed = false;
for (const step of steps) {
  if (isRandom && Date.now() >= endMs) break;
  hasFailed = !(await take(step)) || hasFailed;
}
// A row that failed may leave connections open.
process.exit(hasFailed ? 1 : 0);

/** Runs one row. @returns whether it passed */
async function take({ fault, scale, seed: ofRow }: Step): Promise<boolean> {
  console.error(`${fault.name}: ${JSON.stringify({ ...scale, seed: ofRow })}`);
  const startedAt = performance.now();
  const row = await runRow(fault, { scale, seed: ofRow, program: values.program ?? GWM }).finally(() =>
    endFile(true),
  );
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(values.json ? JSON.stringify({ ...row, seconds }) : renderRow(row));
  if (values.save) {
    const { group, what, rules = {} } = fault;
    const about = { group, what, mayFailWith: rules.deadLetters ?? [] };
    storeRow({ ...row, ...about, seconds, seed: ofRow, day: dayOf(new Date()) }, await describeMachine());
  }
  return row.failures.length === 0;
}

function find(name: string): Fault {
  const fault = FAULTS.find((each) => each.name === name);
  if (fault) return fault;
  console.error(`There is no fault ${name}.\n\n${USAGE}`);
  process.exit(2);
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  console.error(`${option} takes a whole number, got ${text}.\n\n${USAGE}`);
  process.exit(2);
}
