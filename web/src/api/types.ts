import type { components } from '../../generated/schema';
import type { Phrase } from '../lib/wording';

type Schemas = components['schemas'];

export type User = Schemas['UserView'];
export type Conversation = Schemas['ConversationView'];
export type Turn = Schemas['TurnView'];
export type AcceptedTurn = Schemas['DialogueAcceptedTurn'];
export type Agent = Schemas['AgentAgentView'];
export type Backend = Schemas['BackendStatus'];
export type BackendTrial = Schemas['BackendTrial'];
export type BackendSeen = Schemas['BackendProbeSeen'];
export type Chain = Schemas['ChainView'];
export type Model = Schemas['ModelsModelView'];
export type CatalogueModel = Schemas['CatalogueView'];
export type Breaker = Schemas['BreakersBreakerView'];
export type HealthPart = Schemas['HealthPart'];
export type Task = Schemas['TaskView'];
export type Batch = Schemas['BatchView'];
export type BatchMember = Schemas['BatchTaskView'];
export type LogLine = Schemas['LogLineView'];
export type Attempt = Schemas['AttemptView'];
export type DeadLetter = Schemas['DeadLetterView'];
export type DeadCause = Schemas['DeadLetterStoreCauseView'];
export type Replayed = Schemas['ReplayView'];
export type CalendarFeed = Schemas['CalendarFeedView'];
export type CalendarImported = Schemas['CalendarImported'];
export type NewCalendarFeed = Schemas['CalendarNewFeed'];
export type Schedule = Schemas['ScheduleView'];
export type SchedulePreview = Schemas['ScheduleViewPreview'];
export type ScheduleRun = Schemas['ScheduleRunView'];
export type Session = Schemas['Session'];
export type ApiKey = Schemas['ApiKey'];
export type MadeApiKey = Schemas['ApiKeysMadeKey'];
export type SessionView = Schemas['AuthSessionView'];

/** One page of a list; `next_cursor` is null on the last one. */
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

/** One thing wrong with one field of a request. */
export interface Fault {
  field: string;
  rule: string;
  message: string;
  /** What `message` is made of, where it can be said in other languages. */
  words?: Phrase[] | null;
}

/** RFC 9457 with Steward's additions. */
export interface Problem {
  title: string;
  status: number;
  detail: string;
  code: string;
  request_id: string;
  retryable: boolean;
  retry_after_ms?: number | null;
  errors?: Fault[] | null;
  help?: string | null;
  /** What `detail` is made of, where it can be said in other languages. */
  words?: Phrase[] | null;
}
