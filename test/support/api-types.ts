/**
 * The types of the API document, rendered by openapi-typescript. No person reads or edits this file, so
 * its length does not matter.
 */
export interface paths {
    "/v1/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message of a guest to a conversation
         * @description The answer 202 says that Redis has the job; a worker sends it later. `tenantId` may be left out when the
         *     key is bound to one tenant. With an `Idempotency-Key` the same request may be sent any number of times:
         *     the answers after the first one have `Idempotency-Replayed: true`.
         *
         *     Scope of the key: `send`.
         */
        post: operations["sendMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a rich card to a conversation
         * @description The answer 202 says that Redis has the job; a worker sends it later. `tenantId` may be left out when the
         *     key is bound to one tenant. With an `Idempotency-Key` the same request may be sent any number of times:
         *     the answers after the first one have `Idempotency-Replayed: true`.
         *
         *     Scope of the key: `send`.
         */
        post: operations["sendCard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/embeds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Generate the embed code of a widget
         * @description The answer 202 says that Redis has the job; a worker sends it later. `tenantId` may be left out when the
         *     key is bound to one tenant. With an `Idempotency-Key` the same request may be sent any number of times:
         *     the answers after the first one have `Idempotency-Replayed: true`.
         *
         *     Scope of the key: `send`.
         */
        post: operations["generateEmbed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rollouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Roll out a configuration to organizations, or roll one back
         * @description The answer 202 says that Redis has the job; a worker sends it later. `tenantId` may be left out when the
         *     key is bound to one tenant. With an `Idempotency-Key` the same request may be sent any number of times:
         *     the answers after the first one have `Idempotency-Replayed: true`.
         *
         *     Scope of the key: `send`.
         */
        post: operations["startRollout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deployments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create or change a deployment
         * @description The answer 202 says that Redis has the job; a worker sends it later. `tenantId` may be left out when the
         *     key is bound to one tenant. With an `Idempotency-Key` the same request may be sent any number of times:
         *     the answers after the first one have `Idempotency-Replayed: true`.
         *
         *     Scope of the key: `send`.
         */
        post: operations["deploy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit-syncs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read audit records of organizations into the audit store
         * @description The answer 202 says that Redis has the job; a worker sends it later. `tenantId` may be left out when the
         *     key is bound to one tenant. With an `Idempotency-Key` the same request may be sent any number of times:
         *     the answers after the first one have `Idempotency-Replayed: true`.
         *
         *     Scope of the key: `send`.
         */
        post: operations["syncAudit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send any number of jobs, one per line
         * @description NDJSON in and out. Each line of the body names its `kind`, and has a line in the answer as soon as it is
         *     decided. Lines with errors are reported and left out. The last line of the answer has a `summary`; a
         *     batch that breaks off ends with a `problem`, and may be sent again: a line with an `idempotencyKey` is
         *     accepted once. The header `Idempotency-Key` is refused: each line has a key of its own. Read the answer
         *     while you send. `Content-Encoding` may be `gzip` or `zstd`.
         *
         *     Scope of the key: `send`.
         */
        post: operations["sendBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send jobs as CloudEvents 1.0: binary, structured or batched
         * @description `source` and `id` are the idempotency key, `type` is `com.genesys.webmessaging.` and the kind, and
         *     `partitionkey` may name the tenant. When an event is not valid, the answer is a problem with the
         *     `results` of all events: those with an id are accepted, and the whole request may be sent again.
         *
         *     Scope of the key: `send`.
         */
        post: operations["sendEvents"];
        delete?: never;
        /** Answer the handshake of a sender of CloudEvents */
        options: operations["agreeToEvents"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List jobs of a tenant, page by page
         * @description The server reads an index, and never a whole queue. A page may have fewer jobs than `limit`, and even
         *     none: follow `cursor` until it is null.
         *
         *     Scope of the key: `read`.
         */
        get: operations["listJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a job, and why it waits
         * @description Scope of the key: `read`.
         */
        get: operations["getJob"];
        put?: never;
        post?: never;
        /**
         * Cancel a job that waits
         * @description No worker sends the job, and the next job of its conversation goes on.
         *
         *     Scope of the key: `operate`.
         */
        delete: operations["cancelJob"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a dead letter again
         * @description The job has all its attempts again. A job that was delivered is never sent again.
         *
         *     Scope of the key: `operate`.
         */
        post: operations["retryJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send all dead letters again that a filter means
         * @description Those of each conversation go in the order in which they were accepted. A job that an operator
         *     cancelled is not among them: it goes again by its id. The answer has a line for each step of the progress, and a `summary` at the end; an
         *     act that breaks off ends with a `problem`, and may be repeated.
         *
         *     Scope of the key: `operate`.
         */
        post: operations["retryJobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel all waiting jobs that a filter means
         * @description Jobs that come meanwhile are not among them. The answer has a line for each step of the progress, and a `summary` at the end; an
         *     act that breaks off ends with a `problem`, and may be repeated.
         *
         *     Scope of the key: `operate`.
         */
        post: operations["cancelJobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a job until it ends
         * @description Server-sent events: `state` with the job whenever it changes, `ended` with its last state, `gone` when Redis no longer has it.
         *
         *     Scope of the key: `read`.
         */
        get: operations["followJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what the tenants of the key do now
         * @description One snapshot serves all callers of this process. It is a few seconds old at most; `at` says of
         *     when it is.
         *
         *     Scope of the key: `read`.
         */
        get: operations["getOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/overview/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow what the tenants of the key do
         * @description Server-sent events `overview`, each with the whole answer of `GET /v1/overview`, every few seconds: the
         *     more tenants, the fewer. The id of an event is its `at`.
         *
         *     Scope of the key: `read`.
         */
        get: operations["followOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the points of a chart of all tenants of the key
         * @description A key for all tenants gets what all tenants did, also those that the tenants file no longer has.
         *
         *     Scope of the key: `read`.
         */
        get: operations["getSeries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants/{id}/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the points of a chart of a tenant
         * @description Scope of the key: `read`.
         */
        get: operations["getTenantSeries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the life of a job, and why it waits
         * @description Codes, statuses and times, and never a text. It disappears with the job.
         *
         *     Scope of the key: `read`.
         */
        get: operations["getTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the jobs of a conversation in their order, and why each waits
         * @description Scope of the key: `read`.
         */
        get: operations["getConversation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find jobs by conversation, guest, id, key, trace or correlation id
         * @description The first page looks up ids, idempotency keys and conversations. Each page compares guest, trace and
         *     correlation id of a bounded number of jobs, newest first: follow `cursor` until it is null.
         *
         *     Scope of the key: `read`.
         */
        get: operations["searchJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Group the dead letters of a tenant by the code of their failure
         * @description `POST /v1/jobs/retry` with `code` sends a group again. Dead letters of callbacks are not among them.
         *
         *     Scope of the key: `read`.
         */
        get: operations["listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the tenants of the key
         * @description Scope of the key: `read`.
         */
        get: operations["listTenants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show limits, buckets and waiting jobs of a tenant
         * @description The answer has no secret, and no address of one.
         *
         *     Scope of the key: `read`.
         */
        get: operations["getTenant"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a tenant for some time
         * @description Its jobs wait, and other tenants go on. Requests that are under way go on to their end.
         *
         *     Scope of the key: `operate`.
         */
        post: operations["pauseTenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End every pause of a tenant, whatever its cause
         * @description Scope of the key: `operate`.
         */
        post: operations["resumeTenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants/reload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read the tenants file again, in all processes
         * @description This process reads the file first. When it can, all workers and servers of the installation read theirs, and
         *     flow control gets the limits. The answer has the report of each process; `isComplete` says that all have
         *     taken the whole file, and the same one. A process that was cut off from Redis reads the file when it is back.
         *
         *     Scope of the key: `admin`.
         */
        post: operations["reloadTenants"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the endpoints that workers called lately
         * @description Scope of the key: `read`.
         */
        get: operations["listEndpoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/endpoints/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an endpoint
         * @description Scope of the key: `read`.
         */
        get: operations["getEndpoint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/endpoints/{id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Call a disabled or paused endpoint again
         * @description Scope of the key: `operate`.
         */
        post: operations["enableEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/endpoints/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send again all callbacks that an endpoint missed
         * @description Scope of the key: `operate`.
         */
        post: operations["replayMissed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/callbacks/{id}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the last attempts to deliver a callback
         * @description Scope of the key: `read`.
         */
        get: operations["listAttempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/callbacks/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a callback again, delivered or not
         * @description It has the same `webhook-id`, by which the receiver recognizes it, and all its attempts.
         *
         *     Scope of the key: `operate`.
         */
        post: operations["replayCallback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send one signed webhook.test event to a receiver
         * @description The server sends it as a worker does, by the rules of the tenant for receivers.
         *
         *     Scope of the key: `operate`.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the API key of the request, and its page token
         * @description Scope of the key: `read`.
         */
        get: operations["getLogin"];
        put?: never;
        /**
         * Log a browser in with the secret of an API key
         * @description The cookie of the answer stands for the key, in all requests of the page. A request that changes
         *     something also needs the header `X-Page-Token`. The login ends with the key.
         */
        post: operations["logIn"];
        /**
         * End the login of a browser
         * @description Scope of the key: `read`.
         */
        delete: operations["logOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the error codes */
        get: operations["listErrors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/errors/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Explain an error code */
        get: operations["explainError"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    "message.delivered": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * message.delivered
         * @description The job has succeeded.
         */
        post: operations["onMessageDelivered"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "message.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * message.failed
         * @description The job is a dead letter; `data.error` has the code.
         */
        post: operations["onMessageFailed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "message.expired": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * message.expired
         * @description The job's time was over before its turn came.
         */
        post: operations["onMessageExpired"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "message.held": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * message.held
         * @description The job may have been delivered; an operator must decide.
         */
        post: operations["onMessageHeld"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "card.delivered": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * card.delivered
         * @description The job has succeeded.
         */
        post: operations["onCardDelivered"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "card.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * card.failed
         * @description The job is a dead letter; `data.error` has the code.
         */
        post: operations["onCardFailed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "card.expired": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * card.expired
         * @description The job's time was over before its turn came.
         */
        post: operations["onCardExpired"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "card.held": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * card.held
         * @description The job may have been delivered; an operator must decide.
         */
        post: operations["onCardHeld"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "embed.generated": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * embed.generated
         * @description The job has succeeded.
         */
        post: operations["onEmbedGenerated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "embed.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * embed.failed
         * @description The job is a dead letter; `data.error` has the code.
         */
        post: operations["onEmbedFailed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "embed.expired": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * embed.expired
         * @description The job's time was over before its turn came.
         */
        post: operations["onEmbedExpired"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "embed.held": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * embed.held
         * @description The job may have been delivered; an operator must decide.
         */
        post: operations["onEmbedHeld"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "rollout.completed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * rollout.completed
         * @description The job has succeeded.
         */
        post: operations["onRolloutCompleted"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "rollout.partial": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * rollout.partial
         * @description The job has succeeded.
         */
        post: operations["onRolloutPartial"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "rollout.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * rollout.failed
         * @description The job is a dead letter; `data.error` has the code.
         */
        post: operations["onRolloutFailed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "rollout.expired": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * rollout.expired
         * @description The job's time was over before its turn came.
         */
        post: operations["onRolloutExpired"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "rollout.held": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * rollout.held
         * @description The job may have been delivered; an operator must decide.
         */
        post: operations["onRolloutHeld"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "deployment.created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * deployment.created
         * @description The job has succeeded.
         */
        post: operations["onDeploymentCreated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "deployment.updated": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * deployment.updated
         * @description The job has succeeded.
         */
        post: operations["onDeploymentUpdated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "deployment.unchanged": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * deployment.unchanged
         * @description The job has succeeded.
         */
        post: operations["onDeploymentUnchanged"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "deployment.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * deployment.failed
         * @description The job is a dead letter; `data.error` has the code.
         */
        post: operations["onDeploymentFailed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "deployment.expired": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * deployment.expired
         * @description The job's time was over before its turn came.
         */
        post: operations["onDeploymentExpired"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "deployment.held": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * deployment.held
         * @description The job may have been delivered; an operator must decide.
         */
        post: operations["onDeploymentHeld"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "audit.synced": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * audit.synced
         * @description The job has succeeded.
         */
        post: operations["onAuditSynced"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "audit.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * audit.failed
         * @description The job is a dead letter; `data.error` has the code.
         */
        post: operations["onAuditFailed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "audit.expired": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * audit.expired
         * @description The job's time was over before its turn came.
         */
        post: operations["onAuditExpired"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "audit.held": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * audit.held
         * @description The job may have been delivered; an operator must decide.
         */
        post: operations["onAuditHeld"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        /** @description A CloudEvent 1.0 in structured mode. */
        JobEventInput: {
            /** @constant */
            specversion: "1.0";
            /** @description With `source` the idempotency key. */
            id: string;
            /** @description A URI or a relative reference. */
            source: string;
            /** @enum {string} */
            type: "com.genesys.webmessaging.message-transmission" | "com.genesys.webmessaging.card-delivery" | "com.genesys.webmessaging.config-rollout" | "com.genesys.webmessaging.embed-generation" | "com.genesys.webmessaging.audit-sync";
            /** @description The tenant, when the data does not name it. */
            partitionkey?: string;
            /** @description JSON in UTF-8; `application/json` by default. */
            datacontenttype?: string;
            /** @description RFC 3339. */
            time?: string;
            traceparent?: string;
            tracestate?: string;
            /** @description The fields of a job of the kind. */
            data?: {
                [key: string]: unknown;
            };
            /** @description The same as JSON in base64, in the place of `data`. */
            data_base64?: string;
        } & {
            [key: string]: unknown;
        };
        RolloutInput: {
            tenantId?: string;
            /** @constant */
            type?: "webchat-configuration";
            organizationIds: string[];
            configuration: {
                brandColor: string;
                /** @description Default: `"#FFFFFF"`. */
                backgroundColor?: string;
                contrastRatio?: number;
                fontSizePx: number;
                greetings: string[];
                availabilityRules: {
                    /** @enum {string} */
                    dayOfWeek: "MONDAY" | "TUESDAY" | "WEDNESDAY" | "THURSDAY" | "FRIDAY" | "SATURDAY" | "SUNDAY";
                    startTime: string;
                    endTime: string;
                    timeZone?: string;
                }[];
                featureFlags: {
                    [key: string]: unknown;
                };
                audienceSegments: string[];
            };
            /** @description Default: `true`. */
            replicate?: boolean;
            /** @description Default: `false`. */
            overwriteExisting?: boolean;
            /**
             * @description Default: `"merge"`.
             * @enum {string}
             */
            onConflict?: "merge" | "overwrite" | "abort";
            ifVersion?: number;
            /** @description Default: `false`. */
            dryRun?: boolean;
            configurationId?: string;
            configurationName?: string;
            ignoreUnsupported?: boolean;
            deployments?: (string)[];
            idempotencyKey?: string;
            callback?: {
                url: string;
                events?: ("delivered" | "failed" | "expired" | "held")[];
            };
            /** @enum {string} */
            priority?: "normal" | "urgent";
            /** Format: date-time */
            expiresAt?: string;
            /**
             * @description Default: `"resend"`.
             * @enum {string}
             */
            onUnknownOutcome?: "resend" | "hold";
            traceparent?: string;
            tracestate?: string;
        };
        RollbackInput: {
            tenantId?: string;
            /** @constant */
            type?: "rollback";
            rollback: string;
            /**
             * @description Default: `"merge"`.
             * @enum {string}
             */
            onConflict?: "merge" | "overwrite" | "abort";
            /** @description Default: `false`. */
            dryRun?: boolean;
            idempotencyKey?: string;
            callback?: {
                url: string;
                events?: ("delivered" | "failed" | "expired" | "held")[];
            };
            /** @enum {string} */
            priority?: "normal" | "urgent";
            /** Format: date-time */
            expiresAt?: string;
            /**
             * @description Default: `"resend"`.
             * @enum {string}
             */
            onUnknownOutcome?: "resend" | "hold";
            traceparent?: string;
            tracestate?: string;
        };
        MessageInput: {
            tenantId?: string;
            guestId: string;
            conversationId: string;
            /** @description Default: `{"contentType":"text/plain","content":""}`. */
            body?: {
                /** @enum {string} */
                contentType: "text/plain" | "text/html";
                content: string;
            };
            /** @description Default: `[]`. */
            attachments?: {
                /** @enum {string} */
                contentType: "image/png" | "image/jpeg" | "application/pdf" | "text/plain";
                url: string;
                fileName: string;
                sizeBytes: number;
            }[];
            /** @description Default: `true`. */
            readReceipt?: boolean;
            /** @description Default: `false`. */
            split?: boolean;
            /** @enum {string} */
            route?: "open" | "agentless" | "conversation" | "webmessaging";
            communicationId?: string;
            event?: {
                typing?: Record<string, never>;
                receipt?: {
                    messageId: string;
                    /** @enum {string} */
                    status: "Sent" | "Delivered" | "Failed" | "Published" | "Removed";
                    /** @description Default: `[]`. */
                    reasons?: {
                        /** @enum {string} */
                        code?: "MessageExpired" | "RateLimited" | "MessageNotAllowed" | "GeneralError" | "UnsupportedMessage" | "UnknownMessage" | "InvalidMessageStructure" | "InvalidDestination" | "ServerError" | "MediaTypeNotAllowed" | "InvalidMediaContentLength" | "RecipientOptedOut" | "DataFiltered";
                        message: string;
                    }[];
                    isFinal?: boolean;
                };
                click?: {
                    /** @enum {string} */
                    type: "Button" | "QuickReply" | "DatePicker";
                    text: string;
                    payload: string;
                    originatingMessageId: string;
                };
            };
            customAttributes?: {
                [key: string]: string;
            };
            idempotencyKey?: string;
            callback?: {
                url: string;
                events?: ("delivered" | "failed" | "expired" | "held")[];
            };
            /** @enum {string} */
            priority?: "normal" | "urgent";
            /** Format: date-time */
            expiresAt?: string;
            /** @enum {string} */
            onUnknownOutcome?: "resend" | "hold";
            traceparent?: string;
            tracestate?: string;
            /** Format: date-time */
            sendAt?: string;
        };
        CardInput: {
            tenantId?: string;
            conversationId: string;
            guestId?: string;
            /** @enum {string} */
            route?: "open" | "agentless" | "conversation" | "webmessaging";
            communicationId?: string;
            sessionId?: string;
            template: {
                id: string;
                /** @description Default: `"2.1"`. */
                version?: string;
                /** @description Default: `"flexbox"`. */
                layoutEngine?: string;
                /** @description Default: `"textOnly"`. */
                fallbackBehavior?: string;
            };
            fields?: unknown;
            components?: unknown;
            /** @description Default: `false`. */
            truncate?: boolean;
            idempotencyKey?: string;
            callback?: {
                url: string;
                events?: ("delivered" | "failed" | "expired" | "held")[];
            };
            /** @enum {string} */
            priority?: "normal" | "urgent";
            /** Format: date-time */
            expiresAt?: string;
            /** @enum {string} */
            onUnknownOutcome?: "resend" | "hold";
            traceparent?: string;
            tracestate?: string;
            /** Format: date-time */
            sendAt?: string;
        };
        EmbedInput: {
            tenantId?: string;
            widgetId: string;
            locales: {
                [key: string]: unknown;
            };
            /** @description Default: `{}`. */
            customAttributes?: {
                [key: string]: unknown;
            };
            /** @description Default: `{}`. */
            theme?: {
                [key: string]: unknown;
            };
            cms?: {
                url: string;
            };
            idempotencyKey?: string;
            callback?: {
                url: string;
                events?: ("delivered" | "failed" | "expired" | "held")[];
            };
            /** @enum {string} */
            priority?: "normal" | "urgent";
            /** Format: date-time */
            expiresAt?: string;
            /**
             * @description Default: `"resend"`.
             * @enum {string}
             */
            onUnknownOutcome?: "resend" | "hold";
            traceparent?: string;
            tracestate?: string;
        };
        DeploymentInput: {
            tenantId?: string;
            /** @constant */
            type?: "deployment";
            name?: string;
            id?: string;
            /**
             * @description Default: `"active"`.
             * @enum {string}
             */
            status?: "active" | "inactive";
            /** @description Default: `"en-US"`. */
            language?: string;
            launcher: {
                /** @enum {string} */
                position: "bottom-right" | "bottom-left" | "top-right" | "top-left";
                horizontalOffset: number;
                verticalOffset: number;
                show: boolean;
                icon?: string | null;
            };
            widget: {
                title: string;
                welcomeMessage: string;
                autoOpen: boolean;
                theme: {
                    primaryColor: string;
                    secondaryColor: string;
                    buttonTextColor: string;
                    widgetBackgroundColor: string;
                    widgetTextColor: string;
                    headerBackgroundColor: string;
                    headerTextColor: string;
                };
            };
            /** @description Default: `false`. */
            strict?: boolean;
            configurationId?: string;
            configurationName?: string;
            ignoreUnsupported?: boolean;
            allowedDomains?: string[];
            idempotencyKey?: string;
            callback?: {
                url: string;
                events?: ("delivered" | "failed" | "expired" | "held")[];
            };
            /** @enum {string} */
            priority?: "normal" | "urgent";
            /** Format: date-time */
            expiresAt?: string;
            /**
             * @description Default: `"resend"`.
             * @enum {string}
             */
            onUnknownOutcome?: "resend" | "hold";
            traceparent?: string;
            tracestate?: string;
        };
        AuditSyncInput: {
            tenantId?: string;
            organizationIds: string[];
            /** @description Default: `["webchat:configuration:update"]`. */
            actions?: string[];
            /** Format: date-time */
            from?: string;
            /** Format: date-time */
            to?: string;
            /** @description Default: `25`. */
            pageSize?: number;
            /** @enum {string} */
            mode?: "async" | "realtime";
            idempotencyKey?: string;
            callback?: {
                url: string;
                events?: ("delivered" | "failed" | "expired" | "held")[];
            };
            /** @enum {string} */
            priority?: "normal" | "urgent";
            /** Format: date-time */
            expiresAt?: string;
            /**
             * @description Default: `"resend"`.
             * @enum {string}
             */
            onUnknownOutcome?: "resend" | "hold";
            traceparent?: string;
            tracestate?: string;
        };
        /** @description A problem document (RFC 9457). */
        Problem: {
            /** @description Address of the page about the code, on this server. */
            type: string;
            title: string;
            status: number;
            /** @description The code of docs/errors.md. */
            code: string;
            detail?: string;
            errors?: {
                /** @description What was expected, and the kind of what came. Never the value itself. */
                detail: string;
                /** @description JSON pointer of the field of the body, such as `#/body/content`. */
                pointer?: string;
                /** @description The parameter of the address. */
                parameter?: string;
                /** @description The header of a CloudEvent in binary mode, such as `ce-type`. */
                header?: string;
            }[];
        } & {
            [key: string]: unknown;
        };
        JobLinks: {
            self: string;
            events: string;
            /** @description DELETE cancels the job. */
            cancel: string;
            /** @description POST sends a dead letter again. */
            retry: string;
        };
        AnyJobLinks: {
            self: string;
            events: string;
            /** @description DELETE cancels the job. */
            cancel?: string;
            /** @description POST sends a dead letter again. */
            retry: string;
        };
        AcceptedJob: {
            /** @description Id of the job; of the first one when a text was split. */
            id: string;
            /** @description All ids: several when a text was split. */
            ids: string[];
            /** @constant */
            status: "accepted";
            links: components["schemas"]["JobLinks"];
        };
        /** @description Why a job waits. */
        Waiting: {
            /**
             * @description One word for programs.
             * @enum {string}
             */
            reason: "order" | "scheduled" | "quiet-hours" | "rate" | "queue" | "paused" | "circuit-open" | "unconfigured" | "moving" | "concurrency" | "retry" | "steps" | "held" | "halted" | "endpoint-paused" | "endpoint-busy" | "none";
            /** @description The same for people. */
            sentence: string;
            /** @description The moment before which no worker sends the job, if it is known. */
            until: string | null;
            behind?: {
                sequence: number;
                jobId: string;
            };
            /** @description The place in the wait queue, from 1. */
            position?: number;
            pausedFor?: string;
        };
        Job: {
            id: string;
            /** @enum {string} */
            kind: "message-transmission" | "card-delivery" | "config-rollout" | "embed-generation" | "audit-sync" | "webhook-delivery";
            /** @description The operation, for a kind with several; else the kind. */
            name: string;
            /**
             * @description `prioritized` and `unknown`: another program changed it in Redis.
             * @enum {string}
             */
            state: "waiting" | "active" | "delayed" | "waiting-children" | "completed" | "failed" | "prioritized" | "unknown";
            tenantId: string | null;
            /** @description The conversation or other subject whose jobs keep their order. */
            lane: string | null;
            acceptedAt: string | null;
            /** @description No worker sends it before. Null: it is not scheduled. */
            sendAt: string | null;
            attemptsMade: number;
            /** @description The trace that its caller named (W3C Trace Context). */
            traceparent: string | null;
            steps: {
                pending: number;
                done: number;
                failed: number;
            } | null;
            /** @description Of a delivered job. Content that its caller wrote is masked. */
            result: unknown;
            /** @description Code and reason of a dead letter; null for any other job. `attempts` has the codes of those. */
            failedReason: string | null;
            links: components["schemas"]["AnyJobLinks"];
        };
        /** @description A callback of a job. */
        Callback: {
            /** @description Its `webhook-id`. */
            id: string;
            /**
             * @description The end of the job that it reports.
             * @enum {string}
             */
            ending: "delivered" | "failed" | "expired" | "held";
            /**
             * @description `dead-letter`: no worker sends it again, unless an operator replays it.
             * @enum {string}
             */
            state: "waiting" | "running" | "delivered" | "dead-letter";
            /** @description At most the last 20, and those since the last replay. */
            attempts: number;
            lastAttemptAt: string | null;
            deliveredAt: string | null;
            /** @description Code and reason of a dead letter. */
            failedReason: string | null;
            endpointId: string | null;
            links: {
                /** @description The callback as a job, and why it waits. */
                self: string;
                attempts: string;
                replay: string;
                endpoint?: string;
            };
        };
        JobAttempt: {
            /** @description From 1. It goes on when an operator sends the job again. */
            number: number;
            startedAt: string | null;
            endedAt: string | null;
            /** @description The code of its error; null for the attempt that delivered the job. */
            code: string | null;
            /** @description HTTP status of the answer that made it fail; null without one. */
            status: number | null;
        };
        /** @description A job, its attempts, and why it waits. */
        DetailedJob: {
            id: string;
            /** @enum {string} */
            kind: "message-transmission" | "card-delivery" | "config-rollout" | "embed-generation" | "audit-sync" | "webhook-delivery";
            /** @description The operation, for a kind with several; else the kind. */
            name: string;
            /**
             * @description `prioritized` and `unknown`: another program changed it in Redis.
             * @enum {string}
             */
            state: "waiting" | "active" | "delayed" | "waiting-children" | "completed" | "failed" | "prioritized" | "unknown";
            tenantId: string | null;
            /** @description The conversation or other subject whose jobs keep their order. */
            lane: string | null;
            acceptedAt: string | null;
            /** @description No worker sends it before. Null: it is not scheduled. */
            sendAt: string | null;
            attemptsMade: number;
            /** @description The trace that its caller named (W3C Trace Context). */
            traceparent: string | null;
            steps: {
                pending: number;
                done: number;
                failed: number;
            } | null;
            /** @description Of a delivered job. Content that its caller wrote is masked. */
            result: unknown;
            /** @description Code and reason of a dead letter; null for any other job. `attempts` has the codes of those. */
            failedReason: string | null;
            links: components["schemas"]["AnyJobLinks"];
            /** @description The last 21 attempts that have ended. They stay as they are. */
            attempts: components["schemas"]["JobAttempt"][];
            /** @description The earliest moment of the next attempt, if it is known. */
            nextAttemptAt: string | null;
            waiting: components["schemas"]["Waiting"];
            /** @description Its callbacks that Redis still knows, one for each end that was reported. */
            callbacks: components["schemas"]["Callback"][];
        };
        /** @description A receiver of callbacks. */
        Endpoint: {
            endpointId: string;
            tenantId: string;
            /** @description The address without its query. */
            url: string;
            /** @enum {string} */
            state: "well" | "failing" | "paused" | "disabled";
            disabledAt: string | null;
            disabledFor: string | null;
            failingSince: string | null;
            /** @description Failures in a row. */
            failures: number;
            pausedUntil: string | null;
            lastCalledAt: string | null;
            lastDeliveredAt: string | null;
            /** @description Callbacks that are under way. */
            inHand: number;
            /** @description Callbacks in the wait queue. */
            waiting: number;
        };
        CallbackAttempt: {
            at: string;
            /** @description Such as `delivered`, `refused` or `unreachable`; `replayed` by an operator. */
            outcome: string;
            latencyMs?: number;
            status?: number;
            retryAfterMs?: number;
            /** @description The first characters of the answer. */
            answer?: string;
        };
        SearchPage: {
            found: {
                /**
                 * @description What of the job `q` is.
                 * @enum {string}
                 */
                by: "job" | "idempotency-key" | "conversation" | "guest" | "trace" | "correlation";
                job: components["schemas"]["Job"];
            }[];
            /** @description Jobs that have ended and left Redis. The ledger still knows them. */
            forgotten: {
                id: string;
                /** @enum {string} */
                kind: "message-transmission" | "card-delivery" | "config-rollout" | "embed-generation" | "audit-sync" | "webhook-delivery";
                /** @description How it ended: `sent`, `failed`, `expired`, `cancelled` or `removed`. */
                ending: string;
            }[];
            /** @description Jobs of the index whose guest, trace and correlation id this page compared. */
            seen: number;
            /** @description Older jobs are not compared yet. A page compares 1000 of them: guests, traces and correlation ids have no index. */
            isPartial: boolean;
            /** @description For the next page; null when there is none. */
            cursor: string | null;
            /** @description The address of the next page. */
            next: string | null;
        };
        ConversationJob: {
            /** @description Its place in the conversation, from 1. */
            sequence: number;
            id: string;
            /** @enum {string} */
            kind: "message-transmission" | "card-delivery" | "config-rollout" | "embed-generation" | "audit-sync" | "webhook-delivery";
            /** @description The operation, for a kind with several; else the kind. */
            name: string;
            /**
             * @description `prioritized` and `unknown`: another program changed it in Redis.
             * @enum {string}
             */
            state: "waiting" | "active" | "delayed" | "waiting-children" | "completed" | "failed" | "prioritized" | "unknown";
            tenantId: string | null;
            /** @description The conversation or other subject whose jobs keep their order. */
            lane: string | null;
            acceptedAt: string | null;
            /** @description No worker sends it before. Null: it is not scheduled. */
            sendAt: string | null;
            attemptsMade: number;
            /** @description The trace that its caller named (W3C Trace Context). */
            traceparent: string | null;
            steps: {
                pending: number;
                done: number;
                failed: number;
            } | null;
            /** @description Of a delivered job. Content that its caller wrote is masked. */
            result: unknown;
            /** @description Code and reason of a dead letter; null for any other job. `attempts` has the codes of those. */
            failedReason: string | null;
            links: components["schemas"]["AnyJobLinks"];
            waiting: components["schemas"]["Waiting"];
        };
        Conversation: {
            id: string;
            tenantId: string;
            /** @description In the order of the conversation. Jobs that Redis no longer has are missing. */
            jobs: components["schemas"]["ConversationJob"][];
            /** @description Jobs of the conversation that have not ended, on all pages. */
            jobsWaiting: number;
            /** @description For the next page; null when there is none. */
            cursor: string | null;
            /** @description The address of the next page. */
            next: string | null;
        };
        DeadLetterGroup: {
            /** @description Null for a reason of another program, or one that cannot be opened. */
            code: string | null;
            title: string;
            /** @description What to do, from the table of errors. */
            hint: string;
            count: number;
            /** @description When the first of them became a dead letter. */
            oldestAt: string;
            /** @description When the last of them became a dead letter. */
            newestAt: string;
            links: {
                /** @description These dead letters, page by page. */
                jobs?: string;
                /** @description The page about the code. */
                error?: string;
            };
        };
        DeadLetterPage: {
            tenantId: string;
            /** @description The largest group first. */
            groups: components["schemas"]["DeadLetterGroup"][];
            /** @description Jobs of the index that this page looked at. */
            seen: number;
            /** @description More jobs follow: a page looks at 20000 of them. The groups of the next page add to these. */
            isPartial: boolean;
            /** @description For the next page; null when there is none. */
            cursor: string | null;
            /** @description The address of the next page. */
            next: string | null;
        };
        TimelineEvent: {
            at: string;
            /**
             * @description One word for programs.
             * @enum {string}
             */
            event: "accepted" | "waited" | "put-off" | "postponed" | "attempt-failed" | "worker-died" | "running" | "sent" | "delivered" | "failed" | "expired" | "cancelled" | "held" | "redriven" | "callback-failed" | "callback-taken" | "callback-replayed";
            /** @description The same for people. */
            sentence: string;
            /** @description When it was over, or until when the job was put off. */
            until?: string;
            /** @description Why the job waited, or why a receiver did not take the callback. */
            reason?: string;
            /** @description The code of the error. */
            code?: string;
            /** @description HTTP status of the answer. */
            status?: number;
            /** @description Number of the attempt, from 1. */
            number?: number;
            /** @description How often it happened in a row, when more than once. */
            times?: number;
            /** @description The last time of these. */
            lastAt?: string;
            behind?: {
                sequence: number;
                jobId: string;
            };
            callbackId?: string;
        };
        /** @description What happened to a job, and why it waits now. */
        Timeline: {
            id: string;
            /** @enum {string} */
            kind: "message-transmission" | "card-delivery" | "config-rollout" | "embed-generation" | "audit-sync" | "webhook-delivery";
            tenantId: string | null;
            /** @description By time. Redis keeps the last 20 attempts, and the last 20 of the other events. */
            events: components["schemas"]["TimelineEvent"][];
            waiting: components["schemas"]["Waiting"];
        };
        /** @description Percentiles in ms. Each is within 10 % of the exact one, or within 1 ms. */
        Percentiles: {
            p50: number;
            p95: number;
            p99: number;
        };
        /** @description What the jobs of a tenant did, without callbacks. A value is null without such jobs. */
        Window: {
            /** @description Begin of the first span of counts. A window may be one span longer. */
            from: string;
            /** @description The moment of the answer, by the clock of Redis. */
            to: string;
            counts: {
                /** @description Jobs that flow control accepted. */
                accepted: number;
                /** @description Jobs that ended with a success. */
                delivered: number;
                /** @description Jobs that failed for good, or that an operator cancelled. */
                failed: number;
                /** @description Jobs that no worker sent, because their time was over. */
                expired: number;
                /** @description Jobs that may have been delivered, and wait for an operator. */
                held: number;
                /** @description Failures that a worker retries. */
                retry: number;
                /** @description Answers with 429 from Genesys Cloud. The job waits. */
                throttled: number;
            };
            /** @description Percent of attempts that delivered their job. */
            deliveryRate: number | null;
            /** @description Percent of ended jobs that were delivered. */
            successRate: number | null;
            /** @description Duration of the request that delivered a job. */
            latency: components["schemas"]["Percentiles"] | null;
            /** @description Time from the acceptance of a job to its delivery. */
            jobLatency: components["schemas"]["Percentiles"] | null;
        };
        /** @description What the jobs of one kind did, and how many wait. */
        KindWindows: {
            /** @enum {string} */
            kind: "message-transmission" | "card-delivery" | "config-rollout" | "embed-generation" | "audit-sync" | "webhook-delivery";
            /** @description Accepted jobs of this kind that have not ended. */
            waiting: number;
            /** @description False: more than 10000 jobs of the tenant wait, and `waiting` counts the oldest. */
            isWaitingWhole: boolean;
            minute: components["schemas"]["Window"];
            hour: components["schemas"]["Window"];
            day: components["schemas"]["Window"];
        };
        /** @description What jobs did lately, without callbacks. */
        RecentJobs: {
            counts: {
                /** @description Jobs that flow control accepted. */
                accepted: number;
                /** @description Jobs that ended with a success. */
                delivered: number;
                /** @description Jobs that failed for good, or that an operator cancelled. */
                failed: number;
                /** @description Jobs that no worker sent, because their time was over. */
                expired: number;
                /** @description Jobs that may have been delivered, and wait for an operator. */
                held: number;
                /** @description Failures that a worker retries. */
                retry: number;
                /** @description Answers with 429 from Genesys Cloud. The job waits. */
                throttled: number;
            };
            /** @description Percent of attempts that delivered their job. */
            deliveryRate: number | null;
            /** @description Percent of ended jobs that were delivered. */
            successRate: number | null;
            /** @description Duration of the request that delivered a job. */
            latency: components["schemas"]["Percentiles"] | null;
        };
        /** @description A rate limit of a tenant, as of now. */
        BucketState: {
            /**
             * @description `messages`, `cards`, or `platform` for all other kinds.
             * @enum {string}
             */
            class: "messages" | "cards" | "platform";
            /** @description Requests that may be sent at once now. */
            level: number;
            /** @description Requests that may be sent at once when the bucket is full. */
            burst: number;
            /** @description Requests under way. */
            inFlight: number;
            /** @description Conversations and other lanes whose job may run now. */
            runnable: number;
            /** @description Conversations and other lanes whose job waits for its turn. */
            throttled: number;
            /** @description For how long a job could have run, and no worker has taken it. It grows when there are too few workers. */
            oldestRunnableSeconds: number;
            /** @description Age of the oldest job that waits for its turn. */
            oldestWaitingSeconds: number;
            /** @description Why it is paused; null without a pause. `GET /v1/tenants/{id}` has the words of an operator. */
            reason: ("rate-limited" | "credentials-refused" | "permission-missing" | "circuit-open" | "moving" | "operator") | null;
            /** @description When the pause ends; null without an end. */
            until: string | null;
        };
        /** @description What a tenant does now. */
        TenantState: {
            id: string;
            /**
             * @description `suspended`: Genesys Cloud refuses the credentials. `paused`: any other pause of a bucket.
             * @enum {string}
             */
            state: "running" | "paused" | "suspended";
            /** @description Why it is paused; null without a pause. `GET /v1/tenants/{id}` has the words of an operator. */
            reason: ("rate-limited" | "credentials-refused" | "permission-missing" | "circuit-open" | "moving" | "operator") | null;
            /** @description When the pause ends; null without an end. */
            until: string | null;
            /** @description Accepted jobs that have not ended. */
            waiting: number;
            /** @description Requests under way. */
            inFlight: number;
            /** @description Conversations and other lanes whose job may run now. */
            runnable: number;
            /** @description Conversations and other lanes whose job waits for its turn. */
            throttled: number;
            /** @description For how long a job could have run, and no worker has taken it. It grows when there are too few workers. */
            oldestRunnableSeconds: number;
            /** @description Age of the oldest job that waits for its turn. */
            oldestWaitingSeconds: number;
            /** @description A tenant whose classes count together has one. */
            buckets: components["schemas"]["BucketState"][];
            minute: components["schemas"]["RecentJobs"];
            hour: components["schemas"]["RecentJobs"];
            /** @description Receivers that workers called lately, by state. */
            endpoints: {
                well: number;
                failing: number;
                paused: number;
                disabled: number;
            };
        };
        /** @description A worker with a heartbeat. One of an earlier version has a name, and null for the rest. */
        Worker: {
            /** @description Host, process id and a random part. */
            name: string;
            version: string | null;
            queues: ("message-transmission" | "card-delivery" | "config-rollout" | "embed-generation" | "audit-sync" | "webhook-delivery")[] | null;
            /** @description Jobs that it runs. */
            inHand: number | null;
            startedAt: string | null;
            /** @description Its last heartbeat. */
            beatAt: string | null;
        };
        /** @description What the installation does now. */
        Overview: {
            /** @description The moment of the snapshot, by the clock of Redis. */
            at: string;
            /** @description When `minute` and `hour` begin: a span of counts before their name says. */
            from: {
                minute: string;
                hour: string;
            };
            /** @description The tenants together. */
            total: {
                /** @description Accepted jobs that have not ended. */
                waiting: number;
                /** @description Requests under way. */
                inFlight: number;
                /** @description Conversations and other lanes whose job may run now. */
                runnable: number;
                /** @description Conversations and other lanes whose job waits for its turn. */
                throttled: number;
                minute: components["schemas"]["RecentJobs"];
                hour: components["schemas"]["RecentJobs"];
            };
            tenants: components["schemas"]["TenantState"][];
            /** @description Receivers that fail, or are paused or disabled: up to five of each tenant. */
            endpointsInTrouble: components["schemas"]["Endpoint"][];
            /** @description Null for a key that is bound to tenants. */
            workers: components["schemas"]["Worker"][] | null;
            /** @description Null for a key that is bound to tenants. */
            relay: {
                /** @description Audit records that wait in Redis for the database. */
                waiting: number;
                /** @description For how long the oldest one has waited. */
                lagSeconds: number;
            } | null;
            /** @description Null for a key that is bound to tenants. */
            redis: {
                /** @description Of the fullest master. */
                memoryBytes: number;
                /** @description 0 without a limit. */
                memoryLimitBytes: number;
                /** @description By how much the clock of a process differs most; 0 up to one second. */
                clockSkewSeconds: number;
            } | null;
        };
        /** @description What jobs did in one span of time. */
        Point: {
            /** @description When the span of the point begins. */
            at: string;
            counts: {
                /** @description Jobs that flow control accepted. */
                accepted: number;
                /** @description Jobs that ended with a success. */
                delivered: number;
                /** @description Jobs that failed for good, or that an operator cancelled. */
                failed: number;
                /** @description Jobs that no worker sent, because their time was over. */
                expired: number;
                /** @description Jobs that may have been delivered, and wait for an operator. */
                held: number;
                /** @description Failures that a worker retries. */
                retry: number;
                /** @description Answers with 429 from Genesys Cloud. The job waits. */
                throttled: number;
            };
            /** @description Duration of the request that delivered a job. */
            latency: components["schemas"]["Percentiles"] | null;
            /** @description Time from the acceptance of a job to its delivery. */
            jobLatency: components["schemas"]["Percentiles"] | null;
        };
        /** @description The points of a chart, without callbacks. */
        Series: {
            /** @enum {string} */
            over: "1h" | "24h" | "7d";
            /** @description When the first point begins. */
            from: string;
            /** @description The moment of the answer, by the clock of Redis. */
            to: string;
            /** @description From one point to the next: a minute, a quarter of an hour or an hour. */
            stepSeconds: number;
            /** @description All kinds together, the oldest point first. The last one has not ended. */
            points: components["schemas"]["Point"][];
            /** @description Each kind with counts. It has as many points. */
            kinds: {
                /** @enum {string} */
                kind: "message-transmission" | "card-delivery" | "config-rollout" | "embed-generation" | "audit-sync" | "webhook-delivery";
                points: components["schemas"]["Point"][];
            }[];
        };
        /** @description A rate limit of a tenant, and what waits for it. */
        Bucket: {
            ratePerSecond: number;
            /** @description Requests that may be sent at once after a pause. */
            burst: number;
            /** @description Requests that may be sent at once now. */
            level: number;
            /** @description Most requests under way at the same time. */
            inFlightLimit: number;
            pausedUntil: string | null;
            /** @description Why the bucket is paused. */
            pausedFor: string | null;
            /** @description Failures in a row; five open the circuit. */
            failures: number;
            /** @description Conversations in the wait queue. */
            lanesWaiting: number;
            lanesReserved: number;
            /** @description Conversations with a job at work. */
            lanesBusy: number;
            /** @description When the last one of the wait queue may send, from now. */
            lastWaitMs: number;
        };
        Tenant: {
            id: string;
            dialect: string;
            hosts: {
                login: string;
                api: string;
            };
            /** @description `halt`: a failed job holds up its conversation. `skip`: it does not. */
            onFailure: string;
            maxAgeMs: number | null;
            buckets: {
                messages: components["schemas"]["Bucket"];
                cards: components["schemas"]["Bucket"];
                platform: components["schemas"]["Bucket"];
            };
            /** @description The last minute, hour and day. Workers add their counts once a second. */
            windows: {
                minute: components["schemas"]["Window"];
                hour: components["schemas"]["Window"];
                day: components["schemas"]["Window"];
            };
            /** @description Each kind with jobs that wait, or with counts in the last day. */
            kinds: components["schemas"]["KindWindows"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    sendMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 characters without white space, in double quotes or without. The ledger knows it for `LEDGER_TTL`. */
                "Idempotency-Key"?: string;
                /** @description The trace of the caller (W3C Trace Context), for jobs that name none. One that cannot be read is ignored. */
                traceparent?: string;
                /** @description Beside `traceparent`. */
                tracestate?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MessageInput"];
            };
        };
        responses: {
            /** @description Accepted, or accepted before with the same idempotency key. */
            202: {
                headers: {
                    /** @description The address of the job. */
                    Location?: string;
                    /** @description `true` when an earlier request was accepted, and this one changed nothing. */
                    "Idempotency-Replayed"?: string;
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedJob"];
                };
            };
            /** @description `REQUEST_UNREADABLE`: The server cannot read the request. `BODY_UNREADABLE`: The body is not JSON in UTF-8. `IDEMPOTENCY_KEY_INVALID`: The header Idempotency-Key cannot be used. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. `PAGE_TOKEN_WRONG`: The request of a login lacks the page token. `CROSS_SITE_REFUSED`: A page of another site sent the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_IN_USE`: A request with this idempotency key is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The address does not take this content type. `ENCODING_UNSUPPORTED`: The address does not take this content encoding. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `JOB_INVALID`: The job is not valid. `CAPABILITY_UNAVAILABLE`: The tenant cannot send such a job. `IDEMPOTENCY_KEY_REUSED`: The idempotency key belongs to another body. `IDEMPOTENCY_KEYS_DIFFER`: The header and the body have different idempotency keys. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. `BACKLOG_FULL`: Too many jobs of the tenant wait. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. `REDIS_FULL`: Redis has no memory left for jobs. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sendCard: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 characters without white space, in double quotes or without. The ledger knows it for `LEDGER_TTL`. */
                "Idempotency-Key"?: string;
                /** @description The trace of the caller (W3C Trace Context), for jobs that name none. One that cannot be read is ignored. */
                traceparent?: string;
                /** @description Beside `traceparent`. */
                tracestate?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CardInput"];
            };
        };
        responses: {
            /** @description Accepted, or accepted before with the same idempotency key. */
            202: {
                headers: {
                    /** @description The address of the job. */
                    Location?: string;
                    /** @description `true` when an earlier request was accepted, and this one changed nothing. */
                    "Idempotency-Replayed"?: string;
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedJob"];
                };
            };
            /** @description `REQUEST_UNREADABLE`: The server cannot read the request. `BODY_UNREADABLE`: The body is not JSON in UTF-8. `IDEMPOTENCY_KEY_INVALID`: The header Idempotency-Key cannot be used. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. `PAGE_TOKEN_WRONG`: The request of a login lacks the page token. `CROSS_SITE_REFUSED`: A page of another site sent the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_IN_USE`: A request with this idempotency key is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The address does not take this content type. `ENCODING_UNSUPPORTED`: The address does not take this content encoding. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `JOB_INVALID`: The job is not valid. `CAPABILITY_UNAVAILABLE`: The tenant cannot send such a job. `IDEMPOTENCY_KEY_REUSED`: The idempotency key belongs to another body. `IDEMPOTENCY_KEYS_DIFFER`: The header and the body have different idempotency keys. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. `BACKLOG_FULL`: Too many jobs of the tenant wait. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. `REDIS_FULL`: Redis has no memory left for jobs. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    generateEmbed: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 characters without white space, in double quotes or without. The ledger knows it for `LEDGER_TTL`. */
                "Idempotency-Key"?: string;
                /** @description The trace of the caller (W3C Trace Context), for jobs that name none. One that cannot be read is ignored. */
                traceparent?: string;
                /** @description Beside `traceparent`. */
                tracestate?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmbedInput"];
            };
        };
        responses: {
            /** @description Accepted, or accepted before with the same idempotency key. */
            202: {
                headers: {
                    /** @description The address of the job. */
                    Location?: string;
                    /** @description `true` when an earlier request was accepted, and this one changed nothing. */
                    "Idempotency-Replayed"?: string;
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedJob"];
                };
            };
            /** @description `REQUEST_UNREADABLE`: The server cannot read the request. `BODY_UNREADABLE`: The body is not JSON in UTF-8. `IDEMPOTENCY_KEY_INVALID`: The header Idempotency-Key cannot be used. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. `PAGE_TOKEN_WRONG`: The request of a login lacks the page token. `CROSS_SITE_REFUSED`: A page of another site sent the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_IN_USE`: A request with this idempotency key is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The address does not take this content type. `ENCODING_UNSUPPORTED`: The address does not take this content encoding. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `JOB_INVALID`: The job is not valid. `CAPABILITY_UNAVAILABLE`: The tenant cannot send such a job. `IDEMPOTENCY_KEY_REUSED`: The idempotency key belongs to another body. `IDEMPOTENCY_KEYS_DIFFER`: The header and the body have different idempotency keys. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. `BACKLOG_FULL`: Too many jobs of the tenant wait. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. `REDIS_FULL`: Redis has no memory left for jobs. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startRollout: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 characters without white space, in double quotes or without. The ledger knows it for `LEDGER_TTL`. */
                "Idempotency-Key"?: string;
                /** @description The trace of the caller (W3C Trace Context), for jobs that name none. One that cannot be read is ignored. */
                traceparent?: string;
                /** @description Beside `traceparent`. */
                tracestate?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RolloutInput"] | components["schemas"]["RollbackInput"];
            };
        };
        responses: {
            /** @description Accepted, or accepted before with the same idempotency key. */
            202: {
                headers: {
                    /** @description The address of the job. */
                    Location?: string;
                    /** @description `true` when an earlier request was accepted, and this one changed nothing. */
                    "Idempotency-Replayed"?: string;
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedJob"];
                };
            };
            /** @description `REQUEST_UNREADABLE`: The server cannot read the request. `BODY_UNREADABLE`: The body is not JSON in UTF-8. `IDEMPOTENCY_KEY_INVALID`: The header Idempotency-Key cannot be used. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. `PAGE_TOKEN_WRONG`: The request of a login lacks the page token. `CROSS_SITE_REFUSED`: A page of another site sent the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_IN_USE`: A request with this idempotency key is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The address does not take this content type. `ENCODING_UNSUPPORTED`: The address does not take this content encoding. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `JOB_INVALID`: The job is not valid. `CAPABILITY_UNAVAILABLE`: The tenant cannot send such a job. `IDEMPOTENCY_KEY_REUSED`: The idempotency key belongs to another body. `IDEMPOTENCY_KEYS_DIFFER`: The header and the body have different idempotency keys. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. `BACKLOG_FULL`: Too many jobs of the tenant wait. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. `REDIS_FULL`: Redis has no memory left for jobs. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deploy: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 characters without white space, in double quotes or without. The ledger knows it for `LEDGER_TTL`. */
                "Idempotency-Key"?: string;
                /** @description The trace of the caller (W3C Trace Context), for jobs that name none. One that cannot be read is ignored. */
                traceparent?: string;
                /** @description Beside `traceparent`. */
                tracestate?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeploymentInput"];
            };
        };
        responses: {
            /** @description Accepted, or accepted before with the same idempotency key. */
            202: {
                headers: {
                    /** @description The address of the job. */
                    Location?: string;
                    /** @description `true` when an earlier request was accepted, and this one changed nothing. */
                    "Idempotency-Replayed"?: string;
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedJob"];
                };
            };
            /** @description `REQUEST_UNREADABLE`: The server cannot read the request. `BODY_UNREADABLE`: The body is not JSON in UTF-8. `IDEMPOTENCY_KEY_INVALID`: The header Idempotency-Key cannot be used. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. `PAGE_TOKEN_WRONG`: The request of a login lacks the page token. `CROSS_SITE_REFUSED`: A page of another site sent the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_IN_USE`: A request with this idempotency key is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The address does not take this content type. `ENCODING_UNSUPPORTED`: The address does not take this content encoding. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `JOB_INVALID`: The job is not valid. `CAPABILITY_UNAVAILABLE`: The tenant cannot send such a job. `IDEMPOTENCY_KEY_REUSED`: The idempotency key belongs to another body. `IDEMPOTENCY_KEYS_DIFFER`: The header and the body have different idempotency keys. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. `BACKLOG_FULL`: Too many jobs of the tenant wait. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. `REDIS_FULL`: Redis has no memory left for jobs. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    syncAudit: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 characters without white space, in double quotes or without. The ledger knows it for `LEDGER_TTL`. */
                "Idempotency-Key"?: string;
                /** @description The trace of the caller (W3C Trace Context), for jobs that name none. One that cannot be read is ignored. */
                traceparent?: string;
                /** @description Beside `traceparent`. */
                tracestate?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AuditSyncInput"];
            };
        };
        responses: {
            /** @description Accepted, or accepted before with the same idempotency key. */
            202: {
                headers: {
                    /** @description The address of the job. */
                    Location?: string;
                    /** @description `true` when an earlier request was accepted, and this one changed nothing. */
                    "Idempotency-Replayed"?: string;
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedJob"];
                };
            };
            /** @description `REQUEST_UNREADABLE`: The server cannot read the request. `BODY_UNREADABLE`: The body is not JSON in UTF-8. `IDEMPOTENCY_KEY_INVALID`: The header Idempotency-Key cannot be used. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. `PAGE_TOKEN_WRONG`: The request of a login lacks the page token. `CROSS_SITE_REFUSED`: A page of another site sent the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_IN_USE`: A request with this idempotency key is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The address does not take this content type. `ENCODING_UNSUPPORTED`: The address does not take this content encoding. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `JOB_INVALID`: The job is not valid. `CAPABILITY_UNAVAILABLE`: The tenant cannot send such a job. `IDEMPOTENCY_KEY_REUSED`: The idempotency key belongs to another body. `IDEMPOTENCY_KEYS_DIFFER`: The header and the body have different idempotency keys. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. `BACKLOG_FULL`: Too many jobs of the tenant wait. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. `REDIS_FULL`: Redis has no memory left for jobs. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sendBatch: {
        parameters: {
            query?: never;
            header?: {
                /** @description `gzip` or `zstd`; none by default. */
                "Content-Encoding"?: string;
                /** @description The trace of the caller (W3C Trace Context), for jobs that name none. One that cannot be read is ignored. */
                traceparent?: string;
                /** @description Beside `traceparent`. */
                tracestate?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description One JSON object per line. */
        requestBody: {
            content: {
                "application/x-ndjson": string;
                "application/ndjson": string;
                "application/jsonl": string;
            };
        };
        responses: {
            /** @description A line for each line of the body, and a summary. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description `REQUEST_UNREADABLE`: The server cannot read the request. `BODY_UNREADABLE`: The body is not JSON in UTF-8. `BODY_DAMAGED`: The compressed body is broken. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. `PAGE_TOKEN_WRONG`: The request of a login lacks the page token. `CROSS_SITE_REFUSED`: A page of another site sent the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The address does not take this content type. `ENCODING_UNSUPPORTED`: The address does not take this content encoding. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_MISPLACED`: A batch takes no header Idempotency-Key. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. `TOO_MANY_BATCHES`: The server handles too many batches. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. `REDIS_FULL`: Redis has no memory left for jobs. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sendEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description Binary mode: `1.0`. */
                "ce-specversion"?: string;
                /** @description Binary mode: the id of the event. */
                "ce-id"?: string;
                /** @description Binary mode: its source. */
                "ce-source"?: string;
                /** @description Binary mode: `com.genesys.webmessaging.` and the kind. */
                "ce-type"?: string;
                /** @description Binary mode: the tenant, when the data does not name it. */
                "ce-partitionkey"?: string;
                /** @description The trace of the caller (W3C Trace Context), for jobs that name none. One that cannot be read is ignored. */
                traceparent?: string;
                /** @description Beside `traceparent`. */
                tracestate?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description An event, a list of events, or in binary mode the fields of a job. */
        requestBody: {
            content: {
                "application/cloudevents+json": components["schemas"]["JobEventInput"] | components["schemas"]["JobEventInput"][] | {
                    [key: string]: unknown;
                };
                "application/cloudevents-batch+json": components["schemas"]["JobEventInput"] | components["schemas"]["JobEventInput"][] | {
                    [key: string]: unknown;
                };
                "application/json": components["schemas"]["JobEventInput"] | components["schemas"]["JobEventInput"][] | {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description All events are accepted, or were accepted before. */
            202: {
                headers: {
                    /** @description The address of the job of a single event. */
                    Location?: string;
                    /** @description `true` when all events were accepted before. */
                    "Idempotency-Replayed"?: string;
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        results: {
                            index: number;
                            /** @enum {string} */
                            status: "accepted" | "replayed";
                            id: string;
                            ids: string[];
                            links?: components["schemas"]["JobLinks"];
                        }[];
                    };
                };
            };
            /** @description `REQUEST_UNREADABLE`: The server cannot read the request. `BODY_UNREADABLE`: The body is not JSON in UTF-8. `IDEMPOTENCY_KEY_INVALID`: The header Idempotency-Key cannot be used. `BODY_DAMAGED`: The compressed body is broken. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. `PAGE_TOKEN_WRONG`: The request of a login lacks the page token. `CROSS_SITE_REFUSED`: A page of another site sent the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. `BATCH_TOO_LARGE`: The request has too many events. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The address does not take this content type. `ENCODING_UNSUPPORTED`: The address does not take this content encoding. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `JOB_INVALID`: The job is not valid. `CAPABILITY_UNAVAILABLE`: The tenant cannot send such a job. `IDEMPOTENCY_KEYS_DIFFER`: The header and the body have different idempotency keys. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. `BACKLOG_FULL`: Too many jobs of the tenant wait. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. `REDIS_FULL`: Redis has no memory left for jobs. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    agreeToEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description The host name of the sender. */
                "WebHook-Request-Origin"?: string;
                /** @description How many requests per minute it wants to send. */
                "WebHook-Request-Rate"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sender may send, with an API key. */
            204: {
                headers: {
                    /** @description The host name of the sender. */
                    "WebHook-Allowed-Origin"?: string;
                    /** @description Requests per minute. */
                    "WebHook-Allowed-Rate"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `REQUEST_UNREADABLE`: The server cannot read the request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobs: {
        parameters: {
            query?: {
                /** @description The tenant; that of the key by default, if it has one. */
                tenant?: string;
                /** @description Only jobs of this conversation, or of another subject whose jobs keep their order. */
                conversation?: string;
                kind?: "message-transmission" | "card-delivery" | "config-rollout" | "embed-generation" | "audit-sync";
                state?: "waiting" | "active" | "delayed" | "waiting-children" | "completed" | "failed";
                /** @description Only jobs whose last failure has this code. A delivered job has none. */
                code?: "JOB_INVALID" | "JOB_EXPIRED" | "JOB_CRASHED_WORKERS" | "JOB_DAMAGED" | "PAYLOAD_KEY_MISSING" | "PAYLOAD_UNREADABLE" | "JOB_CANCELLED" | "JOB_REMOVED" | "OUTCOME_UNKNOWN" | "TENANT_UNKNOWN" | "SECRET_UNREADABLE" | "CREDENTIALS_REFUSED" | "TOKEN_UNREADABLE" | "RATE_LIMITED" | "CONTENT_REFUSED" | "ATTACHMENT_REFUSED" | "ATTACHMENT_UNREACHABLE" | "NOT_FOUND" | "SCOPE_MISSING" | "PERMISSION_MISSING" | "CAPABILITY_UNAVAILABLE" | "CONVERSATION_CLOSED" | "WIDGET_MALFORMED" | "WIDGET_FEATURES_MISSING" | "CONFIGURATION_MALFORMED" | "ANSWER_MALFORMED" | "EMBED_TOO_LARGE" | "ROLLOUT_FAILED" | "ROLLBACK_IMPOSSIBLE" | "REPLICATION_TIMED_OUT" | "DEPLOYMENT_AMBIGUOUS" | "LIMIT_REACHED" | "CONFIGURATION_AMBIGUOUS" | "CHANGE_PENDING" | "CONFLICT" | "GENESYS_REFUSED" | "GENESYS_UNAVAILABLE" | "GENESYS_UNREACHABLE" | "WEBHOOK_SECRET_MISSING" | "WEBHOOK_REFUSED" | "WEBHOOK_GONE" | "WEBHOOK_ENDPOINT_DISABLED" | "WEBHOOK_TARGET_REFUSED" | "WEBHOOK_UNREACHABLE" | "AUDIT_KEY_MISSING" | "AUDIT_STORE_UNAVAILABLE" | "AUDIT_RECORD_REFUSED" | "INTERNAL";
                /** @description Accepted at this time or later. */
                from?: string;
                /** @description Accepted at this time or before. */
                to?: string;
                order?: "newest" | "oldest";
                /** @description Jobs that the page looks at; 100 by default. */
                limit?: string;
                /** @description Of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of jobs. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        jobs: components["schemas"]["Job"][];
                        /** @description For the next page; null when there is none. */
                        cursor: string | null;
                        /** @description The address of the next page. */
                        next: string | null;
                    };
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the answer to the request that sent the job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DetailedJob"];
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the answer to the request that sent the job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job is cancelled. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        outcome: string;
                    };
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. `PAGE_TOKEN_WRONG`: The request of a login lacks the page token. `CROSS_SITE_REFUSED`: A page of another site sent the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `JOB_NOT_CANCELLABLE`: The job cannot be cancelled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. `REDIS_FULL`: Redis has no memory left for jobs. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the answer to the request that sent the job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job waits for its turn. */
            202: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        outcome: string;
                    };
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. `PAGE_TOKEN_WRONG`: The request of a login lacks the page token. `CROSS_SITE_REFUSED`: A page of another site sent the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `JOB_NOT_RETRYABLE`: The job cannot be sent again. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. `REDIS_FULL`: Redis has no memory left for jobs. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryJobs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The tenant; that of the key by default, if it has one. */
                    tenant?: string;
                    /** @description Only jobs of this conversation, or of another subject whose jobs keep their order. */
                    conversation?: string;
                    /** @enum {string} */
                    kind?: "message-transmission" | "card-delivery" | "config-rollout" | "embed-generation" | "audit-sync";
                    /**
                     * @description Only dead letters are sent again, also without it.
                     * @enum {string}
                     */
                    state?: "failed";
                    /**
                     * @description Only jobs whose last failure has this code. A delivered job has none.
                     * @enum {string}
                     */
                    code?: "JOB_INVALID" | "JOB_EXPIRED" | "JOB_CRASHED_WORKERS" | "JOB_DAMAGED" | "PAYLOAD_KEY_MISSING" | "PAYLOAD_UNREADABLE" | "JOB_CANCELLED" | "JOB_REMOVED" | "OUTCOME_UNKNOWN" | "TENANT_UNKNOWN" | "SECRET_UNREADABLE" | "CREDENTIALS_REFUSED" | "TOKEN_UNREADABLE" | "RATE_LIMITED" | "CONTENT_REFUSED" | "ATTACHMENT_REFUSED" | "ATTACHMENT_UNREACHABLE" | "NOT_FOUND" | "SCOPE_MISSING" | "PERMISSION_MISSING" | "CAPABILITY_UNAVAILABLE" | "CONVERSATION_CLOSED" | "WIDGET_MALFORMED" | "WIDGET_FEATURES_MISSING" | "CONFIGURATION_MALFORMED" | "ANSWER_MALFORMED" | "EMBED_TOO_LARGE" | "ROLLOUT_FAILED" | "ROLLBACK_IMPOSSIBLE" | "REPLICATION_TIMED_OUT" | "DEPLOYMENT_AMBIGUOUS" | "LIMIT_REACHED" | "CONFIGURATION_AMBIGUOUS" | "CHANGE_PENDING" | "CONFLICT" | "GENESYS_REFUSED" | "GENESYS_UNAVAILABLE" | "GENESYS_UNREACHABLE" | "WEBHOOK_SECRET_MISSING" | "WEBHOOK_REFUSED" | "WEBHOOK_GONE" | "WEBHOOK_ENDPOINT_DISABLED" | "WEBHOOK_TARGET_REFUSED" | "WEBHOOK_UNREACHABLE" | "AUDIT_KEY_MISSING" | "AUDIT_STORE_UNAVAILABLE" | "AUDIT_RECORD_REFUSED" | "INTERNAL";
                    /**
                     * Format: date-time
                     * @description Accepted at this time or later.
                     */
                    from?: string;
                    /**
                     * Format: date-time
                     * @description Accepted at this time or before.
                     */
                    to?: string;
                    /** @description Counts the jobs, and changes nothing. Default: `false`. */
                    dryRun?: boolean;
                };
            };
        };
        responses: {
            /** @description The progress. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description `REQUEST_UNREADABLE`: The server cannot read the request. `BODY_UNREADABLE`: The body is not JSON in UTF-8. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. `PAGE_TOKEN_WRONG`: The request of a login lacks the page token. `CROSS_SITE_REFUSED`: A page of another site sent the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The address does not take this content type. `ENCODING_UNSUPPORTED`: The address does not take this content encoding. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_INVALID`: The body is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. `TOO_MANY_ACTS`: The server carries out too many acts on many jobs. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. `REDIS_FULL`: Redis has no memory left for jobs. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelJobs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The tenant; that of the key by default, if it has one. */
                    tenant?: string;
                    /** @description Only jobs of this conversation, or of another subject whose jobs keep their order. */
                    conversation?: string;
                    /** @enum {string} */
                    kind?: "message-transmission" | "card-delivery" | "config-rollout" | "embed-generation" | "audit-sync";
                    /** @enum {string} */
                    state?: "waiting" | "active" | "delayed" | "waiting-children" | "completed" | "failed";
                    /**
                     * @description Only jobs whose last failure has this code. A delivered job has none.
                     * @enum {string}
                     */
                    code?: "JOB_INVALID" | "JOB_EXPIRED" | "JOB_CRASHED_WORKERS" | "JOB_DAMAGED" | "PAYLOAD_KEY_MISSING" | "PAYLOAD_UNREADABLE" | "JOB_CANCELLED" | "JOB_REMOVED" | "OUTCOME_UNKNOWN" | "TENANT_UNKNOWN" | "SECRET_UNREADABLE" | "CREDENTIALS_REFUSED" | "TOKEN_UNREADABLE" | "RATE_LIMITED" | "CONTENT_REFUSED" | "ATTACHMENT_REFUSED" | "ATTACHMENT_UNREACHABLE" | "NOT_FOUND" | "SCOPE_MISSING" | "PERMISSION_MISSING" | "CAPABILITY_UNAVAILABLE" | "CONVERSATION_CLOSED" | "WIDGET_MALFORMED" | "WIDGET_FEATURES_MISSING" | "CONFIGURATION_MALFORMED" | "ANSWER_MALFORMED" | "EMBED_TOO_LARGE" | "ROLLOUT_FAILED" | "ROLLBACK_IMPOSSIBLE" | "REPLICATION_TIMED_OUT" | "DEPLOYMENT_AMBIGUOUS" | "LIMIT_REACHED" | "CONFIGURATION_AMBIGUOUS" | "CHANGE_PENDING" | "CONFLICT" | "GENESYS_REFUSED" | "GENESYS_UNAVAILABLE" | "GENESYS_UNREACHABLE" | "WEBHOOK_SECRET_MISSING" | "WEBHOOK_REFUSED" | "WEBHOOK_GONE" | "WEBHOOK_ENDPOINT_DISABLED" | "WEBHOOK_TARGET_REFUSED" | "WEBHOOK_UNREACHABLE" | "AUDIT_KEY_MISSING" | "AUDIT_STORE_UNAVAILABLE" | "AUDIT_RECORD_REFUSED" | "INTERNAL";
                    /**
                     * Format: date-time
                     * @description Accepted at this time or later.
                     */
                    from?: string;
                    /**
                     * Format: date-time
                     * @description Accepted at this time or before.
                     */
                    to?: string;
                    /** @description Counts the jobs, and changes nothing. Default: `false`. */
                    dryRun?: boolean;
                };
            };
        };
        responses: {
            /** @description The progress. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description `REQUEST_UNREADABLE`: The server cannot read the request. `BODY_UNREADABLE`: The body is not JSON in UTF-8. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. `PAGE_TOKEN_WRONG`: The request of a login lacks the page token. `CROSS_SITE_REFUSED`: A page of another site sent the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The address does not take this content type. `ENCODING_UNSUPPORTED`: The address does not take this content encoding. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_INVALID`: The body is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. `TOO_MANY_ACTS`: The server carries out too many acts on many jobs. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. `REDIS_FULL`: Redis has no memory left for jobs. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description The last event that the caller has. */
                "Last-Event-ID"?: string;
            };
            path: {
                /** @description The id of the answer to the request that sent the job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The job has ended, and `Last-Event-ID` is its end: there are no more events. */
            204: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. `TOO_MANY_STREAMS`: Too many event streams are open. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOverview: {
        parameters: {
            query?: {
                /** @description Only this tenant. All tenants of the key by default. */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The overview. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followOverview: {
        parameters: {
            query?: {
                /** @description Only this tenant. All tenants of the key by default. */
                tenant?: string;
            };
            header?: {
                /** @description The last event that the caller has. */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. `TOO_MANY_STREAMS`: Too many event streams are open. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSeries: {
        parameters: {
            query?: {
                /** @description `1h` in minutes, `24h` in quarters of an hour, or `7d` in hours. */
                over?: "1h" | "24h" | "7d";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The points. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Series"];
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTenantSeries: {
        parameters: {
            query?: {
                /** @description `1h` in minutes, `24h` in quarters of an hour, or `7d` in hours. */
                over?: "1h" | "24h" | "7d";
            };
            header?: never;
            path: {
                /** @description The id of the tenant in the tenants file. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The points. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Series"];
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTimeline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the answer to the request that sent the job. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What happened to the job. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timeline"];
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getConversation: {
        parameters: {
            query?: {
                /** @description The tenant; that of the key by default, if it has one. */
                tenant?: string;
                /** @description By sequence number. */
                order?: "oldest" | "newest";
                /** @description Jobs that the page looks at; 50 by default. */
                limit?: string;
                /** @description Of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The conversation, or another subject whose jobs keep their order. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the conversation. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    searchJobs: {
        parameters: {
            query: {
                /** @description The tenant; that of the key by default, if it has one. */
                tenant?: string;
                /** @description The id of a job, a conversation or a guest, an idempotency key, a trace id or `traceparent`, or the id by which Genesys Cloud finds a request that failed. */
                q: string;
                /** @description Of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The jobs that were found. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchPage"];
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                /** @description The tenant; that of the key by default, if it has one. */
                tenant?: string;
                kind?: "message-transmission" | "card-delivery" | "config-rollout" | "embed-generation" | "audit-sync";
                /** @description Accepted at this time or later. */
                from?: string;
                /** @description Accepted at this time or before. */
                to?: string;
                /** @description Of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The groups of a page. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterPage"];
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTenants: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Their ids. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        tenants: {
                            id: string;
                            self: string;
                        }[];
                    };
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the tenant in the tenants file. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tenant. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseTenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the tenant in the tenants file. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description How long, such as `90s`, `10m` or `2h`. */
                    for: string;
                    /** @description Default: `"by hand"`. */
                    reason?: string;
                    /**
                     * @description Only this bucket; all buckets by default.
                     * @enum {string}
                     */
                    bucket?: "messages" | "cards" | "platform";
                };
            };
        };
        responses: {
            /** @description The buckets that are paused. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        buckets: ("messages" | "cards" | "platform")[];
                    };
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. `REQUEST_UNREADABLE`: The server cannot read the request. `BODY_UNREADABLE`: The body is not JSON in UTF-8. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. `PAGE_TOKEN_WRONG`: The request of a login lacks the page token. `CROSS_SITE_REFUSED`: A page of another site sent the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The address does not take this content type. `ENCODING_UNSUPPORTED`: The address does not take this content encoding. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_INVALID`: The body is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. `REDIS_FULL`: Redis has no memory left for jobs. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeTenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the tenant in the tenants file. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Only this bucket; all buckets by default.
                     * @enum {string}
                     */
                    bucket?: "messages" | "cards" | "platform";
                } | null;
            };
        };
        responses: {
            /** @description The buckets that go on. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        buckets: ("messages" | "cards" | "platform")[];
                    };
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. `REQUEST_UNREADABLE`: The server cannot read the request. `BODY_UNREADABLE`: The body is not JSON in UTF-8. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. `PAGE_TOKEN_WRONG`: The request of a login lacks the page token. `CROSS_SITE_REFUSED`: A page of another site sent the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The address does not take this content type. `ENCODING_UNSUPPORTED`: The address does not take this content encoding. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_INVALID`: The body is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. `REDIS_FULL`: Redis has no memory left for jobs. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reloadTenants: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file is read. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How many tenants this process has now. */
                        tenants: number;
                        /** @description Errors of entries. Their tenants stay as they were. */
                        issues: string[];
                        /** @description All processes have taken the whole file, and the same one. */
                        isComplete: boolean;
                        /** @description Every worker and server that was there in the last 15 seconds. */
                        processes: {
                            /** @description Host, process id and a random part. */
                            process: string;
                            command: ("worker" | "serve") | null;
                            /**
                             * @description `with-errors`: tenants with errors stay as they were. `failed`: all do. `silent`: no report came within 10 seconds.
                             * @enum {string}
                             */
                            status: "reloaded" | "with-errors" | "failed" | "silent";
                            /** @description How many tenants the process has now. */
                            tenants: number | null;
                            /** @description How many errors; the log of the process has them. */
                            errors: number | null;
                            /** @description Whether its file equals that of this process. */
                            isSameFile: boolean | null;
                        }[];
                    };
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. `PAGE_TOKEN_WRONG`: The request of a login lacks the page token. `CROSS_SITE_REFUSED`: A page of another site sent the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `TENANTS_FILE_WRONG`: The tenants file is wrong. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. `REDIS_FULL`: Redis has no memory left for jobs. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEndpoints: {
        parameters: {
            query?: {
                /** @description Only those of this tenant. */
                tenant?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoints. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        endpoints: components["schemas"]["Endpoint"][];
                    };
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the endpoint. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoint. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Endpoint"];
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    enableEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the endpoint. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Workers call the endpoint. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        endpointId: string;
                        /** @enum {string} */
                        outcome: "enabled" | "was-enabled";
                    };
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. `PAGE_TOKEN_WRONG`: The request of a login lacks the page token. `CROSS_SITE_REFUSED`: A page of another site sent the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. `REDIS_FULL`: Redis has no memory left for jobs. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replayMissed: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the endpoint. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description Callbacks enqueued at this time or later that were not delivered.
                     */
                    since: string;
                };
            };
        };
        responses: {
            /** @description They are sent again. */
            202: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Callbacks that are sent again. */
                        replayed: number;
                    };
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. `REQUEST_UNREADABLE`: The server cannot read the request. `BODY_UNREADABLE`: The body is not JSON in UTF-8. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. `PAGE_TOKEN_WRONG`: The request of a login lacks the page token. `CROSS_SITE_REFUSED`: A page of another site sent the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CALLBACK_NOT_REPLAYABLE`: The callback cannot be sent again now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The address does not take this content type. `ENCODING_UNSUPPORTED`: The address does not take this content encoding. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_INVALID`: The body is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. `TOO_MANY_ACTS`: The server carries out too many acts on many jobs. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. `REDIS_FULL`: Redis has no memory left for jobs. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAttempts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the callback: its `webhook-id`. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The attempts, the oldest first. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        attempts: components["schemas"]["CallbackAttempt"][];
                        /** @description The job whose end the callback reports. */
                        jobId: string | null;
                        links: {
                            replay: string;
                            job?: string;
                        };
                    };
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replayCallback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of the callback: its `webhook-id`. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The callback is sent again. */
            202: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Callbacks that are sent again. */
                        replayed: number;
                    };
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. `PAGE_TOKEN_WRONG`: The request of a login lacks the page token. `CROSS_SITE_REFUSED`: A page of another site sent the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CALLBACK_NOT_REPLAYABLE`: The callback cannot be sent again now. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. `REDIS_FULL`: Redis has no memory left for jobs. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The tenant of the key by default. */
                    tenantId?: string;
                    /** @description The address of the receiver. */
                    url: string;
                };
            };
        };
        responses: {
            /** @description The attempt, delivered or not. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallbackAttempt"];
                };
            };
            /** @description `REQUEST_UNREADABLE`: The server cannot read the request. `BODY_UNREADABLE`: The body is not JSON in UTF-8. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. `PAGE_TOKEN_WRONG`: The request of a login lacks the page token. `CROSS_SITE_REFUSED`: A page of another site sent the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The address does not take this content type. `ENCODING_UNSUPPORTED`: The address does not take this content encoding. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_INVALID`: The body is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. `REDIS_FULL`: Redis has no memory left for jobs. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLogin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The login. */
            200: {
                headers: {
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        key: {
                            id: string;
                            name: string;
                            scopes: ("send" | "read" | "operate" | "admin")[];
                            /** @description Also for tenants that come later. */
                            isForAllTenants: boolean;
                            expiresAt: string | null;
                        };
                        /** @description For the header `X-Page-Token`; null for a request with an API key, which needs none. */
                        pageToken: string | null;
                        /** @description When the login ends at the latest. */
                        endsAt: string | null;
                    };
                };
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The secret of an API key with the scope `read`. */
                    secret: string;
                };
            };
        };
        responses: {
            /** @description The login. */
            200: {
                headers: {
                    /** @description The cookie `gwm_login`, which scripts cannot read. */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        key: {
                            id: string;
                            name: string;
                            scopes: ("send" | "read" | "operate" | "admin")[];
                            /** @description Also for tenants that come later. */
                            isForAllTenants: boolean;
                            expiresAt: string | null;
                        };
                        /** @description For the header `X-Page-Token`; null for a request with an API key, which needs none. */
                        pageToken: string | null;
                        /** @description When the login ends at the latest. */
                        endsAt: string | null;
                    };
                };
            };
            /** @description `REQUEST_UNREADABLE`: The server cannot read the request. `BODY_UNREADABLE`: The body is not JSON in UTF-8. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_UNKNOWN`: There is no such API key. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. `CROSS_SITE_REFUSED`: A page of another site sent the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The address does not take this content type. `ENCODING_UNSUPPORTED`: The address does not take this content encoding. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_INVALID`: The body is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `TOO_MANY_LOGINS`: Too many logins were wrong. `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. `REDIS_FULL`: Redis has no memory left for jobs. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The login has ended. */
            204: {
                headers: {
                    /** @description The cookie `gwm_login`, which scripts cannot read. */
                    "Set-Cookie"?: string;
                    /** @description The quota of the key: `q` requests in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of the quota: `r` requests; it is whole again in `t` seconds. */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `KEY_MISSING`: The request has no API key. `KEY_UNKNOWN`: There is no such API key. `LOGIN_ENDED`: The login has ended. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `KEY_SCOPE_MISSING`: The API key lacks a scope. `PAGE_TOKEN_WRONG`: The request of a login lacks the page token. `CROSS_SITE_REFUSED`: A page of another site sent the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `QUOTA_EXCEEDED`: The API key has used up its quota. */
            429: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REDIS_UNAVAILABLE`: Redis does not answer. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listErrors: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description `REQUEST_UNREADABLE`: The server cannot read the request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    explainError: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description `PARAMETERS_INVALID`: A parameter of the address is wrong. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: There is no such resource. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `HEADERS_TOO_LARGE`: The headers are too large. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SERVER_FAILED`: The server failed. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    onMessageDelivered: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "message.delivered";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onMessageFailed: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "message.failed";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onMessageExpired: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "message.expired";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onMessageHeld: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "message.held";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onCardDelivered: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "card.delivered";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onCardFailed: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "card.failed";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onCardExpired: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "card.expired";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onCardHeld: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "card.held";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onEmbedGenerated: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "embed.generated";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onEmbedFailed: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "embed.failed";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onEmbedExpired: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "embed.expired";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onEmbedHeld: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "embed.held";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onRolloutCompleted: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "rollout.completed";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onRolloutPartial: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "rollout.partial";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onRolloutFailed: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "rollout.failed";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onRolloutExpired: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "rollout.expired";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onRolloutHeld: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "rollout.held";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onDeploymentCreated: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "deployment.created";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onDeploymentUpdated: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "deployment.updated";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onDeploymentUnchanged: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "deployment.unchanged";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onDeploymentFailed: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "deployment.failed";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onDeploymentExpired: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "deployment.expired";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onDeploymentHeld: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "deployment.held";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onAuditSynced: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "audit.synced";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onAuditFailed: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "audit.failed";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onAuditExpired: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "audit.expired";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onAuditHeld: {
        parameters: {
            query?: never;
            header: {
                /** @description The same in every attempt: it identifies a repetition. */
                "webhook-id": string;
                /** @description Seconds since 1970, of this attempt. */
                "webhook-timestamp": string;
                /** @description HMAC-SHA256 over {id}.{timestamp}.{body}, as Standard Webhooks describes it. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    type: "audit.held";
                    /**
                     * Format: date-time
                     * @description When the job ended.
                     */
                    timestamp: string;
                    /** @description Ids, times and counts of the job; never the text of a message. */
                    data: {
                        tenantId: string;
                        jobId: string;
                        status?: string;
                        attempts?: number;
                        latencyMs?: number;
                        mayBeRepetition?: boolean;
                        /** @description By this id Genesys Cloud finds the last request of the job in its own logs. */
                        correlationId?: string;
                        error?: {
                            code?: string;
                            message?: string;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description The endpoint is gone. Workers call it no more. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The receiver has the callback. Any other answer is tried again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
