import { releaseJson, repositoryJson, reviewRule } from '../answers/repository-answers.ts';
import { notFound, Refusal } from '../refusal.ts';
import { paged, param, type Route } from '../route.ts';
import { fullName } from '../world.ts';
import { appRoutes } from './app-routes.ts';
import { checkRoutes } from './check-routes.ts';
import { compareRoutes } from './compare-route.ts';
import { gitRoutes } from './git-routes.ts';
import { pullRoutes } from './pull-routes.ts';
import { repositoryRoute } from './repository-route.ts';

const repositoryRoutes = [
  repositoryRoute('GET', '', ({ world, repository }) => ({
    status: 200,
    body: repositoryJson(world, repository),
  })),
  repositoryRoute('GET', '/rules/branches/{branch}', (call) => {
    const { repository } = call;
    const { rulesetReviews = 0, withoutRulesets = false } = repository.protection;
    if (withoutRulesets) {
      throw new Refusal(
        403,
        'Upgrade to GitHub Pro or make this repository public to enable this feature.',
      );
    }
    const branch = param(call, 'branch');
    const asks = branch === repository.defaultBranch && rulesetReviews > 0;
    const path = `/repos/${fullName(repository)}/rules/branches/${branch}`;
    const rules = asks ? [reviewRule(repository, rulesetReviews)] : [];
    return paged(call, path, rules, (page) => page);
  }),
  repositoryRoute('GET', '/releases', (call) => {
    const published = call.repository.releases
      .map((release, i) => ({ release, id: i + 1 }))
      .filter(({ release }) => !release.draft)
      .sort((a, b) => b.release.publishedAt - a.release.publishedAt);
    return paged(call, `/repos/${fullName(call.repository)}/releases`, published, (page) =>
      page.map(({ release, id }) => releaseJson(call.world, call.repository, release, id)),
    );
  }),
  repositoryRoute('GET', '/releases/tags/{tag}', (call) => {
    const at = call.repository.releases.findIndex(
      ({ tag, draft }) => tag === param(call, 'tag') && !draft,
    );
    const release = call.repository.releases[at];
    if (release === undefined) throw notFound();
    return { status: 200, body: releaseJson(call.world, call.repository, release, at + 1) };
  }),
];

/** Every REST operation the stand-in serves; `/graphql` is beside it. */
export const allRoutes: readonly Route[] = [
  ...appRoutes,
  ...repositoryRoutes,
  ...gitRoutes,
  ...compareRoutes,
  ...pullRoutes,
  ...checkRoutes,
];
