import { familyOf } from '../images/releases.ts';
import { findPins } from '../pins/find-pins.ts';
import type { Theirs } from '../rollout/opening-events.ts';
import { rolloutIdOf } from '../rollout/rollout-id.ts';
import type { ReleaseId, RolloutId } from '../shared/ids.ts';
import { beginRollout } from './begin-rollout.ts';
import { plansOf } from './environment-plans.ts';
import { expectedFiles } from './expected-files.ts';
import type { WatchedRepository } from './fleet.ts';
import { policyOf } from './fleet.ts';
import { openRollouts } from './open-rollouts.ts';
import { isExactly } from './part-content.ts';
import { placedPins } from './placed-pins.ts';
import { planChange } from './plan-change.ts';
import type { ChangedFile, PullRequestView } from './ports/git-host.ts';
import { closedBy, reached } from './reached-fleet.ts';
import { fleetFor, pinsFor } from './theirs.ts';
import type { Watched, WatchedPin } from './watched-pins.ts';
import { pinLabel } from './watched-pins.ts';
import type { World } from './world.ts';

/** What is to be done about somebody else's pull request that moves a pin. */
export type Considered =
  /** People decide about it in Slack: its status is that rollout's. */
  | { readonly kind: 'asked'; readonly rollout: RolloutId }
  /** Its environment is only observed. */
  | { readonly kind: 'observed' }
  /** Nobody can decide about it here, and why, for its status. */
  | { readonly kind: 'not-here'; readonly why: string };

type Found = {
  readonly theirs: Theirs;
  readonly environment: string;
  readonly release: ReleaseId;
};

/**
 * Opens a rollout for a pull request of somebody else, so that people are asked about it as about ours: where it moves
 * pins of one environment to one newer release, and holds exactly what Amiable would have written for that.
 */
export async function considerTheirs(
  asWritten: World,
  repository: WatchedRepository,
  pull: PullRequestView,
): Promise<Considered> {
  // Anybody may open one from a fork of a public repository: people are asked about what somebody with rights wrote.
  if (pull.headRepository?.toLowerCase() !== repository.repository.toLowerCase())
    return notHere('it comes from another repository');
  const { world, watched, silence } = await reached(asWritten, await asWritten.pins.read());
  const unheard = closedBy(silence);
  if (unheard !== undefined) return notHere(unheard);
  const base = await world.github.head(repository.repository, repository.branch);
  if (base === undefined) return notHere(`there is no branch ${repository.branch}`);
  const { files } = await world.github.compare(repository.repository, base, pull.headSha);
  const found = await movesIn(world, watched, pull, { repository, files });
  if (typeof found === 'string') return notHere(found);
  const { theirs, environment, release } = found;
  const policy = policyOf(world.fleet, environment);
  if (policy?.mode === 'observe') return { kind: 'observed' };
  const fleet = fleetFor({ theirs }, world.fleet);
  const there = { ...world, fleet };
  const mine = pinsFor({ theirs }, watched);
  const plan = await planChange(there, { watched: mine, environment, release });
  if (plan.kind === 'impossible') return notHere(plan.reason);
  if (plan.kind === 'nothing') return notHere(`it moves nothing to a newer release`);
  if (plan.waves.length > 1) return notHere('it moves clusters of several waves at once');
  const expected = await expectedFiles(world.github, {
    repository: theirs.repository,
    commit: base,
    edits: plan.change.pins,
    lenient: false,
  });
  if (expected.kind !== 'files' || !isExactly(files, expected.files)) {
    return notHere('it holds more than the moves of its pins, or is behind its base');
  }
  return { kind: 'asked', rollout: await opened(there, found, mine) };
}

function notHere(why: string): Considered {
  return { kind: 'not-here', why };
}

/** The pins it moves, and to what, all of them to the same; or why that cannot be told. */
async function movesIn(
  world: World,
  watched: Watched,
  { number, author = 'somebody' }: PullRequestView,
  of: { readonly repository: WatchedRepository; readonly files: readonly ChangedFile[] },
): Promise<Found | string> {
  const { repository, branch } = of.repository;
  const paths = new Map(of.files.map((file) => [file.path, file]));
  const before = watched.pins.filter(
    (at) => at.repository === repository && at.branch === branch && paths.has(at.path),
  );
  const blobs = [...new Set(of.files.flatMap(({ blob }) => blob ?? []))];
  const contents = await world.github.read(repository, blobs);
  const after: WatchedPin[] = [];
  for (const at of before) {
    const content = contents.get(paths.get(at.path)?.blob ?? '');
    const pins = content === undefined ? undefined : findPins(at.path, content);
    const pin =
      pins?.kind === 'refused'
        ? undefined
        : pins?.pins.find((one) => pinLabel(one) === pinLabel(at.pin) && one.kind === at.pin.kind);
    if (pin === undefined) return `${at.path} no longer has the pins it had`;
    if (pin.value !== at.pin.value) after.push({ ...at, pin });
  }
  const { placed, leftAlone } = await placedPins(world, { pins: after });
  const unclear = leftAlone[0] ?? after.find(({ pin }) => !pin.editable);
  if (unclear !== undefined) return `nobody can say for certain what it moves a pin to`;
  const environments = [...new Set(after.map(({ environment }) => environment))];
  const releases = [...new Set(placed.map(({ release }) => release))];
  const [environment] = environments;
  const [release] = releases;
  if (environment === undefined || release === undefined) return 'it adds or removes pins';
  if (environments.length > 1) return `it moves ${environments.join(' and ')} at once`;
  if (releases.length > 1) return `it moves to ${releases.join(' and ')} at once`;
  const pins = after.map(({ path, pin }) => ({ path, object: pinLabel(pin) }));
  return { theirs: { repository, number, author, pins }, environment, release };
}

/** The rollout that decides about it: one that is open already, else a new one; those about what it held before end. */
async function opened(world: World, { theirs, release }: Found, mine: Watched): Promise<RolloutId> {
  const { fleet, journal, store, clock } = world;
  const { repository, number, author } = theirs;
  const family = familyOf(release);
  const scope = `${fleet.scope}/${repository}#${number}`;
  for (const other of await openRollouts(world)) {
    if (other.scope !== scope) continue;
    if (other.release === release && isSame(other.theirs, theirs)) {
      await store.heads.wake(other.id, clock.now());
      return other.id;
    }
    const command = { type: 'Supersede', newer: release, now: clock.now() } as const;
    await journal.execute(other.id, command, { actor: { kind: 'amiable' } });
    await store.heads.wake(other.id, clock.now());
  }
  const { placed } = await placedPins(world, mine);
  const by = fleet.logins?.get(author.toLowerCase());
  for (let attempt = 1; ; attempt += 1) {
    const named = { family, release, scope, attempt };
    const id = rolloutIdOf(named);
    const { rollout } = await journal.refresh(id);
    if (rollout?.outcome !== undefined) continue;
    if (rollout !== undefined) {
      await store.heads.wake(id, clock.now());
      return id;
    }
    const open = {
      ...named,
      environments: plansOf(world, mine, placed),
      theirs,
      ...(by === undefined ? {} : { by }),
      // Who opened the pull request chose the moment.
      releasedAt: 0,
    };
    await beginRollout(world, open, { kind: 'amiable' });
    return id;
  }
}

function isSame(a: Theirs | undefined, b: Theirs): boolean {
  const keys = (theirs: Theirs) => theirs.pins.map(({ path, object }) => `${path}\n${object}`);
  return a !== undefined && keys(a).sort().join('\n\n') === keys(b).sort().join('\n\n');
}
