import type { Message } from '../blocks/block-kit.ts';
import { historyMessage } from '../blocks/history.ts';
import type { DecisionLine } from '../src/audit/decision-line.ts';
import { type HistoryOf, historyOf } from '../src/audit/history.ts';
import { SlackUserId } from '../src/shared/ids.ts';
import { day } from '../src/shared/time.ts';
import type { Handling } from './handling.ts';

/** How far back `/ami history` looks. */
const days = 90;

/** What was decided about a cluster, an environment or by a person; everything when nothing is named. */
export async function history(
  { world, decisionsSince }: Pick<Handling, 'world' | 'decisionsSince'>,
  typed: string,
): Promise<Message> {
  const lines = await decisionsSince(world.clock.now() - days * day);
  const names = await world.people.names(peopleIn(lines));
  const word = typed.trim();
  const meant = meantBy(world.fleet, word, names);
  if (meant === 'unknown') {
    const empty = { of: word.slice(0, 60), days, names };
    return historyMessage([], empty);
  }
  const of = word === '' ? {} : { of: shownAs(meant, names) };
  return historyMessage(historyOf(lines, meant), { ...of, days, names });
}

function peopleIn(lines: readonly DecisionLine[]): readonly SlackUserId[] {
  const ids = lines.flatMap(({ slack }) => (slack === undefined ? [] : [slack]));
  return [...new Set(ids)].flatMap((id) => SlackUserId.safeParse(id).data ?? []);
}

function meantBy(
  { clusters, policies }: Handling['world']['fleet'],
  word: string,
  names: ReadonlyMap<string, string>,
): HistoryOf | 'unknown' {
  if (word === '') return undefined;
  // Slack writes a mention as <@U0123|ann> where the app asks for it.
  const id = /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$/.exec(word)?.[1] ?? word;
  if (SlackUserId.safeParse(id).success) return { slack: id };
  if (clusters.some(({ name }) => name === word)) return { cluster: word };
  if (policies.some(({ name }) => name === word)) return { environment: word };
  const bare = word.replace(/^@/, '').toLowerCase();
  const person = [...names].find(([, name]) => {
    const shown = name.toLowerCase();
    return shown === bare || shown.split(' ')[0] === bare;
  });
  return person === undefined ? 'unknown' : { slack: person[0] };
}

function shownAs(meant: HistoryOf, names: ReadonlyMap<string, string>): string {
  if (meant === undefined) return '';
  if ('cluster' in meant) return meant.cluster;
  return 'environment' in meant ? meant.environment : (names.get(meant.slack) ?? meant.slack);
}
