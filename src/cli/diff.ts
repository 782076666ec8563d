import type { Comparison } from './compare-releases.ts';
import { compareBottlerocket, compareEks } from './compare-releases.ts';
import { alasFeed, kitFeed } from './diff-advisories.ts';
import type { Notes } from './diff-notes.ts';
import { notesFromGitHub, type PublicSources } from './diff-notes.ts';
import { notesInPaths } from './diff-notes-files.ts';
import { type DiffQuestion, diffQuestion } from './diff-question.ts';
import type { Options } from './options.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';

/**
 * `diff FROM TO`: packages and vulnerabilities between two releases, for one kind of image.
 * @param github where releases are read without `--notes`; for tests.
 * @throws CommandError (1) when a release has no notes, or nothing could be compared, after saying all that is known.
 */
export async function diff(
  releases: readonly string[],
  options: Pick<Options, 'kubernetes' | 'type' | 'notes' | 'advisories' | 'json'>,
  { out }: Output,
  github: PublicSources = {},
): Promise<void> {
  const question = diffQuestion(releases, options);
  const notes = await notesFor(question, options.notes, github);
  const { advisories } = options;
  const comparison =
    question.family === 'eks'
      ? compareEks(question, notes, await alasFeed(advisories, question.type))
      : compareBottlerocket(question, notes, await kitFeed(advisories));
  if (options.json === true) out(JSON.stringify(comparison.report, undefined, 2));
  else for (const line of linesOf(comparison)) out(line);
  const { report, missing } = comparison;
  if (report.packages.every(({ change }) => change === 'unknown')) {
    const isUnread = notes.unread.some(({ sentence }) => missing.includes(sentence));
    const what = isUnread ? 'Not checked:' : 'Nothing could be compared.';
    throw new CommandError([what, ...missing].join(' '), 1);
  }
}

async function notesFor(
  question: DiffQuestion,
  paths: readonly string[] | undefined,
  github: PublicSources,
): Promise<Notes> {
  return paths === undefined ? notesFromGitHub(question, github) : notesInPaths(paths);
}

/** For people: what moved first, what did not in one line. */
function linesOf({ report, missing, reopened, noneFixed }: Comparison): readonly string[] {
  const { from, to, kubernetes, type, packages, cves, unknown } = report;
  const still = packages.filter(({ change }) => change === 'unchanged').map(({ name }) => name);
  return [
    `${from} → ${to}, Kubernetes ${kubernetes}, ${type}`,
    ...missing.map((sentence) => `unknown    ${sentence}`),
    ...packages
      .filter(({ change }) => change !== 'unchanged')
      .map(({ name, from: before, to: after, change }) => {
        const none = change === 'unknown' ? 'not known' : 'none';
        return `${change.padEnd(9)}  ${name}  ${before ?? none} → ${after ?? none}`;
      }),
    ...(still.length === 0 ? [] : [`unchanged  ${still.join(', ')}`]),
    ...cves.map(
      ({ id, severity, package: name, fixedIn, advisory }) =>
        `fixed      ${id} (${severity})  ${name} ${fixedIn}  ${advisory}`,
    ),
    ...reopened.map((id) => `reopened   ${id}`),
    ...(noneFixed === undefined ? [] : [`fixed      ${noneFixedText[noneFixed]}`]),
    ...unknown
      .filter((sentence) => !missing.includes(sentence))
      .map((sentence) => `unknown    ${sentence}`),
  ];
}

const noneFixedText = {
  all: 'none of the vulnerabilities named by the given advisories is fixed between these',
  checked:
    'none of the vulnerabilities named by the given advisories is fixed in the packages that were checked',
} as const;
