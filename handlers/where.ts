import { type Message, section } from '../blocks/block-kit.ts';
import { whereRunsMessage } from '../blocks/where-runs.ts';
import { SlackUserId } from '../src/shared/ids.ts';
import { whereRuns } from '../src/workflow/where-runs.ts';
import type { Handling } from './handling.ts';

/** Which nodes run a release now, who approved it, and the way back. Asking changes nothing. */
export async function where({ world }: Pick<Handling, 'world'>, typed: string): Promise<Message> {
  const asked = typed.trim().slice(0, 100);
  if (asked.length < 3) {
    const text =
      'Please say what: `/ami where <release>`, such as `al2023@v20251120`, or a part of it.';
    return { text, blocks: [section(text)] };
  }
  const facts = await whereRuns(world, asked);
  const people = facts.approvals.flatMap(({ by }) => by);
  const ids = people.flatMap((id) => SlackUserId.safeParse(id).data ?? []);
  return whereRunsMessage(facts, await world.people.names([...new Set(ids)]));
}
