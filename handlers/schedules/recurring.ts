import { Cron } from 'croner';
import { section } from '../../blocks/block-kit.ts';
import { digestMessage } from '../../blocks/digest.ts';
import { holdDoubtText, holdEndsText } from '../../blocks/holds.ts';
import { hour, minute, second } from '../../src/shared/time.ts';
import { postDigest } from '../../src/workflow/digest.ts';
import { setForeignStatuses } from '../../src/workflow/foreign-statuses.ts';
import { reopenHolds } from '../../src/workflow/hold-questions.ts';
import { warnOfHolds } from '../../src/workflow/hold-warnings.ts';
import type { Recurring } from '../../src/workflow/pulse.ts';
import { lookAtImages } from '../../src/workflow/unapproved/look-at-images.ts';
import type { Handling } from '../handling.ts';

/** What is done again and again: looking for releases and at what runs, what was left in the inbox, the daily anchor, the digest. */
export function recurringWork(
  { world, intake, detectNow, anchoring }: Handling,
  {
    owner,
    everyMs,
    jitterMs,
    random,
    digest,
  }: {
    readonly owner: string;
    readonly everyMs: number;
    readonly jitterMs: number;
    /** From 0 up to 1. */
    readonly random: () => number;
    readonly digest: {
      readonly enabled: boolean;
      readonly at: string;
      readonly timeZone: string;
      readonly channel: string;
    };
  },
): readonly Recurring[] {
  const { clock, store, log } = world;
  const start = clock.now();
  const detection: Recurring = {
    name: 'detection',
    firstAt: start,
    nextAfter: (now) => now + everyMs + random() * jitterMs,
    async run() {
      const now = clock.now();
      // Half a period: a replica that died does not silence the next look.
      if (!(await store.leases.take('detection', owner, now, now + everyMs / 2))) return;
      const { trains } = await detectNow();
      for (const { train, offer, opened, rollout, waits } of trains) {
        log.info({ train, offer: offer.kind, opened, rollout, waits }, 'looked for releases');
      }
    },
  };
  const inbox: Recurring = {
    name: 'inbox',
    firstAt: start,
    nextAfter: (now) => now + 30 * second,
    run: () => intake.sweep(),
  };
  const anchor: Recurring = {
    name: 'anchor',
    firstAt: start,
    // Once a day is enough; asked more often, so that a day is not missed. A day that is anchored costs nothing.
    nextAfter: (now) => now + hour,
    async run() {
      await anchoring.run();
    },
  };
  const holds: Recurring = {
    name: 'holds',
    firstAt: start,
    nextAfter: (now) => now + hour,
    async run() {
      await warnOfHolds(world, {
        owner,
        render(hold, names) {
          const text = holdEndsText(hold, names);
          return { text, blocks: [section(text)] };
        },
      });
      await reopenHolds(world, {
        owner,
        render(hold, doubt, names) {
          const text = holdDoubtText(hold, doubt, names);
          return { text, blocks: [section(text)] };
        },
      });
    },
  };
  const statuses: Recurring = {
    name: 'statuses',
    firstAt: start,
    nextAfter: (now) => now + 2 * minute,
    async run() {
      const now = clock.now();
      if (!(await store.leases.take('statuses', owner, now, now + minute))) return;
      const set = await setForeignStatuses(world);
      if (set > 0) log.info({ set }, 'statuses set on pull requests of others');
    },
  };
  const images: Recurring = {
    name: 'images',
    firstAt: start,
    nextAfter: (now) => now + everyMs + random() * jitterMs,
    async run() {
      const now = clock.now();
      if (!(await store.leases.take('images', owner, now, now + everyMs / 2))) return;
      const { checked, unapproved, notChecked } = await lookAtImages(world);
      log.info({ checked, unapproved, notChecked: notChecked.length }, 'looked at what runs');
    },
  };
  if (!digest.enabled) return [detection, inbox, anchor, holds, statuses, images];
  // In the configured zone, by arithmetic: schedulers that tick in a zone lose hours when its clocks change.
  const schedule = new Cron(digest.at, { timezone: digest.timeZone, paused: true });
  return [
    detection,
    inbox,
    anchor,
    holds,
    statuses,
    images,
    {
      name: 'digest',
      firstAt: start,
      // Looked at again soon, not only when it is due: a replica that died at it left it to the others.
      nextAfter: (now) => now + 5 * minute,
      async run() {
        const dueAt = schedule
          .previousRuns(1, new Date(clock.now() + 1))
          .at(0)
          ?.getTime();
        if (dueAt === undefined) return;
        await postDigest(world, {
          dueAt,
          owner,
          channel: digest.channel,
          anchor: anchoring.newest,
          render: digestMessage,
        });
      },
    },
  ];
}
