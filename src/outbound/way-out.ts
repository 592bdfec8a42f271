import type { Config } from '../config/settings.ts';
import { VERSION } from '../core/version.ts';
import { createProxies } from './proxies.ts';
import type { TransportOptions } from './transport.ts';

const PRODUCT = `genesys-webmessaging-worker/${VERSION}`;

/** The options of transports that come from the settings: `User-Agent` and proxies. */
export function wayOut(
  config: Pick<Config, 'httpProxy' | 'httpsProxy' | 'noProxy' | 'userAgentSuffix'>,
): Pick<TransportOptions, 'userAgent' | 'proxies'> {
  const { userAgentSuffix } = config;
  return {
    userAgent: userAgentSuffix === undefined ? PRODUCT : `${PRODUCT} ${userAgentSuffix}`,
    proxies: createProxies(config),
  };
}
