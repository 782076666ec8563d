import { type Message, section } from '../blocks/block-kit.ts';
import { whereRunsMessage } from '../blocks/where-runs.ts';
import { askedImage } from '../src/images/asked-image.ts';
import { SlackUserId } from '../src/shared/ids.ts';
import { whereRuns } from '../src/workflow/where-runs.ts';
import type { Handling } from './handling.ts';
import { rememberFound } from './recovery/found.ts';

/** Which nodes run a release, a kernel or a driver now, who approved it, and the way back. Asking changes nothing. */
export async function where(
  { world }: Pick<Handling, 'world'>,
  typed: string,
  deliveryKey: string,
): Promise<Message> {
  const asked = askedImage(typed);
  if (asked === undefined) {
    const text =
      'Please say what: `/ami where <release>`, such as `al2023@v20251120` or a part of it, `/ami where kernel 6.12` or `/ami where driver 580`.';
    return { text, blocks: [section(text)] };
  }
  const facts = await whereRuns(world, asked);
  const people = facts.approvals.flatMap(({ by }) => by);
  const ids = people.flatMap((id) => SlackUserId.safeParse(id).data ?? []);
  const names = await world.people.names([...new Set(ids)]);
  return whereRunsMessage(facts, names, await rememberFound(world, deliveryKey, facts));
}
