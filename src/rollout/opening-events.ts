import { z } from 'zod';
import { ReleaseId, RepositoryName, SlackUserId } from '../shared/ids.ts';
import { at } from './event-fields.ts';
import { OpeningView } from './opening-view.ts';
import { EnvironmentPlan } from './plan.ts';

/** Somebody else's pull request that moves these pins: people decide about it as about ours, and merge it themselves. */
export const Theirs = z.object({
  repository: RepositoryName,
  number: z.number().int(),
  /** GitHub login of who opened it. */
  author: z.string(),
  pins: z.array(z.object({ path: z.string(), object: z.string() })).min(1),
});
export type Theirs = z.infer<typeof Theirs>;

/** How risky a change is, from the rules and never lowered by a model. */
export const RiskLevel = z.enum(['low', 'medium', 'high']);
export type RiskLevel = z.infer<typeof RiskLevel>;

/** The analysis as stored: `src/analysis` knows its full shape; the core reads only the risk. */
export const StoredAnalysis = z.looseObject({ risk: z.looseObject({ level: RiskLevel }) });
export type StoredAnalysis = z.infer<typeof StoredAnalysis>;

/** What starts a rollout, and what becomes known of its release; part of `RolloutEvent`. */
export const openingEvents = [
  z.object({
    type: z.literal('RolloutOpened'),
    release: ReleaseId,
    family: z.string(),
    scope: z.string(),
    attempt: z.number().int().min(1),
    environments: z.array(EnvironmentPlan),
    /** Somebody who asked for it by hand; absent when detection did. */
    by: SlackUserId.optional(),
    /** Releases between what runs and this one, as far as they are known. */
    skips: z.number().int().optional(),
    /** What was seen of images and pins. */
    view: OpeningView.optional(),
    /** When it was published, else first seen wherever it is needed; its age counts from here. */
    releasedAt: z.number().optional(),
    /** The one cluster whose `@latest` is set to what its nodes run; absent: pins that name an older release move. */
    pinsCluster: z.string().optional(),
    theirs: Theirs.optional(),
    at,
  }),
  z.object({ type: z.literal('AnalysisCompleted'), analysis: StoredAnalysis, at }),
  z.object({
    type: z.literal('AnalysisUnavailable'),
    /** Why there is no AI summary; the facts may still be there. */
    reason: z.string(),
    analysis: StoredAnalysis.optional(),
    at,
  }),
  z.object({
    type: z.literal('RiskRaised'),
    level: RiskLevel,
    /** What became known, in words. */
    because: z.string(),
    at,
  }),
] as const;
