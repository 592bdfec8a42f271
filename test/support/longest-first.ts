import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files of the last project of a run that wait for more than half a minute, the longest first.
 * One of them at the end would leave the other workers without a file.
 */
const LONGEST = [
  'e2e/chaos',
  'e2e/image',
  'integration/runtime/platform/rollout-crash',
  'integration/redis/silence',
  'integration/runtime/lost-lock',
  'integration/flow/backlog',
  'integration/runtime/rollouts',
  'integration/redis/causes',
  'integration/audit/threaded-store',
  'integration/runtime/order',
  'integration/runtime/crash',
  'integration/runtime/replicas',
].map((name) => fileURLToPath(new URL(`../${name}.test.ts`, import.meta.url)));

/** Starts the longest files of each project first, then the others in the order of vitest. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const missing = LONGEST.filter((file) => !existsSync(file));
    if (missing.length > 0) throw new Error(`longest-first.ts names files that are gone: ${missing}`);
    const byProject = Map.groupBy(await super.sort(files), ({ project }) => project);
    return [...byProject.values()].flatMap((ofProject) => ofProject.toSorted((a, b) => rank(a) - rank(b)));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const place = LONGEST.indexOf(moduleId);
  return place < 0 ? LONGEST.length : place;
}
