/** A stream that may be a terminal. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly rows?: number;
  readonly columns?: number;
  write(text: string): unknown;
}

const HOME = '\u001b[H';
const CLEAR_ALL = '\u001b[2J';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** Shows lines again and again: in place on a terminal, else one below the other. */
export function openScreen(stream: Screen): { show(lines: readonly string[]): void } {
  let isFirst = true;
  return {
    show(lines) {
      if (!stream.isTTY) {
        stream.write(lines.map((line) => `${line}\n`).join(''));
        return;
      }
      const { rows = Number.POSITIVE_INFINITY, columns = Number.POSITIVE_INFINITY } = stream;
      // A line that is too long, or one line too many, would move all others.
      const fitting = lines.slice(0, rows - 1).map((line) => line.slice(0, columns));
      const text = fitting.map((line) => `${line}${CLEAR_LINE}\n`).join('');
      // One write, so that the terminal does not flicker.
      stream.write(`${isFirst ? CLEAR_ALL : ''}${HOME}${text}${CLEAR_BELOW}`);
      isFirst = false;
    },
  };
}
