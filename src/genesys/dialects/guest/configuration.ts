import { z } from 'zod';
import type { Tree } from '../../../content/json/tree.ts';
import { treeIssues } from '../../../content/json/tree-issues.ts';
import { checked } from '../../../core/checked.ts';
import type { ScopedOperation } from '../../operation.ts';
import { malformed, readAnswer } from '../../read-answer.ts';
import type { ConfigurationWrite, ConfigurationWritten, VersionedConfiguration } from './shapes.ts';

/** Fields of the answer that do not belong to the configuration itself. */
const ABOUT = new Set(['organizationId', 'version', 'lastModified', 'id', 'selfUri']);

const version = z.number().int().min(0);
const withVersion = z.looseObject({ version });

/** Reads an organization's configuration (docs/guides.md#read-a-configuration). */
export const readConfiguration: ScopedOperation<{ organizationId: string }, VersionedConfiguration> = {
  name: 'configuration.read',
  method: 'GET',
  scope: 'webchat:configuration:read',
  path: pathOf,
  body: () => undefined,
  read: readVersioned,
};

/**
 * Writes a configuration (docs/guides.md#write-a-configuration). `If-Match` has the version that
 * the write is based on. A 409 means that another program wrote first. Its body has the present
 * version.
 */
export const writeConfiguration: ScopedOperation<ConfigurationWrite, ConfigurationWritten> = {
  name: 'configuration.write',
  method: 'PUT',
  scope: 'webchat:configuration:write',
  accepts: [409],
  reportsReasons: true,
  headers: (write) => ({ 'if-match': String(write.version) }),
  path: pathOf,
  body: ({ configuration }) => configuration,
  read(answer, status) {
    const parsed = checked(withVersion, answer);
    return {
      status: status === 409 ? 'conflict' : 'written',
      version: parsed.ok ? parsed.data.version : null,
    };
  },
};

function pathOf({ organizationId }: { organizationId: string }): string {
  return `/api/v2/webchat/organizations/${encodeURIComponent(organizationId)}/configurations`;
}

/** @throws {CodedError} CONFIGURATION_MALFORMED, GENESYS_UNAVAILABLE */
function readVersioned(answer: unknown): VersionedConfiguration {
  const { name } = readConfiguration;
  const code = 'CONFIGURATION_MALFORMED';
  // This check comes before any copy: fields may have any name and any depth.
  const issues = answer === undefined ? [] : treeIssues(answer, 'configuration');
  if (issues.length > 0) throw malformed(code, name, issues);
  const read = readAnswer({ name, shape: withVersion, code }, answer);
  const fields = Object.entries(answer as Tree).filter(([field]) => !ABOUT.has(field));
  return { version: read.version, configuration: Object.fromEntries(fields) };
}
