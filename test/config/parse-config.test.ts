// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what a configuration says
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { day } from '../../src/shared/time.ts';
import { changed, configOf, errorsOf, minimal, variables } from './minimal-config.ts';

test('the least that must be said is enough, and all else has its default', () => {
  const config = configOf(minimal);
  expect(config).toMatchObject({
    fleet: 'fleet',
    slack: { mode: 'socket', channel: 'C0123ABC', apiUrl: 'https://slack.com/api/' },
    github: { appId: 42, apiUrl: 'https://api.github.com' },
    analysis: { notes: 'awslabs/amazon-eks-ami', bedrock: { enabled: false, timeout: 20_000 } },
    store: { kind: 'dynamodb', table: 'amiable', region: 'eu-central-1' },
    detection: {
      every: 900_000,
      jitter: 60_000,
      minimumAge: 0,
      families: [
        'al2023',
        'bottlerocket',
        'windows2019',
        'windows2022',
        'windows2025',
        'ubuntu',
        'custom',
      ],
      offerAgain: { rejected: 'never', expired: 7 * day, closed: 'never' },
    },
    images: { deny: [], custom: [] },
    digest: { enabled: true, at: '0 9 * * 1', timeZone: 'UTC', channel: 'C0123ABC' },
    server: { port: 8080, host: '0.0.0.0' },
    log: { level: 'info' },
    paces: { githubWriteSpacing: 1000, slackReconnect: 5000 },
  });
  expect(config.repositories[0]).toMatchObject({ repository: 'acme/gitops', branch: 'main' });
  expect(config.clusters.map(({ api }) => api)).toEqual([
    { kind: 'kubeconfig', context: 'stag-1' },
    { kind: 'kubeconfig', context: 'prod-1' },
    { kind: 'kubeconfig', context: 'prod-2' },
  ]);
});

test('what one key leaves out another gives', () => {
  const config = configOf(
    changed(
      [
        'region: eu-central-1\nstore',
        'region: eu-west-1\n  endpoint: http://127.0.0.1:4566\nstore',
      ],
      ["kubernetes: '1.34' }", "kubernetes: '1.34', argocd: { application: a, cluster: prod-1 } }"],
    ),
  );
  expect(config.store).toMatchObject({ region: 'eu-west-1', endpoint: 'http://127.0.0.1:4566' });
  expect(config.analysis.bedrock.region).toBe('eu-west-1');
  expect(config.clusters[2]?.argocd).toEqual({
    application: 'a',
    namespace: 'argocd',
    syncNodeClass: false,
    cluster: 'prod-1',
  });
});

test.each([
  ['store: embedded\n', './data'],
  ['store:\n  embedded: /var/lib/amiable\n', '/var/lib/amiable'],
])('the embedded store can be asked for as %j', (written, folder) => {
  const config = configOf(changed(['store:\n  table: amiable\n', written]));
  expect(config.store).toEqual({ kind: 'embedded', folder });
});

test.each([
  [
    "{ server: 'https://k8s.test', token: t, ca: '${PROD_EU_1_CA}' }",
    { kind: 'server', server: 'https://k8s.test', ca: variables.PROD_EU_1_CA },
  ],
  ['{ kubeconfig: /etc/kube }', { kind: 'kubeconfig', path: '/etc/kube', context: 'stag-1' }],
  ['{ context: other }', { kind: 'kubeconfig', context: 'other' }],
  ['{ inCluster: true }', { kind: 'in-cluster' }],
])('a cluster is reached by %s', (api, way) => {
  const text = changed(["kubernetes: '1.35' }", `kubernetes: '1.35', api: ${api} }`]);
  expect(configOf(text).clusters[0]?.api).toMatchObject(way);
});

test('a pattern that spells a name outright is bound to it', () => {
  const config = configOf(
    changed([
      "files: ['clusters/{environment}/{cluster}/*.yaml']",
      "files: ['production/{cluster}/*.yaml', 'pools/stag-1.yaml', { pattern: '*.yaml', environment: staging }]",
    ]),
  );
  expect(config.repositories[0]?.files).toMatchObject([
    { pattern: 'production/{cluster}/*.yaml', environment: 'production' },
    { pattern: 'pools/stag-1.yaml', cluster: 'stag-1' },
    { pattern: '*.yaml', environment: 'staging' },
  ]);
});

describe('variables', () => {
  test('are put in anywhere in a value, numbers and lists included', () => {
    const text = changed(
      ['appId: 42', 'appId: ${GITHUB_APP_ID}'],
      ['table: amiable', 'table: ${A}-${B}'],
      ['from: [U0ANN]', "from: ['${WHO}']"],
    );
    const parsed = parseConfig(text, { ...variables, A: 'x', B: 'tab', WHO: 'U0BO' });
    expect(parsed).toMatchObject({
      ok: true,
      config: {
        github: { appId: 42 },
        store: { table: 'x-tab' },
        environments: [{ approval: { users: ['U0BO'] } }, {}],
      },
    });
  });

  test('cannot add structure, whatever is in them', () => {
    const text = changed(['table: amiable', 'embedded: ${DIR}']);
    const folder = 'x\ntable: evil # ${HOME}';
    expect(parseConfig(text, { ...variables, DIR: folder })).toMatchObject({
      ok: true,
      config: { store: { kind: 'embedded', folder } },
    });
  });

  test('with two dollars are left alone', () => {
    const config = configOf(changed(['table: amiable', 'embedded: $${HOME}/$x']));
    expect(config.store).toEqual({ kind: 'embedded', folder: '${HOME}/$x' });
  });

  test('that are missing are named once, and hide no other error', () => {
    const text = changed(['table: amiable', 'table: ${TABLE}'], ['mode: merge', 'mode: marge']);
    const { SLACK_APP_TOKEN: _, ...env } = variables;
    expect(errorsOf(text, env)).toEqual([
      'slack.appToken: uses the environment variable SLACK_APP_TOKEN, which is not set.',
      'store.table: uses the environment variable TABLE, which is not set.',
      'environments[0].mode: "marge" is not allowed: it must be one of observe, propose, merge.',
    ]);
  });

  test.each(['${}', '${A-B}', '${1X}', '${OPEN'])('spelled %s are refused', (written) => {
    expect(errorsOf(changed(['table: amiable', `table: '${written}'`]))).toEqual([
      'store.table: has a ${ without the name of an environment variable and } behind it; a plain ${ is written $${.',
    ]);
  });
});

describe('YAML', () => {
  test('anchors and merge keys serve for what is said twice', () => {
    const config = configOf(
      changed(
        ['approval: { from: [U0ANN] }', 'approval: &who { from: [U0ANN] }'],
        ['approval: { from: [U0ANN, S0OPS], count: 2 }', 'approval: { <<: *who, count: 1 }'],
      ),
    );
    expect(config.environments[1]?.approval.users).toEqual(['U0ANN']);
  });

  test.each([
    ['a missing bracket', 'version: 1\nfleet: [a\nslack: 1\n', 3],
    ['a tab', 'version: 1\nslack:\n\tmode: socket\n', 3],
    ['bad indentation', 'version: 1\nslack:\n  mode: socket\n channel: C1\n', 4],
    ['a tag', 'version: 1\nfleet: !Ref x\n', 2],
    ['an alias to nothing', 'version: 1\nfleet: *nobody\n', 2],
    ['a second document', 'version: 1\n---\nversion: 1\n', 2],
  ])('%s is told with its line and column', (_, text, line) => {
    const parsed = parseConfig(text, {});
    expect(parsed.ok ? [] : parsed.errors).toContainEqual(
      expect.objectContaining({
        path: '',
        line,
        column: expect.any(Number),
        message: expect.stringContaining('is not valid YAML: '),
      }),
    );
  });

  test('a key written twice is refused where it is written again', () => {
    const parsed = parseConfig(
      changed(['  mode: socket\n', '  mode: socket\n  mode: http\n']),
      variables,
    );
    expect(parsed).toEqual({
      ok: false,
      errors: [{ path: '', message: 'has the key mode twice in one mapping.', line: 4, column: 3 }],
    });
  });

  test('a mapping of very many keys is read in no time', () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `key${index}: 1`).join('\n');
    const started = performance.now();
    expect(errorsOf(text).length).toBeGreaterThan(20_000);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test.each([
    ['', ': is empty.'],
    ['# nothing\n', ': is empty.'],
    [`# ${'x'.repeat(1024 * 1024)}`, ': is larger than 1048576 characters.'],
    ['- a\n', ': a list'],
    ['just text', ': the value given'],
  ])('a file that is no mapping is refused', (text, start) => {
    const [only, ...more] = errorsOf(text);
    expect(only).toMatch(start);
    expect(more).toEqual([]);
  });
});

test('every error has the place of its key, or of what should hold it, in the order of the file', () => {
  const parsed = parseConfig(
    changed(
      ['version: 1\n', 'version: 3\nflet: x\n'],
      ['  channel: C0123ABC\n', ''],
      ["'clusters/{environment}/{cluster}/*.yaml'", "'/x'"],
      ['after: [staging]', 'after: [stagin]'],
    ),
    variables,
  );
  expect(
    parsed.ok ? [] : parsed.errors.map(({ path, line, column }) => [path, line, column]),
  ).toEqual([
    ['version', 1, 1],
    ['flet', 2, 1],
    ['slack.channel', 3, 1],
    ['repositories[0].files[0]', 16, 13],
    ['environments[1].after[0]', 26, 13],
  ]);
});
