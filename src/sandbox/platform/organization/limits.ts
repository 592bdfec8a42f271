/** One limit of an organization, and the setting that the sandbox enforces it by. */
export interface EnforcedLimit {
  readonly namespace: string;
  readonly key: string;
  /** The path of its setting. One below `webmessaging` is a setting of the guest channel. */
  readonly setting: string;
  readonly description: string;
}

/** The names of namespaces as a reader sees them. */
export const friendlyNames: Readonly<Record<string, string>> = {
  'platform.api': 'Platform API',
  'web.messaging': 'Web Messaging',
  'web.deployments': 'Web Deployments',
  messaging: 'Messaging',
};

/** The keys of these namespaces are not published, so the sandbox has keys of its own. */
const STAND_IN = 'The name of this key is a stand-in.';

/** Every limit that the sandbox enforces. What an organization shows is what its settings say. */
export const enforcedLimits: readonly EnforcedLimit[] = [
  limit('platform.api', 'client.credentials.token.rate.per.minute', 'rate.perToken', 'Requests of a token.'),
  limit('platform.api', 'token.rate.per.minute', 'rate.perToken', 'Requests of a token.'),
  limit('platform.api', 'org.app.user.rate.per.minute', 'rate.perClient', 'Requests of an OAuth client.'),
  limit('platform.api', 'request.bytes.max', 'requests.maxBodyBytes', 'Bytes of the body of a request.'),

  ofChannel('messages.per.session.rate.per.second', 'rates.messagesPerSecond', 'Messages of a session.'),
  ofChannel('requests.per.connection.rate.per.minute', 'rates.requestsPerMinute', 'Actions of a connection.'),
  ofChannel('configure.per.session.rate.per.minute', 'rates.configuresPerMinute', 'Configures of a session.'),
  ofChannel('connections.rate.per.minute', 'rates.connectionsPerMinute', 'New connections of a deployment.'),
  ofChannel(
    'health.check.per.connection.rate.per.minute',
    'rates.echoesPerMinute',
    'Echoes of a connection.',
  ),
  ofChannel('get.history.rate.per.minute', 'rates.historyPerMinute', 'Reads of the history of a session.'),
  ofChannel('session.connections.max', 'session.maxConnections', 'Connections of a session.'),
  ofChannel('metadata.custom.attributes.bytes.max', 'limits.attributesBytes', 'Bytes of custom attributes.'),

  limit(
    'web.deployments',
    'configurations.max',
    'configurations.maxConfigurations',
    `Configurations. ${STAND_IN}`,
  ),
  limit('web.deployments', 'deployments.max', 'deployments.maxDeployments', `Deployments. ${STAND_IN}`),
  limit(
    'web.deployments',
    'configuration.name.length.max',
    'configurations.maxNameCharacters',
    `Characters of the name of a configuration. ${STAND_IN}`,
  ),

  limit('messaging', 'bulk.messages.max', 'messages.maxBulkMessages', `Ids in one bulk read. ${STAND_IN}`),
  limit(
    'messaging',
    'conversation.messages.max',
    'messages.maxPerConversation',
    `Messages of a conversation. ${STAND_IN}`,
  ),
  limit('messaging', 'outbound.messages.max', 'messages.maxOutbound', `Outbound messages. ${STAND_IN}`),
];

/** The value of a limit. Undefined where no setting bounds it. */
export function enforcedValue({ setting }: EnforcedLimit, settings: object): number | undefined {
  const value = setting
    .split('.')
    .reduce<unknown>((group, name) => (group as Record<string, unknown>)[name], settings);
  return typeof value === 'number' ? value : undefined;
}

function limit(namespace: string, key: string, setting: string, description: string): EnforcedLimit {
  return { namespace, key, setting, description };
}

function ofChannel(key: string, setting: string, description: string): EnforcedLimit {
  return limit('web.messaging', key, `webmessaging.${setting}`, description);
}
