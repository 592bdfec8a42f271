import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { SETTINGS } from '../../../src/config/settings.ts';
import { parseDuration } from '../../../src/core/duration.ts';
import { type Manifest, manifestFiles, problemsOf, readManifests } from '../../support/kubernetes.ts';
import { problemsOf as problemsOfExpression } from './expressions.ts';

const all = manifestFiles().flatMap((file) => readManifests(file));
const named = (kind: string, name: string) =>
  all.find((each) => each.kind === kind && each.metadata.name === name) ?? expect.fail(`no ${kind} ${name}`);
const worker = named('Deployment', 'gwm-worker');
const serve = named('Deployment', 'gwm-serve');
const scaler = named('ScaledObject', 'gwm-worker');
const settings = named('ConfigMap', 'gwm-settings').data ?? {};
const podOf = ({ spec }: Manifest) => spec.template.spec;
const containerOf = (manifest: Manifest) => podOf(manifest).containers[0];

describe('deploy/kubernetes', () => {
  test.for(all)('is valid by the published schemas: $kind $metadata.name', (manifest) => {
    expect(problemsOf(manifest)).toEqual([]);
  });

  test.for([
    ['an unknown field', worker, ['spec', 'replica'], 2, '/spec/replica is unknown'],
    [
      'an unknown field of a probe',
      worker,
      ['spec', 'template', 'spec', 'containers', '0', 'livenessProbe', 'httpGet', 'pth'],
      '/',
      '/spec/template/spec/containers/0/livenessProbe/httpGet/pth is unknown',
    ],
    [
      'a text for a number',
      serve,
      ['spec', 'template', 'spec', 'containers', '0', 'ports', '0', 'containerPort'],
      '3000',
      '/spec/template/spec/containers/0/ports/0/containerPort must be integer',
    ],
    ['an unknown field of KEDA', scaler, ['spec', 'minReplicas'], 2, '/spec/minReplicas is unknown'],
    [
      'a trigger without its metadata',
      scaler,
      ['spec', 'triggers', '0', 'metadata'],
      undefined,
      '/spec/triggers/0 must have required property metadata',
    ],
  ] as const)('is invalid with %s', ([, manifest, path, value, problem]) => {
    const broken = structuredClone(manifest);
    // biome-ignore lint/suspicious/noExplicitAny: any place of a document.
    const parent = path.slice(0, -1).reduce((each: any, name) => each[name], broken);
    const last = path.at(-1) ?? '';
    if (value === undefined) delete parent[last];
    else parent[last] = value;

    expect(problemsOf(broken)).toContain(problem);
  });

  test('lists every file in its kustomization', () => {
    expect(readKustomization().resources.toSorted()).toEqual(manifestFiles());
  });

  test('names the version of this package as the image', () => {
    const { version } = JSON.parse(readRoot('package.json')) as { version: string };
    const { image } = containerOf(worker);

    expect(readKustomization().images).toEqual([{ name: image, newTag: version }]);
    expect(containerOf(serve).image).toBe(image);
  });

  test('has existing settings only, and no secret', () => {
    const known = Object.values(SETTINGS).flatMap((each) =>
      'secret' in each && each.secret ? [] : [each.env as string],
    );
    const set = [
      ...Object.keys(settings),
      ...containerOf(serve).env.map(({ name }: { name: string }) => name),
    ];

    expect(set.filter((name) => !known.includes(name))).toEqual([]);
  });

  test.for([worker, serve])('gives $metadata.name only the privileges that it needs', (manifest) => {
    expect(podOf(manifest)).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(containerOf(manifest).securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  test.for([worker, serve])('reads the secrets of $metadata.name by name', (manifest) => {
    expect(containerOf(manifest).envFrom).toEqual([
      { configMapRef: { name: 'gwm-settings' } },
      { secretRef: { name: 'gwm-secrets' } },
    ]);
    expect(podOf(manifest).volumes).toContainEqual({
      name: 'tenants',
      secret: { secretName: 'gwm-tenants', defaultMode: 0o440 },
    });
    const [{ mountPath, readOnly }] = containerOf(manifest).volumeMounts;
    expect(settings['TENANTS_FILE']).toBe(`${mountPath}/tenants.json`);
    expect(readOnly).toBe(true);
  });

  test('gives a worker more time to stop than its jobs need', () => {
    const timeoutMs = parseDuration(settings['SHUTDOWN_TIMEOUT'] ?? '') ?? Number.NaN;

    expect(timeoutMs).toBe(parseDuration(SETTINGS.shutdownTimeoutMs.default ?? ''));
    expect(podOf(worker).terminationGracePeriodSeconds * 1000).toBeGreaterThan(timeoutMs + 10_000);
  });

  test.for([
    ['worker', worker, 'metrics', Number(settings['METRICS_PORT'])],
    ['serve', serve, 'http', 3000],
  ] as const)('probes the progress of %s at the port that answers', ([, manifest, name, port]) => {
    const { ports, startupProbe, livenessProbe, readinessProbe } = containerOf(manifest);

    expect(ports).toContainEqual({ name, containerPort: port });
    for (const probe of [startupProbe, livenessProbe])
      expect(probe.httpGet).toEqual({ path: '/healthz', port: name });
    expect(readinessProbe.httpGet).toEqual({ path: '/readyz', port: name });
  });

  test.for([worker, serve])('disrupts one pod of $metadata.name at a time', (manifest) => {
    const budget = named('PodDisruptionBudget', manifest.metadata.name);

    expect(budget.spec.maxUnavailable).toBe(1);
    expect(budget.spec.selector).toEqual(manifest.spec.selector);
    expect(manifest.spec.template.metadata.labels).toEqual(manifest.spec.selector.matchLabels);
  });

  test('leads the Service to serve', () => {
    const { spec } = named('Service', 'gwm');

    expect(spec.selector).toEqual(serve.spec.selector.matchLabels);
    expect(spec.ports).toEqual([{ name: 'http', port: 80, targetPort: 'http' }]);
  });

  test('scales the workers on the age of runnable work, and leaves their number to the scaler', () => {
    const [{ type, metadata }] = scaler.spec.triggers;

    expect(scaler.spec.scaleTargetRef).toEqual({ name: worker.metadata.name });
    expect(worker.spec).not.toHaveProperty('replicas');
    expect(type).toBe('prometheus');
    expect(metadata.query).toContain('gwm_oldest_ready_seconds');
    expect(problemsOfExpression(metadata.query)).toEqual([]);
  });

  test('lets Prometheus alone read the metrics, which have no password', () => {
    const { ingress } = named('NetworkPolicy', 'gwm').spec;
    const toMetrics = ingress.filter(({ ports }: { ports: { port: string }[] }) =>
      ports.some(({ port }) => port === 'metrics'),
    );

    expect(toMetrics).toHaveLength(1);
    expect(toMetrics[0].from).toHaveLength(1);
  });
});

function readKustomization(): { resources: string[]; images: unknown } {
  return parse(readRoot('deploy/kubernetes/kustomization.yaml'));
}

function readRoot(file: string): string {
  return readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
}
