import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Service } from 'kubernetes-models/v1/Service';
import { parseAllDocuments } from 'yaml';
import { messageOf } from '../../src/core/errors.ts';

const FOLDER = new URL('../../deploy/kubernetes/', import.meta.url);

/** The kinds whose published schemas the packages have compiled. */
const MODELS = [Deployment, ConfigMap, Service, NetworkPolicy, PodDisruptionBudget, ScaledObject];

/** A document of a manifest. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  // biome-ignore lint/suspicious/noExplicitAny: the schemas say what is in it.
  readonly spec: any;
  readonly data?: Readonly<Record<string, string>>;
}

/** The YAML files of deploy/kubernetes without kustomization.yaml. */
export function manifestFiles(): string[] {
  return readdirSync(FOLDER).filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml');
}

/** The documents of a file. */
export function readManifests(file: string): Manifest[] {
  const text = readFileSync(fileURLToPath(new URL(file, FOLDER)), 'utf8');
  return parseAllDocuments(text, { schema: 'yaml-1.1' }).map((document) => document.toJS());
}

/**
 * What is wrong with a document by the published schemas. The schemas allow fields that they do not
 * know, and Kubernetes drops such a field or refuses it. A validator reads each field that it knows, so
 * a field that it has not read is unknown.
 */
export function problemsOf(manifest: Manifest): string[] {
  const { apiVersion, kind } = manifest;
  const model = MODELS.find((each) => each.apiVersion === apiVersion && each.kind === kind);
  if (!model) return [`there is no schema of ${apiVersion} ${kind}`];
  const read = new Set<string>();
  const wrong = problemsBy(() => model.prototype.validate.call(noting(manifest, '', read) as never));
  return [...wrong, ...unreadIn(manifest, '', read).map((path) => `${path} is unknown`)];
}

/** The message of a validator has its problems, separated by commas. */
function problemsBy(validate: () => void): string[] {
  try {
    validate();
    return [];
  } catch (error) {
    return messageOf(error)
      .split(', ')
      .map((problem) => problem.replace(/^data/, ''));
  }
}

/** The same value; it notes the path of each field that is read. */
function noting(value: unknown, path: string, read: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, name) {
      const field: unknown = Reflect.get(target, name);
      if (typeof name !== 'string' || !Object.hasOwn(target, name)) return field;
      read.add(`${path}/${name}`);
      return noting(field, `${path}/${name}`, read);
    },
  });
}

function unreadIn(value: unknown, path: string, read: ReadonlySet<string>): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => {
    const place = `${path}/${name}`;
    return read.has(place) ? unreadIn(field, place, read) : [place];
  });
}
