import { SERIES } from './soak-report.ts';
import type { StoredRow, StoredRun, StoredSoak } from './stored-run.ts';

/** docs/reliability.md: what happened in the last run of each row. */
export function renderReliabilityPage({ machine, rows, soak }: StoredRun): string {
  return `# Reliability

\`npm run chaos\` does harm to a running installation, and counts what happens. Each row has real processes:
Redis, workers, a producer that never stops, and the sandbox in the place of Genesys Cloud. The
sandbox and a receiver that verifies every callback are the judges. A row fails unless all of this
holds:

- No job is lost: each accepted job is delivered, or is a dead letter that the fault causes.
- No message comes out of order in its conversation.
- A job is delivered twice only if a request lost its answer. Then gwm says so of this very job
  (\`mayBeRepetition\` in its callback and log lines, \`gwm_unknown_outcomes_total\`).
- Every job has a callback with a right signature, about one end. It may come again with the same
  \`webhook-id\`.
- At the end no job is stuck.

A job that a worker runs while it dies, four times, is a dead letter (\`JOB_CRASHED_WORKERS\`). It need not be the
cause: a job beside a poisoned one may die with it. One of the dead workers may have delivered it. The job
has the name of each of them, and counts as announced.

One job in ten is a card, the others are messages. They are of two tenants with 20 conversations each.
The locks of workers last ten seconds and requests four, unless the row says otherwise.

## What counts as accepted

A job is accepted when Redis has confirmed it. What Redis loses afterwards, gwm cannot know. So the
rows about Redis have one rule more:

- \`appendfsync always\`: Redis confirms what is on the disk. Nothing may be lost.
- \`appendfsync everysec\`: Redis may confirm up to two seconds before it writes to the disk. A job that Redis
  confirmed in the two seconds before its death may be lost. Whatever workers noted in this time may be
  lost too: such a job may come again without a mark. SIGKILL alone rarely loses anything, because the
  kernel still has what Redis wrote. A loss of power does.
- Emptied: all that Redis held is lost, jobs as well as the ledger. Each job that is accepted
  later is delivered. Sequence numbers of conversations begin again at 1.

The column *by definition* counts such jobs. They do not count as lost.

## Rows

Run on ${[...new Set(rows.map(({ day }) => day))].join(', ')}. Machine: ${machine}.

| | row | load | faults | accepted | delivered | lost | by definition | doubled | explained | out of order | 429 | dead letters | callbacks missing | callbacks doubled | recovery |
| --- | --- | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |
${rows.map(rowOf).join('\n')}

- *doubled* counts deliveries beyond the first one of a job, *explained* those that gwm announces.
- *429* counts requests above the rate limit.
- *recovery* is the time from the end of the fault until the last job has ended that was accepted before.

${failuresOf(rows)}A fault of \`npm run chaos\` without a row here has no stored run.

## Faults

| | row | what happens | dead letters that it may cause |
| --- | --- | --- | --- |
${rows.map(faultOf).join('\n')}

## Soak

\`npm run soak -- --minutes N\` runs workers at 80 % of the rate limit with small random faults: errors,
lost answers, slow answers, silent connections to Redis, receivers that fail. Redis keeps 200 jobs of a queue
that have ended, and the ledger and the attempts of callbacks for a minute: its memory soon stops to grow,
unless something leaks. A straight line is fitted to each measure, without the first third and the first two
minutes. A measure is flat when its growth is within three standard errors, or below 5 % of its mean over the
whole time.

${soakOf(soak)}
## Run it

| command | does |
| --- | --- |
| \`npm run chaos\` | all rows, one after the other |
| \`npm run chaos -- worker-kills --json\` | one row, as a line of JSON |
| \`npm run chaos -- random --seed 7 --minutes 30\` | rows in a random order with random sizes; the same seed gives the same ones |
| \`npm run chaos -- --save\` | stores the rows in \`test/chaos/run.json\`; \`npm run render\` writes this page from it |
| \`npm run soak -- --minutes 30 --save\` | the soak, stored for this page |

\`npm test\` has a short form of the groups 1, 2, 3, 5 and 9.
`;
}

function rowOf(row: StoredRow): string {
  const cells = [
    row.group,
    `\`${row.name}\``,
    row.load,
    row.faults,
    row.accepted,
    row.delivered,
    row.lost,
    row.lostByDefinition,
    row.doubled,
    row.explained,
    row.outOfOrder,
    row.rateLimited,
    row.deadLetters,
    row.callbacksMissing,
    row.callbacksDoubled,
    `${row.recoverySeconds} s`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function faultOf({ group, name, what, mayFailWith }: StoredRow): string {
  const codes = mayFailWith.map((code) => `\`${code}\``).join(', ');
  return `| ${group} | \`${name}\` | ${what} | ${codes} |`;
}

/** A row that failed is on the page as well. */
function failuresOf(rows: readonly StoredRow[]): string {
  const failed = rows.filter(({ failures }) => failures.length > 0);
  if (failed.length === 0) return '';
  const lines = failed.flatMap(({ name, failures }) =>
    failures.map((failure) => `- \`${name}\`: ${failure.replaceAll('|', '/')}`),
  );
  return `These rows failed:\n\n${lines.join('\n')}\n\n`;
}

function soakOf(soak: StoredSoak | undefined): string {
  if (!soak) return 'No run is stored.\n';
  const { minutes, jobs, faults, day, series } = soak;
  const lines = series.map(
    ({ name, mean, perHour, error, isFlat }) =>
      `| ${SERIES[name]} | ${rounded(mean)} | ${rounded(perHour)} | ${rounded(error)} | ${isFlat ? 'flat' : 'grows'} |`,
  );
  return `${day}, ${minutes} minutes, ${jobs} jobs, ${faults} faults:

| measure | mean | change per hour | standard error | |
| --- | --: | --: | --: | --- |
${lines.join('\n')}
`;
}

/** Three significant digits. */
function rounded(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
