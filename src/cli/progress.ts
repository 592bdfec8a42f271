import cliProgress from 'cli-progress';

/** Shows progress: a bar on a terminal, else a line every few seconds. */
export interface Progress {
  update(done: number, notes?: string): void;
  stop(): void;
}

export interface ProgressOptions {
  readonly label: string;
  readonly total: number;
  readonly stream: NodeJS.WriteStream;
}

const LINE_EVERY_MS = 3000;

export function openProgress({ label, total, stream }: ProgressOptions): Progress {
  const bar = new cliProgress.SingleBar({
    stream,
    format: `${label} {bar} {percentage}% {value}/{total} {notes}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: LINE_EVERY_MS,
    linewrap: false,
  });
  bar.start(total, 0, { notes: '' });
  return {
    update: (done, notes = '') => bar.update(done, { notes }),
    stop: () => bar.stop(),
  };
}
