import type { CommandOf } from '../rollout/command.ts';
import type { Part, Wave } from '../rollout/rollout.ts';
import type { Fleet } from './fleet.ts';
import type { PullRequestView } from './ports/git-host.ts';

/**
 * A merge as it goes on record, with whom GitHub names, and who that is in Slack where the configuration says so.
 * `undefined`: it is not merged, or GitHub knows no commit.
 */
export function mergeRecord(
  { logins }: Pick<Fleet, 'logins'>,
  { environment, name: wave }: Pick<Wave, 'environment' | 'name'>,
  { repository, number }: Pick<Part, 'repository' | 'number'>,
  { merged, mergeSha, mergedBy = 'somebody' }: PullRequestView,
): Omit<CommandOf<'RecordMerge'>, 'now'> | undefined {
  if (!merged || mergeSha === undefined) return undefined;
  const person = logins?.get(mergedBy.toLowerCase());
  return {
    type: 'RecordMerge',
    environment,
    wave,
    repository,
    number,
    mergeSha,
    mergedBy,
    ...(person === undefined ? {} : { person }),
  };
}
