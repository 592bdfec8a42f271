/** Names of fields that contracts have. A caller chose every other name in a path. */
export const FIELD_NAMES: ReadonlySet<string> = new Set(
  [
    'tenantId guestId conversationId sessionId widgetId organizationId organizationIds idempotencyKey callback url events',
    'priority sendAt expiresAt onUnknownOutcome traceparent tracestate body contentType content attachments fileName sizeBytes readReceipt split',
    'template id version layoutEngine fallbackBehavior fields components truncate type configuration brandColor',
    'backgroundColor contrastRatio fontSizePx greetings availabilityRules dayOfWeek startTime endTime timeZone featureFlags',
    'audienceSegments replicate overwriteExisting onConflict ifVersion dryRun rollback name status language launcher position',
    'horizontalOffset verticalOffset show icon widget title welcomeMessage autoOpen theme primaryColor secondaryColor',
    'buttonTextColor widgetBackgroundColor widgetTextColor headerBackgroundColor headerTextColor strict rolloutId settings',
    'restore sourceOrganizationId targetOrganizationIds since organizations locales customAttributes cms actions from to',
    'pageSize purpose messageId source event record timestamp data route communicationId typing receipt',
    'reasons code message isFinal click text payload originatingMessageId',
    'mode syncId',
    'configurationId configurationName deployments ignoreUnsupported allowedDomains pins copy givesCopy mayCreate deployment',
    'whileAt deploymentIds',
  ].flatMap((names) => names.split(' ')),
);
