import { expect, test } from 'vitest';
import { z } from 'zod';
import { caughtIn, readJson, readText, sourcesIn } from './read-infra.ts';

/** A GitHub App manifest. Source: GitHub, "Registering a GitHub App from a manifest". */
const Manifest = z.strictObject({
  name: z.string().max(34),
  url: z.url({ protocol: /^https$/ }),
  description: z.string(),
  public: z.literal(false),
  hook_attributes: z.strictObject({ url: z.url({ protocol: /^https$/ }), active: z.boolean() }),
  redirect_url: z.url({ protocol: /^https$/ }),
  default_permissions: z.record(z.string(), z.enum(['read', 'write'])),
  default_events: z.array(z.string()),
});

const manifest = Manifest.parse(readJson('infra/github/app-manifest.json'));

/** What each request needs, as GitHub documents it for Apps; the path without its repository. */
const needs: readonly (readonly [RegExp, string])[] = [
  [/^GET \/app\/|\/installation$/, 'metadata read'],
  [/^GET $/, 'metadata read'],
  [/^GET \/rules\/branches\//, 'metadata read'],
  [/^GET \/(git|compare|releases)(\/|$)/, 'contents read'],
  [/^(POST|PATCH|DELETE) \/git\/refs/, 'contents write'],
  [/^GET \/(pulls|issues)/, 'pull_requests read'],
  [/^(POST|PATCH) \/(pulls|issues)/, 'pull_requests write'],
  [/^PUT \/pulls\/\{pull_number\}\/merge$/, 'contents write'],
  [/^POST \/statuses\//, 'statuses write'],
];

test('the App may do what the adapter asks for, and no more', () => {
  const requests = caughtIn(
    sourcesIn('src/adapters/github'),
    /['`]((?:GET|POST|PUT|PATCH|DELETE) \/[^'`]*)['`]/g,
  )
    // Public repositories are read without the App.
    .filter((request) => !/ \/repos\/\$\{repository\}/.test(request))
    .map((request) => request.replace('/repos/{owner}/{repo}', ''));
  expect(requests.length).toBeGreaterThan(10);
  const wanted = new Set(['contents write', 'checks read']); // GraphQL: a commit, and whether checks passed
  for (const request of requests) {
    const found = needs.filter(([pattern]) => pattern.test(request));
    expect(found, `what ${request} needs must be entered in this test`).not.toEqual([]);
    for (const [, need] of found) wanted.add(need);
  }
  expect(readText('src/adapters/github/merge-readiness.ts')).toContain('CheckRun');
  const permissions = Object.fromEntries(
    [...wanted]
      // "write" sorts after "read" and stands
      .sort((a, b) => (a.split(' ')[1] ?? '').localeCompare(b.split(' ')[1] ?? ''))
      .map((need) => need.split(' ')),
  );
  expect(manifest.default_permissions).toEqual(permissions);
});

test('nothing that would bypass branch protection is asked for', () => {
  for (const permission of ['administration', 'workflows', 'actions', 'members', 'secrets']) {
    expect(manifest.default_permissions).not.toHaveProperty(permission);
  }
});

test('the webhooks asked for are those that are read', () => {
  const read = caughtIn(['src/adapters/github/webhook.ts'], /case '([a-z_]+)'/g);
  expect(manifest.default_events).toEqual(read);
});

test('webhooks go where the service takes them', () => {
  const served = caughtIn(['handlers/webhooks/register-github.ts'], /\.post\('([^']+)'/g);
  expect(served).toEqual([new URL(manifest.hook_attributes.url).pathname]);
});
