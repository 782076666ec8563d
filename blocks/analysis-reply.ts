import type { RolloutEvent } from '../src/rollout/events.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { escapeMrkdwn } from '../src/shared/text.ts';
import { analysisOf } from './analysis-of.ts';
import { analysisSections } from './analysis-sections.ts';
import { type Message, message } from './block-kit.ts';

/**
 * The analysis with its sources, as one reply of the thread; `undefined` for other events and where nothing is known.
 * @param rollout the state right after the event.
 */
export function analysisReply(event: RolloutEvent, rollout: Rollout): Message | undefined {
  if (event.type !== 'AnalysisCompleted' && event.type !== 'AnalysisUnavailable') return undefined;
  const analysis = analysisOf(rollout);
  if (analysis === undefined) return undefined;
  const { summary, risk } = analysis;
  const said = summary.kind === 'ai' ? ` ${escapeMrkdwn(summary.sentence.text)}` : '';
  return message(
    `Analysis of ${escapeMrkdwn(rollout.release)}: risk ${risk.level}.${said}`,
    analysisSections(rollout),
  );
}
