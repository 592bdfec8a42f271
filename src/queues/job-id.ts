/** Ids of this program, and ids of scheduled jobs of BullMQ: `repeat:<schedule>:<ms>`. */
const JOB_ID = /^(?:[\w-]{1,160}|repeat:[\w.-]{1,100}:\d{1,15})$/;

/**
 * Whether a text can be the id of a job. BullMQ has other keys under the name of a queue (`meta`,
 * `<id>:lock`), and Redis would answer a question for them with an error.
 *
 * @param ownKeys the names of these keys, such as `meta`.
 */
export function isJobId(text: string, ownKeys: object): boolean {
  return JOB_ID.test(text) && !(text in ownKeys);
}
