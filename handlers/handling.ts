import type { DecisionLine } from '../src/audit/decision-line.ts';
import type { RolloutId } from '../src/shared/ids.ts';
import type { Instant } from '../src/shared/time.ts';
import type { Anchoring } from '../src/workflow/anchor.ts';
import type { Caretaker } from '../src/workflow/caretaker.ts';
import type { Detection } from '../src/workflow/detect.ts';
import type { World } from '../src/workflow/world.ts';
import type { Intake } from './intake.ts';
import type { ReplyTo } from './person-request.ts';

/** What handlers work with: they translate, and hand over. */
export type Handling = {
  readonly world: World;
  readonly intake: Intake;
  readonly caretaker: Caretaker;
  /** A lost reply of a post may have left a second card; its first click turns it into a pointer. */
  readonly twins: { mend(id: RolloutId, clicked: ReplyTo): Promise<void> };
  /** Looks for new releases now, on somebody's behalf; whoever asks meanwhile gets the same answer. */
  readonly detectNow: () => Promise<Detection>;
  /** Anchors the record once a day, and knows the newest anchor. */
  readonly anchoring: Anchoring;
  /** Decisions of the last while, oldest first. */
  readonly decisionsSince: (since: Instant) => Promise<readonly DecisionLine[]>;
  /** Link to a rollout's card; `undefined` while there is none. */
  readonly cardUrl: (id: RolloutId) => Promise<string | undefined>;
};
