import { versionOf } from '../configurations/configurations.ts';
import { shownVersion, userOf } from '../configurations/shown.ts';
import { timeText } from '../requests/handler.ts';
import type { PlatformWorld } from '../world.ts';
import { type Deployment, statusOf } from './deployments.ts';

/** A deployment as the API shows it. `isExpanded`: with the whole version of its configuration. */
export function shownDeployment(
  world: PlatformWorld,
  deployment: Deployment,
  nowMs: number,
  isExpanded = false,
): Record<string, unknown> {
  const { id, fields, author, createdAtMs, modifiedAtMs } = deployment;
  return {
    ...fields,
    id,
    snippet: snippetOf(world, id),
    dateCreated: timeText(createdAtMs),
    dateModified: timeText(modifiedAtMs),
    lastModifiedUser: userOf(author),
    configuration: shownConfiguration(world, deployment, nowMs, isExpanded),
    status: statusOf(deployment, nowMs),
    selfUri: `/api/v2/webdeployments/deployments/${id}`,
  };
}

function shownConfiguration(
  world: PlatformWorld,
  { tenant, fields }: Deployment,
  nowMs: number,
  isExpanded: boolean,
): object {
  const { id, version } = fields.configuration;
  const configuration = world.configurations.find(tenant, id, nowMs);
  const found = configuration && versionOf(configuration, version, nowMs);
  if (isExpanded && configuration && found) return shownVersion(configuration, found, nowMs);
  return {
    id,
    version,
    ...(found && { name: found.fields.name }),
    selfUri: `/api/v2/webdeployments/configurations/${id}/versions/${version.toLowerCase()}`,
  };
}

/** The HTML that shows the messenger on a page. Its form is that of snippets on public pages. */
function snippetOf({ settings }: PlatformWorld, deploymentId: string): string {
  const { domain, environment } = settings.current.organization;
  return `<script type="text/javascript" charset="utf-8">
  (function (g, e, n, es, ys) {
    g['_genesysJs'] = e;
    g[e] = g[e] || function () {
      (g[e].q = g[e].q || []).push(arguments)
    };
    g[e].t = 1 * new Date();
    g[e].c = es;
    ys = document.createElement('script'); ys.async = 1; ys.src = n; ys.charset = 'utf-8'; document.head.appendChild(ys);
  })(window, 'Genesys', 'https://apps.${domain}/genesys-bootstrap/genesys.min.js', {
    environment: '${environment}',
    deploymentId: '${deploymentId}'
  });
</script>`;
}
