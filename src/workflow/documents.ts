import type { Change } from '../rollout/change.ts';
import type { Rollout } from '../rollout/rollout.ts';
import type { Wave } from '../rollout/wave.ts';
import type { RepositoryName } from '../shared/ids.ts';
import type { Message } from './ports/messenger.ts';
import type { LiftedRecall, RecallFacts } from './recall-facts.ts';
import type { UnapprovedFacts } from './unapproved/unapproved-facts.ts';

/** Words that leave for GitHub and for the channel; `blocks/` writes them, `main.ts` passes them in. */
export type Documents = {
  unapprovedImages(facts: UnapprovedFacts): Message;
  recallAlert(facts: RecallFacts): Message;
  recallLifted(lifted: LiftedRecall): Message;
  pullRequest(about: {
    readonly rollout: Rollout;
    readonly wave: Wave;
    readonly repository: RepositoryName;
    readonly change: Change;
    readonly names: ReadonlyMap<string, string>;
    /** Pins left alone on the way back, because somebody edited them since. */
    readonly leftAlone: readonly string[];
  }): { readonly title: string; readonly body: string };
};
