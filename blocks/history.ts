import type { DecisionLine } from '../src/audit/decision-line.ts';
import { escapeMrkdwn } from '../src/shared/text.ts';
import type { Message } from './block-kit.ts';
import { message, section } from './block-kit.ts';
import { nameOf } from './names.ts';
import { named, quoted } from './phrases.ts';
import { localTime } from './times.ts';

/** Lines shown at most: as many as one section holds. */
const most = 15;

/** Who decided what of late, the newest last; the whole of it is in `amiable audit export`. */
export function historyMessage(
  lines: readonly DecisionLine[],
  {
    of,
    days,
    names,
  }: {
    /** A cluster, an environment or a person, as it is shown; absent: everything. */
    readonly of?: string;
    readonly days: number;
    readonly names: ReadonlyMap<string, string>;
  },
): Message {
  const about = of === undefined ? '' : ` about ${named(of)}`;
  if (lines.length === 0) {
    const text = `Nothing was decided${about} in the last ${days} days.`;
    return { text, blocks: [section(text)] };
  }
  const shown = lines.slice(-most);
  const lead =
    lines.length > shown.length
      ? `The newest ${shown.length} of ${lines.length} entries${about} in the last ${days} days:`
      : `What is on record${about} in the last ${days} days:`;
  return message(lead, [section([lead, ...shown.map((line) => lineText(line, names))].join('\n'))]);
}

function lineText(line: DecisionLine, names: ReadonlyMap<string, string>): string {
  const {
    at,
    what,
    slack,
    github,
    cloud,
    environment,
    pullRequests,
    wanted,
    reason,
    scope,
    stream,
  } = line;
  const who =
    slack !== undefined
      ? nameOf(names, slack)
      : github !== undefined
        ? escapeMrkdwn(github)
        : 'Amiable';
  const from = cloud === undefined ? '' : ' on the command line';
  const where = environment === undefined ? '' : ` *${named(environment)}*`;
  const pulls = pullRequests.length === 0 ? '' : ` ${escapeMrkdwn(pullRequests.join(', '))}`;
  const tried = wanted === undefined ? '' : ` (${wordsOf(wanted)})`;
  // A refusal's reason is a key of ours; any other is in somebody's own words.
  const isOurs = /^(?:Approval|Attempt)Refused$/.test(what);
  const why =
    reason === undefined
      ? ''
      : `: ${isOurs ? escapeMrkdwn(reason.replaceAll('-', ' ')) : quoted(reason, 80)}`;
  const reach = scope === undefined ? '' : ` ${withLocalTimes(named(scope))}`;
  const id = stream === 'global' ? 'fleet' : `\`${stream}\``;
  return `• ${localTime(Date.parse(at))} ${who}${from}: ${wordsOf(what)}${tried}${reach}${where}${pulls}${why} · ${id}`;
}

/** What the record gives in UTC, to the millisecond, is read by people. */
function withLocalTimes(text: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (at) => localTime(Date.parse(at)));
}

/** `ApprovalGranted` as `approval granted`. */
function wordsOf(what: string): string {
  return escapeMrkdwn(what.replaceAll(/(?<!^)([A-Z])/g, ' $1').toLowerCase());
}
