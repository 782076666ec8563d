import type { SlackUserId } from '../../src/shared/ids.ts';
import { ReleaseId } from '../../src/shared/ids.ts';
import type { Handling } from '../handling.ts';
import type { Typed } from './grammar.ts';
import { readBad, readHold, scopeOf } from './keep-back.ts';
import type { Made } from './made.ts';
import { checked, say } from './made.ts';

/** Holds and marks, which concern no one rollout; `undefined`: something else was typed. */
export async function keepBackMade(
  { world }: Handling,
  by: SlackUserId,
  { verb, rest }: Typed,
): Promise<Made | undefined> {
  const clusters = world.fleet.clusters.map(({ name }) => name);
  if (verb === 'hold') {
    const offset = await world.people.utcOffsetMs(by);
    const read = readHold(rest, clusters, world.clock.now(), offset);
    if (!read.ok) return say(read.say);
    const { scope, until, reason } = read;
    return checked({ kind: 'hold', by, scope, until, reason });
  }
  if (verb === 'unhold') {
    const scope = scopeOf(rest.trim(), clusters);
    return scope === undefined
      ? say('What is no longer to be held? For example `/ami unhold prod-eu-1`.')
      : checked({ kind: 'unhold', by, scope });
  }
  if (verb === 'bad') {
    const read = readBad(rest, clusters);
    if (!read.ok) return say(read.say);
    const { release, where, reason } = read;
    return checked({ kind: 'mark-bad', by, release, where, reason });
  }
  if (verb === 'good') {
    const release = ReleaseId.safeParse(rest.trim());
    return release.success
      ? checked({ kind: 'clear-bad', by, release: release.data })
      : say('Which release? For example `/ami good al2023@v20261118`.');
  }
  return undefined;
}
