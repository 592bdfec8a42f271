import { z } from 'zod';
import { isTree, type Tree } from '../../../content/json/tree.ts';
import { checked } from '../../../core/checked.ts';
import { textOf } from '../../../core/shapes.ts';
import type { Operation } from '../../operation.ts';
import { genesysId, readAnswer } from '../../read-answer.ts';
import { creation } from './creation.ts';
import { cursorList, type PageLimit } from './cursor-list.ts';
import { writableFields } from './writable.ts';

/**
 * Configurations of messengers (docs/platform.md#rollouts). A client changes the draft, and a
 * publication makes a version of it. No write has a precondition.
 */

const PATH = '/api/v2/webdeployments/configurations';
const VIEW = { names: ['webDeployments:configuration:view'] } as const;
const EDIT = { names: ['webDeployments:configuration:edit'] } as const;
const ADD = { names: ['webDeployments:configuration:add'] } as const;
const PUBLISH = { names: ['webDeployments:configuration:edit', 'webDeployments:configuration:add'] } as const;

/**
 * Longest answer with one configuration, bytes. A write may have 512,000. The answer also has the
 * fields that the platform sets, and may write some characters longer.
 */
const MAX_BYTES = 1024 * 1024;

/** Each entry of a list may be a whole configuration. */
const PAGE: PageLimit = { entries: 25, bytes: 25 * MAX_BYTES };

/** The name of the version that can be changed. */
export const DRAFT = 'DRAFT';

/** Fields that the platform sets. A PUT without them changes nothing about them. */
const READ_ONLY: ReadonlySet<string> = new Set([
  'id',
  'version',
  'dateCreated',
  'dateModified',
  'datePublished',
  'createdUser',
  'lastModifiedUser',
  'publishedUser',
  'status',
  'selfUri',
]);

const word = textOf({ max: 200 }).nullish().catch(undefined);

const entryShape = z.looseObject({ id: genesysId, name: textOf({ max: 1000 }), version: word });

const versionShape = z
  .looseObject({ id: genesysId, version: word, status: word, dateModified: word })
  .refine(isTree, 'expected JSON within the limits of depth and size')
  .transform(
    (version): MessengerVersion => ({
      id: version.id,
      version: version.version ?? DRAFT,
      status: version.status ?? null,
      dateModified: version.dateModified ?? null,
      fields: writableFields(version as Tree, READ_ONLY),
    }),
  );

/** One version of a configuration. */
export interface MessengerVersion {
  readonly id: string;
  /** `DRAFT`, or a whole number as a text. */
  readonly version: string;
  /** `Pending`, `Active`, `Inactive`, `Error` or `Deleting`; null if the answer does not say it. */
  readonly status: string | null;
  /** When it was changed last, as the answer has it. */
  readonly dateModified: string | null;
  /** What a client may write, with the name. */
  readonly fields: Tree;
}

interface OfConfiguration {
  readonly configurationId: string;
}

/** Lists the configurations: no operation finds one by its name. */
export const listConfigurations = cursorList('configuration.list', VIEW, () => PATH, entryShape, PAGE);

/** Lists the draft and the versions of a configuration, in any order. */
export const listVersions = cursorList(
  'configuration.versions',
  VIEW,
  ({ configurationId }: OfConfiguration & { after?: string | undefined }) =>
    `${pathOf({ configurationId })}/versions`,
  z.looseObject({ version: textOf({ min: 1, max: 20 }) }),
  PAGE,
);

/** Reads one version of a configuration, or its draft. */
export const readVersion: Operation<OfConfiguration & { readonly version: string }, MessengerVersion> = {
  name: 'configuration.read',
  method: 'GET',
  maxAnswerBytes: MAX_BYTES,
  permissions: VIEW,
  path: ({ configurationId, version }) =>
    `${pathOf({ configurationId })}/versions/${version === DRAFT ? 'draft' : encodeURIComponent(version)}`,
  body: () => undefined,
  read: (answer) =>
    readAnswer({ name: 'configuration.read', shape: versionShape, code: 'CONFIGURATION_MALFORMED' }, answer),
};

/** Creates a configuration. It is a draft at first. @returns null if the answer has no id. */
export const createConfiguration = {
  ...creation('configuration.create', PATH, ADD),
  maxAnswerBytes: MAX_BYTES,
};

/** Replaces the whole draft. The last write wins. */
export const writeDraft: Operation<OfConfiguration & { readonly fields: Tree }, Written> = {
  name: 'configuration.write',
  method: 'PUT',
  maxAnswerBytes: MAX_BYTES,
  permissions: EDIT,
  reportsReasons: true,
  path: ({ configurationId }) => `${pathOf({ configurationId })}/versions/draft`,
  body: ({ fields }) => fields,
  read: (answer) => ({ dateModified: versionIn(answer)?.dateModified ?? null }),
};

/** What the answer to a write says. */
export interface Written {
  readonly dateModified: string | null;
}

/** Makes a version of the draft. The answer is the version; null if it cannot be read. */
export const publishDraft: Operation<OfConfiguration, MessengerVersion | null> = {
  name: 'configuration.publish',
  method: 'POST',
  maxAnswerBytes: MAX_BYTES,
  permissions: PUBLISH,
  path: ({ configurationId }) => `${pathOf({ configurationId })}/versions/draft/publish`,
  body: () => undefined,
  read: (answer) => versionIn(answer) ?? null,
};

/** The newest published version of a list, by its number; undefined if there is only a draft. */
export function newestOf(versions: readonly { readonly version: string }[]): number | undefined {
  const numbers = versions.flatMap(({ version }) => (/^\d{1,9}$/.test(version) ? [Number(version)] : []));
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

function versionIn(answer: unknown): MessengerVersion | undefined {
  const parsed = checked(versionShape, answer);
  return parsed.ok ? parsed.data : undefined;
}

function pathOf({ configurationId }: OfConfiguration): string {
  return `${PATH}/${encodeURIComponent(configurationId)}`;
}
