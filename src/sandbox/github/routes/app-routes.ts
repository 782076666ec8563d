import { randomBytes } from 'node:crypto';
import { isoOf } from '../../../shared/time.ts';
import { notFound } from '../refusal.ts';
import { type Call, param, type Route } from '../route.ts';
import { findRepository } from '../world.ts';

const permissions = {
  checks: 'read',
  contents: 'write',
  metadata: 'read',
  pull_requests: 'write',
  statuses: 'write',
};
const events = ['check_run', 'pull_request', 'push', 'status'];
/** Installation tokens live one hour, of real time. */
const tokenLifeMs = 3_600_000;

function installationJson({ world }: Call, owner: string, id: number) {
  return {
    id,
    account: { login: owner, id: id + 1, type: 'Organization' },
    repository_selection: 'selected',
    access_tokens_url: `${world.url()}/app/installations/${id}/access_tokens`,
    repositories_url: `${world.url()}/installation/repositories`,
    html_url: `https://github.com/organizations/${owner}/settings/installations/${id}`,
    app_id: world.app.id,
    app_slug: world.app.slug,
    target_id: id + 1,
    target_type: 'Organization',
    permissions,
    events,
    created_at: isoOf(world.clock.now()),
    updated_at: isoOf(world.clock.now()),
    single_file_name: null,
    suspended_at: null,
    suspended_by: null,
  };
}

export const appRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/app',
    needs: 'app',
    answer: ({ world }) => ({
      status: 200,
      body: {
        id: world.app.id,
        slug: world.app.slug,
        node_id: `A_${world.app.id}`,
        owner: { login: 'amiable', id: 1, type: 'Organization' },
        name: world.app.slug,
        description: null,
        external_url: 'https://github.com/',
        html_url: `https://github.com/apps/${world.app.slug}`,
        created_at: '2026-01-01T00:00:00Z',
        updated_at: '2026-01-01T00:00:00Z',
        permissions,
        events,
      },
    }),
  },
  {
    method: 'GET',
    path: '/app/installations',
    needs: 'app',
    answer: (call) => ({
      status: 200,
      body: [...call.world.state.installations].map(([owner, id]) =>
        installationJson(call, owner, id),
      ),
    }),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/installation',
    needs: 'app',
    answer: (call) => {
      const repository = findRepository(
        call.world,
        `${param(call, 'owner')}/${param(call, 'repo')}`,
      );
      const id = call.world.state.installations.get(param(call, 'owner').toLowerCase());
      if (repository?.installed !== true || id === undefined) throw notFound();
      return { status: 200, body: installationJson(call, repository.owner, id) };
    },
  },
  {
    method: 'POST',
    path: '/app/installations/{id}/access_tokens',
    needs: 'app',
    answer: (call) => {
      const { state } = call.world;
      const installation = Number(param(call, 'id'));
      if (![...state.installations.values()].includes(installation)) throw notFound();
      const token = `ghs_${randomBytes(27).toString('base64url').replace(/[-_]/g, 'x')}`;
      const now = Date.now(); // real time: the client that keeps the token knows no other
      for (const [old, { expiresAt }] of state.tokens)
        if (expiresAt <= now) state.tokens.delete(old);
      state.tokens.set(token, { installation, expiresAt: now + tokenLifeMs });
      return {
        status: 201,
        body: {
          token,
          expires_at: isoOf(now + tokenLifeMs),
          permissions,
          repository_selection: 'selected',
        },
      };
    },
  },
];
