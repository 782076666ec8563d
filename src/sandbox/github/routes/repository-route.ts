import { notFound, Refusal } from '../refusal.ts';
import type { Answer, Call, RepositoryCall, Route } from '../route.ts';
import { findRepository } from '../world.ts';

/** A route below `/repos/{owner}/{repo}`: finds the repository and whether the caller may see and change it. */
export function repositoryRoute(
  method: Route['method'],
  path: string,
  answer: (call: RepositoryCall) => Answer,
): Route {
  return {
    method,
    path: `/repos/{owner}/{repo}${path}`,
    needs: method === 'GET' ? 'public' : 'token',
    answer: (call) => {
      const { repository, ours } = visibleRepository(call);
      if (method !== 'GET' && !ours)
        throw new Refusal(403, 'Resource not accessible by integration');
      return answer({ ...call, repository });
    },
  };
}

/** @throws Refusal 404 for what is not there and for what the caller may not see: GitHub tells no difference. */
function visibleRepository({ world, caller, params }: Call) {
  const repository = findRepository(world, `${params['owner']}/${params['repo']}`);
  if (repository === undefined) throw notFound();
  const installation = world.state.installations.get(repository.owner.toLowerCase());
  const ours =
    repository.installed && caller.kind === 'installation' && caller.installation === installation;
  if (repository.private && !ours) throw notFound();
  return { repository, ours };
}

/** The bot in whose name a write is made. */
export function writerOf({ caller }: Call) {
  if (caller.kind !== 'installation') throw new Refusal(401, 'Requires authentication');
  return caller.bot;
}
