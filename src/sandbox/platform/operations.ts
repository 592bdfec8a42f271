import { auditOperations } from './audits/operations.ts';
import { webDeploymentOperations } from './deployments/operations.ts';
import { messageOperations } from './messages/operations.ts';
import type { PlatformOperation } from './operation.ts';
import { organizationOperations } from './organization/operations.ts';

/** The upload of the bytes of a file. It is not in the table: it needs no token. */
export const UPLOAD_OPERATION = 'platform.media.put';

/** A message of a guest over the WebSocket. It is not in the table: it is no request. */
export const GUEST_MESSAGE_OPERATION = 'platform.webmessaging.message';

/** Every operation of the platform that the sandbox offers. Names and parameters are those of the SDK. */
export const platformOperations: readonly PlatformOperation[] = [
  ...organizationOperations,
  ...messageOperations,
  ...webDeploymentOperations,
  ...auditOperations,
];
