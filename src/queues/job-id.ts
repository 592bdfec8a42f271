/** Ids that we make, and those that BullMQ gives to jobs that come by the clock: `repeat:<schedule>:<ms>`. */
const JOB_ID = /^(?:[\w-]{1,160}|repeat:[\w.-]{1,100}:\d{1,15})$/;

/**
 * Whether a text can be the id of a job. What else BullMQ keeps under the keys of a queue (`meta`, `<id>:lock`) is no job, and
 * a question for it would be answered with an error of Redis.
 *
 * @param ownKeys the names of the queue's own keys, such as `meta`.
 */
export function isJobId(text: string, ownKeys: object): boolean {
  return JOB_ID.test(text) && !(text in ownKeys);
}
