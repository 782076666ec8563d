import type { CommandOf } from '../rollout/command.ts';
import type { Part, Wave } from '../rollout/wave.ts';
import type { Fleet } from './fleet.ts';
import type { PullRequestView } from './ports/git-host.ts';

type RecordMerge = Omit<CommandOf<'RecordMerge'>, 'now'>;

/** A merge as it goes on record. `undefined`: it is not merged, or GitHub knows no commit. */
export function mergeRecord(
  fleet: Pick<Fleet, 'logins' | 'repositories'>,
  wave: Pick<Wave, 'environment' | 'name'>,
  part: Pick<Part, 'repository' | 'number'>,
  { merged, mergeSha, mergedBy = 'somebody', baseBranch }: PullRequestView,
): RecordMerge | undefined {
  if (!merged || mergeSha === undefined) return undefined;
  return recordOfMerge(fleet, wave, part, { mergeSha, mergedBy, baseBranch });
}

/** With whom GitHub names, who that is in Slack where the configuration says so, and where it went if that is elsewhere. */
export function recordOfMerge(
  { logins, repositories }: Pick<Fleet, 'logins' | 'repositories'>,
  { environment, name: wave }: Pick<Wave, 'environment' | 'name'>,
  { repository, number }: Pick<Part, 'repository' | 'number'>,
  {
    mergeSha,
    mergedBy,
    baseBranch,
  }: Required<Pick<PullRequestView, 'mergeSha' | 'mergedBy' | 'baseBranch'>>,
): RecordMerge {
  const person = logins?.get(mergedBy.toLowerCase());
  const read = repositories.filter((one) => one.repository === repository);
  // Of a repository that is no longer watched, nobody knows which branch counted.
  const elsewhere = read.length > 0 && read.every(({ branch }) => branch !== baseBranch);
  return {
    type: 'RecordMerge',
    environment,
    wave,
    repository,
    number,
    mergeSha,
    mergedBy,
    ...(person === undefined ? {} : { person }),
    ...(elsewhere ? { into: baseBranch } : {}),
  };
}
