import { errorIn } from './answer.ts';
import { ApiError } from './api-error.ts';

/**
 * The lines of a streamed answer, each of which is JSON. What an answer that broke off has behind its
 * last line is left out.
 * @throws {ApiError} when the server ended the answer with a problem.
 */
export async function* readAnswerLines(
  texts: AsyncIterable<string>,
): AsyncGenerator<object, void, undefined> {
  let rest = '';
  for await (const text of texts) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') continue;
      const value = parsed(line);
      if ('problem' in value) throw errorIn(value.problem as object);
      yield value;
    }
  }
}

function parsed(line: string): object {
  try {
    return JSON.parse(line) as object;
  } catch {
    const message = 'A line of the answer is not JSON.';
    throw new ApiError({ status: 200, code: 'ANSWER_UNREADABLE', message });
  }
}
