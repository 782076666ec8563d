import type { RolloutEvent } from '../rollout/events.ts';
import type { Hold } from '../rollout/hold.ts';
import type { Rollout } from '../rollout/rollout.ts';
import type { Instant } from '../shared/time.ts';
import type { OwnerLine } from './owner-lines.ts';
import type { Message, PictureOf } from './ports/messenger.ts';
import type { Sightings } from './sightings.ts';

/** A message that is edited only when `worth` changes: every number of a thousand nodes would be an edit a look. */
export type Edited = Message & { readonly worth: string };

/** What a thread shows: one card, the live progress when nodes move, and one line a milestone. */
export type ThreadView = {
  readonly card: Edited;
  readonly live?: Edited;
  /** In order; `slot` never changes, so that each is posted once. */
  readonly replies: readonly {
    readonly slot: string;
    readonly message: Message;
    readonly broadcast: boolean;
    readonly picture?: PictureOf;
  }[];
  /** In channels of owners, one a line that was asked for. */
  readonly elsewhere: readonly (Edited & { readonly slot: string; readonly channel: string })[];
};

/** State in, messages out; `blocks/` writes them, `main.ts` passes it in. */
export type RenderThread = (about: {
  readonly rollout: Rollout;
  /** All events, oldest first. */
  readonly history: readonly RolloutEvent[];
  readonly sightings: Sightings;
  readonly names: ReadonlyMap<string, string>;
  /** Who could answer, by environment that asks; without those that Slack could not name. */
  readonly deciders: ReadonlyMap<string, readonly string[]>;
  /** Who stopped every forward merge, and why. */
  readonly frozen?: { readonly by: string; readonly reason: string };
  /** What is kept behind on purpose. */
  readonly holds?: readonly Hold[];
  /** What owners are to be told, with a link to the card where it is known. */
  readonly owners?: { readonly lines: readonly OwnerLine[]; readonly cardUrl: string | undefined };
  readonly now: Instant;
}) => ThreadView;
