import type { Config } from '../config/settings.ts';

/**
 * Longest time of one command of `gwm serve`, ms. It is shorter than the time for the answer, so that
 * an answer with several commands in a row, too, says in time that Redis is silent.
 */
export function redisDeadlineMs({ httpAnswerTimeoutMs }: Pick<Config, 'httpAnswerTimeoutMs'>): number {
  return Math.ceil(httpAnswerTimeoutMs * 0.8);
}
