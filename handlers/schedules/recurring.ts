import { Cron } from 'croner';
import { digestMessage } from '../../blocks/digest.ts';
import type { Instant } from '../../src/shared/time.ts';
import { second } from '../../src/shared/time.ts';
import { postDigest } from '../../src/workflow/digest.ts';
import type { Recurring } from '../../src/workflow/pulse.ts';
import type { Handling } from '../handling.ts';

/** What is done again and again: looking for releases, the digest, and what was left in the inbox. */
export function recurringWork(
  { world, intake, detectNow }: Handling,
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
      const { offer, opened, rollout, waits } = await detectNow();
      log.info({ offer: offer.kind, opened, rollout, waits }, 'looked for releases');
    },
  };
  const inbox: Recurring = {
    name: 'inbox',
    firstAt: start,
    nextAfter: (now) => now + 30 * second,
    run: () => intake.sweep(),
  };
  if (!digest.enabled) return [detection, inbox];
  // In the configured zone, by arithmetic: schedulers that tick in a zone lose hours when its clocks change.
  const nextDigest = (now: Instant) =>
    new Cron(digest.at, { timezone: digest.timeZone, paused: true })
      .nextRun(new Date(now))
      ?.getTime() ?? Number.POSITIVE_INFINITY;
  let dueAt = nextDigest(start);
  return [
    detection,
    inbox,
    {
      name: 'digest',
      firstAt: dueAt,
      nextAfter: nextDigest,
      async run() {
        const { channel } = digest;
        await postDigest(world, { dueAt, owner, channel, render: digestMessage });
        dueAt = nextDigest(clock.now());
      },
    },
  ];
}
