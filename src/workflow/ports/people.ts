import type { DecisionRule } from '../../rollout/policy.ts';
import type { Authority } from '../../rollout/refusal.ts';
import type { SlackUserId } from '../../shared/ids.ts';

/** Who people are and what they may decide, asked of Slack. */
export type People = {
  /** Asked afresh (cached for at most a minute). Never throws: `unknown` when Slack cannot say. */
  authority(person: SlackUserId, rule: DecisionRule): Promise<Authority>;
  /** Everybody a rule lets decide, without bots, guests and deactivated accounts; empty when Slack cannot say. */
  members(rule: DecisionRule): Promise<readonly SlackUserId[]>;
  /** Names to show, as far as they are known; never throws. */
  names(people: readonly SlackUserId[]): Promise<ReadonlyMap<string, string>>;
  /** Somebody's offset from UTC in ms, positive to the east; 0 when Slack cannot say. */
  utcOffsetMs(person: SlackUserId): Promise<number>;
};
