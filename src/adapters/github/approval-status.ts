import type { GitHost } from '../../workflow/ports/git-host.ts';
import type { Client } from './client.ts';

/** The context of our own status. */
const approvalContext = 'amiable/approval';

/** Characters GitHub takes. */
const maxDescription = 140;

export function createApprovalStatus(client: Client): Pick<GitHost, 'setStatus'> {
  return {
    async setStatus({ repository, sha, state, description, url }) {
      await client.write(repository, 'POST /repos/{owner}/{repo}/statuses/{sha}', {
        doing: `setting ${approvalContext} on ${sha.slice(0, 7)} of ${repository}`,
        params: {
          sha,
          state,
          context: approvalContext,
          description: shortened(description),
          ...(url === undefined ? {} : { target_url: url }),
        },
      });
    },
  };
}

function shortened(text: string): string {
  return text.length <= maxDescription ? text : `${text.slice(0, maxDescription - 1)}…`;
}
