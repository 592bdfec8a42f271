import type { z } from 'zod';
import type { DetailedJob, Overview, Series, Tenant } from '../../client/types.ts';
import type { conversationPage } from '../../http/routes/conversation-schemas.ts';
import type { deadLetterPage } from '../../http/routes/dead-letter-schemas.ts';
import type { searchPage } from '../../http/routes/search-schemas.ts';
import type { timeline } from '../../http/routes/timeline-schemas.ts';

/** Answers of the API, and parts of them, as the page names them. */

export type { Overview, Series };
export type TenantState = Overview['tenants'][number];
export type WorkerState = NonNullable<Overview['workers']>[number];
export type Kind = Tenant['kinds'][number];
export type Waiting = DetailedJob['waiting'];

export type ConversationAnswer = z.output<typeof conversationPage>;
export type LaneJob = ConversationAnswer['jobs'][number];
export type SearchAnswer = z.output<typeof searchPage>;
export type TimelineAnswer = z.output<typeof timeline>;
export type DeadLetterAnswer = z.output<typeof deadLetterPage>;
export type DeadLetterGroup = DeadLetterAnswer['groups'][number];
