import { z } from 'zod';
import type { SlackUserId } from '../shared/ids.ts';

/** Why a person's request was not carried out; each has its sentence in `blocks/refusal.ts`. */
export const RefusalCode = z.enum([
  'not-an-approver',
  'not-allowed-to-stop',
  'guest-or-bot',
  'cannot-check',
  'old-card',
  'already-approved',
  'already-decided',
  'merge-under-way',
  'nothing-to-stop',
  'nothing-to-brake',
  'nothing-to-roll-back',
  'no-way-back',
  'not-paused',
  'not-approved-by-you',
  'own-request',
  'not-an-expediter',
  'nothing-to-expedite',
  'snoozed-too-long',
  'nothing-to-switch-to',
  'closed',
  'too-old',
  'merged-in-github',
  'nothing-to-merge',
  'not-allowed-to-sync',
  'nothing-to-sync',
]);
export type RefusalCode = z.infer<typeof RefusalCode>;

/** A *no* with its evidence: the person is also told because of what, and who could. */
export type Refusal = {
  readonly code: RefusalCode;
  readonly environment?: string;
  /** It was about every rollout, and not about one. */
  readonly fleet?: true;
  /** The ask that is open now, for a click on an older card. */
  readonly newestAsk?: number;
  /** Who decided already, and when. */
  readonly by?: SlackUserId;
  readonly at?: number;
  readonly pullRequest?: number;
  /** Approvals still missing. */
  readonly missing?: number;
  /** Sets that could still fill them. */
  readonly missingOf?: readonly string[];
  readonly detail?: string;
};

/** What the directory said of a person, asked afresh at the decision. */
export type Authority =
  /** May decide this. */
  | 'yes'
  | 'no'
  /** A guest, a bot, a deactivated account or a stranger never counts, whatever lists say. */
  | 'guest-or-bot'
  /** Slack could not say; nobody is let through. */
  | 'unknown';
