// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what a configuration says
import { expect, test } from 'vitest';
import { changed, errorsOf } from './minimal-config.ts';

const cluster = "kubernetes: '1.35' }";
const approval = 'approval: { from: [U0ANN] }';
const files = "files: ['clusters/{environment}/{cluster}/*.yaml']";

/** Adds keys to the first cluster or environment, or a whole section. */
const withCluster = (keys: string) => [[cluster, `kubernetes: '1.35', ${keys} }`]] as const;
const withEnvironment = (keys: string) => [[approval, `${approval}\n    ${keys}`]] as const;
const withSection = (text: string) => [['version: 1\n', `version: 1\n${text}\n`]] as const;

test.each([
  // Unknown, missing and empty
  [
    [['botToken', 'bottoken']],
    [
      'slack.botToken: is missing: it must be a bot token (xoxb-…), or secretsmanager:<arn or name>.',
      'slack.bottoken: is not a known key. Did you mean botToken? Known here: mode, appToken, botToken, channel, apiUrl.',
    ],
  ],
  [
    withSection('zzzz: 1'),
    [
      'zzzz: is not a known key. Known here: version, fleet, slack, github, aws, analysis, store, repositories, clusters, environments, people, groups, detection, images, holds, owners, digest, page, server, log, paces.',
    ],
  ],
  [withSection('owners: [{ channel: C0TEAM }]'), ['owners[0]: needs namespaces or nodePools.']],
  [
    withSection("owners: [{ namespaces: ['*-payments'], channel: payments }]"),
    [
      'owners[0].namespaces[0]: "*-payments" is not allowed: it must be a name, or the beginning of one and *.',
      'owners[0].channel: "payments" is not allowed: it must be a channel id such as C0123ABCDEF, not a name.',
    ],
  ],
  [withSection('"a\\nb": 1'), ['"a\\nb": is not a known key.']],
  [
    withSection('digest:'),
    ['digest: is empty: it must be a mapping with the keys enabled, at, timeZone, channel.'],
  ],
  [
    [['aws:\n  region: eu-central-1\n', '']],
    ['aws: is missing: it must be a mapping with the keys region, endpoint, credentials.'],
  ],
  [
    [['version: 1', 'version: 2']],
    ['version: 2 is not allowed: it must be 1, the only version of this format.'],
  ],
  [
    withSection('fleet: Acme'),
    ['fleet: "Acme" is not allowed: it must be 1 to 63 of a-z, 0-9 and -.'],
  ],
  // Slack
  [
    [['mode: socket', 'mode: sockets']],
    ['slack.mode: "sockets" is not allowed: it must be one of socket, http.'],
  ],
  [
    [['mode: socket', 'mode: http']],
    [
      'slack.appToken: is not a known key.',
      'slack.signingSecret: is missing: it must be the signing secret of the Slack app, or secretsmanager:<arn or name>.',
    ],
  ],
  [
    [['  appToken: ${SLACK_APP_TOKEN}\n', '']],
    [
      'slack.appToken: is missing: it must be an app-level token (xapp-…), or secretsmanager:<arn or name>.',
    ],
  ],
  [
    [['appToken: ${SLACK_APP_TOKEN}', 'appToken: ${SLACK_BOT_TOKEN}']],
    [
      'slack.appToken: "${SLACK_BOT_TOKEN}" is not allowed, once resolved: it must be an app-level token (xapp-…)',
    ],
  ],
  [
    [['C0123ABC', "'#ops'"]],
    [
      'slack.channel: "#ops" is not allowed: it must be a channel id such as C0123ABCDEF, not a name.',
    ],
  ],
  [
    [['channel: C0123ABC', 'channel: C0123ABC\n  apiUrl: slack.com']],
    [
      'slack.apiUrl: "slack.com" is not allowed: it must be an http:// or https:// address without user and password.',
    ],
  ],
  // GitHub, AWS
  [
    [['appId: 42', 'appId: -1']],
    ['github.appId: -1 is not allowed: it must be a whole number from 1 to'],
  ],
  [
    [['appId: 42', 'appId: 42\n  mergeMethod: fast-forward']],
    ['github.mergeMethod: "fast-forward" is not allowed: it must be one of squash, merge, rebase.'],
  ],
  [
    [['privateKey: ${GITHUB_PRIVATE_KEY}', 'privateKey: not-a-key']],
    [
      'github.privateKey: the value given (not shown) is not allowed: it must be the private key of the GitHub App (PEM)',
    ],
  ],
  [
    [['privateKey: ${GITHUB_PRIVATE_KEY}', "privateKey: 'secretsmanager:has space'"]],
    ['github.privateKey: "secretsmanager:has space" is not allowed: it must be the private key'],
  ],
  [
    [['region: eu-central-1\nstore', 'region: Frankfurt\nstore']],
    ['aws.region: "Frankfurt" is not allowed: it must be an AWS region such as eu-central-1.'],
  ],
  [
    [
      [
        'region: eu-central-1\nstore',
        'region: eu-central-1\n  credentials: { accessKeyId: "secretsmanager:a", secretAccessKey: b }\nstore',
      ],
    ],
    [
      'aws.credentials.accessKeyId: "secretsmanager:a" is not allowed: it must be an access key id, given directly or as ${VARIABLE}.',
    ],
  ],
  // Analysis and store
  [
    withSection('analysis: { bedrock: { enabled: true } }'),
    ['analysis.bedrock.model: is missing: with enabled: true it must be'],
  ],
  [
    withSection('analysis: { bedrock: { enabled: maybe } }'),
    ['analysis.bedrock.enabled: "maybe" is not allowed: it must be true or false.'],
  ],
  [
    withSection('analysis: { bedrock: { guardrail: { id: a, version: 0 } } }'),
    [
      'analysis.bedrock.guardrail.version: 0 is not allowed: it must be DRAFT or the number of a version.',
    ],
  ],
  [
    withSection('analysis: { notes: amazon-eks-ami }'),
    ['analysis.notes: "amazon-eks-ami" is not allowed: it must be a repository as owner/name.'],
  ],
  [
    [['table: amiable', 'table: amiable\n  embedded: ./data']],
    ['store: needs exactly one of table (DynamoDB) and embedded (a folder).'],
  ],
  [[['table: amiable', 'region: eu-west-1']], ['store: needs exactly one of']],
  [
    [['table: amiable', 'embedded: ./data\n  region: eu-west-1']],
    ['store.embedded: does not go together with region and endpoint'],
  ],
  [
    [['store:\n  table: amiable', 'store: postgres']],
    ['store: "postgres" is not allowed: it must be {table: name}, {embedded: folder} or embedded.'],
  ],
  [
    [['table: amiable', 'table: a']],
    ['store.table: "a" is not allowed: it must be the name of a DynamoDB table.'],
  ],
  // Repositories
  [
    [['acme/gitops', 'gitops']],
    ['repositories[0].repository: "gitops" is not allowed: it must be a repository as owner/name.'],
  ],
  [
    [[files, "files: ['/a.yaml', 'x/*.{yaml,yml}']"]],
    [
      'repositories[0].files[0]: "/a.yaml" is not allowed: it must be relative to',
      'repositories[0].files[1]: "x/*.{yaml,yml}" is not allowed: it must be made of plain text',
    ],
  ],
  [
    [[files, 'files: []']],
    ['repositories[0].files: [] is not allowed: it must be a list of path patterns, at least one.'],
  ],
  [
    [[files, "files: ['shared/*.yaml']"]],
    [
      'repositories[0].files[0]: "shared/*.yaml" does not say whose files it means: it must have {environment} or {cluster} in it',
    ],
  ],
  [
    [[files, "files: [{ pattern: 'x/*.yaml', cluster: prod-3 }]"]],
    [
      'repositories[0].files[0].cluster: "prod-3" is no cluster of this file: it must be one of stag-1, prod-1, prod-2. Did you mean prod-1?',
    ],
  ],
  [
    [[files, "files: [{ pattern: '{cluster}/*.yaml', cluster: prod-1 }]"]],
    ['repositories[0].files[0].cluster: is said twice: the pattern has {cluster} too.'],
  ],
  [
    [[files, "files: ['prod-1/prod-2/*.yaml']"]],
    ['repositories[0].files[0]: "prod-1/prod-2/*.yaml" names prod-1 and prod-2:'],
  ],
  [
    [[files, "files: ['staging/prod-1/*.yaml']"]],
    [
      'repositories[0].files[0]: "staging/prod-1/*.yaml" is for prod-1, which belongs to production, not to staging.',
    ],
  ],
  [
    [['clusters:\n', `  - { repository: Acme/GitOps, ${files} }\nclusters:\n`]],
    [
      'repositories[1].repository: "Acme/GitOps" is listed before; put all its files into one entry.',
    ],
  ],
  // Clusters
  [
    [['name: prod-2', 'name: prod-1']],
    ['clusters[2].name: "prod-1" is the name of another cluster already; each must have its own.'],
  ],
  [
    [['name: prod-2', 'name: Prod_2']],
    [
      'clusters[2].name: "Prod_2" is not allowed: it must be the name of a cluster: 1 to 63 of a-z, 0-9 and -',
    ],
  ],
  [
    [['prod-2, environment: production', 'prod-2, environment: prodution']],
    [
      'clusters[2].environment: "prodution" is no environment of this file: it must be one of staging, production. Did you mean production?',
    ],
  ],
  [
    [["kubernetes: '1.34'", 'kubernetes: 1.30']],
    [
      "clusters[2].kubernetes: 1.3 is not allowed: it must be a Kubernetes minor in quotes, such as '1.35'.",
    ],
  ],
  [
    withCluster('argocd: { application: a, cluster: hub }'),
    ['clusters[0].argocd.cluster: "hub" is no cluster of this file'],
  ],
  [
    withCluster('delivery: flux'),
    ['clusters[0].delivery: "flux" is not allowed: it must be one of argocd, external.'],
  ],
  [
    withCluster('delivery: external, argocd: { namespace: argocd }'),
    ['clusters[0].argocd: does not go with delivery: external, which is not by Argo CD.'],
  ],
  [
    withCluster('argocd: { url: argocd.example.com }'),
    [
      'clusters[0].argocd.url: "argocd.example.com" is not allowed: it must be an http:// or https:// address without user and password.',
    ],
  ],
  [
    withCluster("api: { server: 'https://a.test' }"),
    ['clusters[0].api.token: is missing: server needs it.'],
  ],
  [
    withCluster('api: { token: t }'),
    ['clusters[0].api.server: is missing: token and ca belong to it.'],
  ],
  [
    withCluster("api: { server: 'https://a.test', token: t, inCluster: true }"),
    [
      'clusters[0].api: needs one of server (with token), kubeconfig (with context) and inCluster, not several.',
    ],
  ],
  [
    withCluster("api: { server: 'https://u:p@a.test', token: t }"),
    [
      'clusters[0].api.server: the value given (it looks like a secret and is not shown) is not allowed: it must be an http:// or https:// address without',
    ],
  ],
  [
    withCluster('api: { context: prod-1 }'),
    ["clusters[1].api: leads to the same API as stag-1's: each cluster must have its own."],
  ],
  // Environments
  [
    [['name: production', 'name: staging']],
    [
      'clusters[1].environment: "production" is no environment',
      'clusters[2].environment: "production" is no environment',
      'environments[1].name: "staging" is the name of another environment already',
    ],
  ],
  [
    [['- name: staging', '- name: empty\n    mode: observe\n  - name: staging']],
    ['environments[0].name: "empty" has no cluster: at least one of clusters must name it.'],
  ],
  [
    [['after: [staging]', 'after: [stage]']],
    [
      'environments[1].after[0]: "stage" is no environment of this file: it must be one of staging, production. Did you mean staging?',
    ],
  ],
  [
    [['    mode: merge\n    approval: { from: [U0ANN] }', '    mode: observe']],
    [
      'environments[1].after[0]: names "staging", where mode is observe: nothing is completed there, so nothing would ever begin here.',
    ],
  ],
  [
    [['after: [staging]', 'after: [staging, staging]']],
    ['environments[1].after[1]: names "staging" a second time.'],
  ],
  [
    [['after: [staging]', 'after: [production]']],
    ['environments[1].after: goes in a circle: production after production.'],
  ],
  [
    withEnvironment('after: [production]'),
    [
      'environments[0].after: goes in a circle: staging after production after staging. One of them must come first.',
    ],
  ],
  [
    [['mode: merge', 'mode: auto']],
    ['environments[0].mode: "auto" is not allowed: it must be one of observe, propose, merge.'],
  ],
  [
    [[`    ${approval}\n`, '']],
    ['environments[0].approval: is missing: it must say who approves, unless mode is observe.'],
  ],
  [
    [['from: [U0ANN] }', 'from: [] }']],
    [
      'environments[0].approval.from: [] is not allowed: it must be a list of Slack user ids (U…, W…) and user group ids (S…), at least one.',
    ],
  ],
  [
    [['from: [U0ANN] }', "from: ['@ann'] }"]],
    [
      'environments[0].approval.from[0]: "@ann" is not allowed: it must be the id of a Slack user (U…, W…) or user group (S…).',
    ],
  ],
  [
    [['from: [U0ANN] }', 'from: [U0ANN, U0ANN] }']],
    ['environments[0].approval.from: names somebody twice, who would still count once.'],
  ],
  [
    [['from: [U0ANN] }', 'from: [U0ANN], count: 2 }']],
    [
      'environments[0].approval.count: is more than the people in from, which names no user group: nobody could ever decide.',
    ],
  ],
  [
    withEnvironment('recovery: { from: [U0ANN], count: 0 }'),
    ['environments[0].recovery.count: 0 is not allowed: it must be a whole number from 1 to 20.'],
  ],
  [
    withEnvironment('recovery: { from: [U0ANN, U0BO], count: 2 }'),
    [
      'environments[0].recovery.count: is more than 1: whoever may stop, or take back, waits for nobody.',
    ],
  ],
  [
    withEnvironment('waves: []'),
    [
      'environments[0].waves: [] is not allowed: it must be a list of waves, at least one: rest, {clusters: 1}',
    ],
  ],
  [
    withEnvironment('waves: [all]'),
    ['environments[0].waves[0]: "all" is not allowed: it must be rest, {clusters: 1}'],
  ],
  [
    withEnvironment('waves: [{ cluster: 1 }]'),
    ['environments[0].waves[0]: {"cluster":1} is not allowed: it must be rest, {clusters: 1}'],
  ],
  [
    withEnvironment('waves: [{ clusters: 0 }]'),
    [
      'environments[0].waves[0].clusters: 0 is not allowed: it must be a whole number, at least 1, or a list of cluster names.',
    ],
  ],
  [
    withEnvironment('waves: [{ perRegion: 0 }]'),
    [
      'environments[0].waves[0].perRegion: 0 is not allowed: it must be a whole number, at least 1.',
    ],
  ],
  [
    withEnvironment('waves: [{ clusters: [stag-9] }]'),
    [
      'environments[0].waves[0].clusters[0]: "stag-9" is no cluster of this file: it must be one of stag-1. Did you mean stag-1?',
    ],
  ],
  [
    withEnvironment('waves: [{ clusters: [prod-1] }]'),
    [
      'environments[0].waves[0].clusters[0]: "prod-1" belongs to the environment production, not to staging.',
    ],
  ],
  [
    withEnvironment('waves: [{ clusters: [stag-1] }, { clusters: [stag-1] }]'),
    ['environments[0].waves[1].clusters[0]: names "stag-1" a second time.'],
  ],
  [
    withEnvironment('waves: [{ nodeClasses: [gpu] }, { nodeClasses: [canary, gpu] }, rest]'),
    [
      'environments[0].waves[1].nodeClasses[1]: names the EC2NodeClass "gpu" a second time: all nodes of one move together, so it is in one wave.',
    ],
  ],
  [
    withEnvironment('waves: [{ nodeClasses: [] }]'),
    [
      'environments[0].waves[0].nodeClasses: [] is not allowed: it must be a list of names of EC2NodeClasses, at least one.',
    ],
  ],
  [
    withEnvironment('waves: [{ nodeClasses: [Gpu_1] }]'),
    [
      'environments[0].waves[0].nodeClasses[0]: "Gpu_1" is not allowed: it must be the name of an EC2NodeClass: 1 to 253 lower-case letters, digits, dots and dashes.',
    ],
  ],
  [
    withEnvironment('waves: [rest, { clusters: 1 }]'),
    [
      'environments[0].waves[1]: comes after rest, which leaves nothing: rest must be the last wave.',
    ],
  ],
  [
    withEnvironment('soak: 4 hours'),
    [
      'environments[0].soak: "4 hours" is not allowed: it must be a duration such as 90s, 15m, 2h, 7d or 1h30m, from 0s to 30d.',
    ],
  ],
  [withEnvironment('soak: 31d'), ['environments[0].soak: "31d" is not allowed']],
  // Who approves, and when merges are made
  [
    [[approval, 'approval: {}']],
    ['environments[0].approval: says nobody: it needs from, or sets.'],
  ],
  [
    [[approval, 'approval: automatically']],
    [
      'environments[0].approval: "automatically" is not allowed: it must be automatic, or a mapping with the keys from, count, sets, automatic.',
    ],
  ],
  [
    [[approval, 'approval: automatic']],
    [
      'environments[0].recovery: is missing: where nobody approves, it must say who pauses and rolls back.',
    ],
  ],
  [
    [[approval, 'approval: { sets: [{ name: a, from: [S0OPS] }] }']],
    ['environments[0].approval.sets: [{"name":"a","from":["S0OPS"]}] is not allowed'],
  ],
  [
    [[approval, 'approval: { sets: [{ name: a, from: [U0A] }, { name: b, from: [U0A] }] }']],
    [
      'environments[0].approval.sets: cannot be filled by the people in them, as everybody counts for one: nobody could ever decide.',
    ],
  ],
  [
    [[approval, 'approval: { sets: [{ name: a, from: [U0A] }, { name: a, from: [U0B] }] }']],
    ['environments[0].approval.sets: has two sets of the same name.'],
  ],
  [
    [
      [
        approval,
        'approval: { count: 2, sets: [{ name: a, from: [U0A] }, { name: b, from: [U0B] }] }',
      ],
    ],
    ['environments[0].approval.sets: stands beside from or count: each set says its own.'],
  ],
  [
    [[approval, 'approval: { from: [U0ANN], automatic: { when: { risk: high } } }']],
    ['environments[0].approval.automatic.when.risk: "high" is not allowed: it must be one of low.'],
  ],
  [
    [
      [
        approval,
        'protected: true\n    approval: { from: [U0ANN], automatic: { when: { risk: low } } }',
      ],
    ],
    [
      'environments[0].approval: is automatic, and the environment is protected: people have to approve here.',
    ],
  ],
  [
    withEnvironment('validFor: 4h\n    window: { cron: "0 9 * * *", duration: 6h }'),
    [
      'environments[0].validFor: is shorter than window.duration: approvals given when the window opens would not last until it closes.',
    ],
  ],
  [
    withEnvironment('validFor: 1h\n    waves: [{ clusters: 1, soak: 2h }, rest]'),
    [
      'environments[0].validFor: is shorter than the soaks of all waves but the last: its last wave could never be merged on the same approvals.',
    ],
  ],
  [
    withEnvironment('expires: 2d\n    remindAfter: 2d'),
    ['environments[0].remindAfter: is not before expires: the ask would have ended by then.'],
  ],
  [
    withEnvironment('pullRequest: { open: on-approval, merge: in-github }\n    validFor: 7d'),
    [
      'environments[0].pullRequest.open: is on-approval, and merge is in-github: merging is the approval, so the pull request has to be there before it.',
      'environments[0].approval: stands beside pullRequest.merge: in-github, where merging on GitHub is the approval: from, count and all else of it must be left out.',
      'environments[0].validFor: has no meaning here: where pullRequest.merge is in-github, there are no approvals that could grow old.',
      'environments[0].recovery: is missing: where nobody approves, it must say who pauses and rolls back.',
    ],
  ],
  [
    [['mode: merge', 'mode: propose\n    pullRequest: { merge: by-button }']],
    [
      'environments[0].pullRequest.merge: has no meaning here: where mode is propose, people merge what was approved. Say mode: merge.',
    ],
  ],
  [
    [
      ['mode: merge', 'mode: observe\n    pullRequest: { open: on-detection }'],
      ['    after: [staging]\n', ''],
    ],
    [
      'environments[0].pullRequest: has no meaning here: no pull request is opened where mode is observe.',
    ],
  ],
  [
    withEnvironment('finishBefore: window\n    onWindowEnd: ask'),
    [
      'environments[0].finishBefore: speaks of a window, and there is none: give window too.',
      'environments[0].onWindowEnd: speaks of a window, and there is none: give window too.',
    ],
  ],
  [
    withEnvironment('window: { cron: "0 9 * * *", duration: 24h }'),
    [
      'environments[0].window.duration: is as long as the time from one opening to the next: the window would never close.',
    ],
  ],
  [
    withEnvironment('window: { cron: 9 o’clock, duration: 6h, timeZone: Berlin }'),
    [
      'environments[0].window.cron: "9 o’clock" is not allowed',
      'environments[0].window.timeZone: "Berlin" is not allowed: it must be a time zone such as Europe/Berlin.',
    ],
  ],
  [
    [
      [
        'mode: merge',
        'mode: propose\n    window: { cron: "0 9 * * *", duration: 6h }\n    freeze: [{ from: 12-18, to: 12-20, reason: peak }]',
      ],
    ],
    [
      'environments[0].window: has no meaning here: Amiable merges only where mode is merge.',
      'environments[0].freeze: has no meaning here: Amiable merges only where mode is merge.',
    ],
  ],
  [
    withEnvironment('freeze: [{ from: 2026-12-18, to: 12-20, reason: peak }]'),
    [
      'environments[0].freeze[0].to: must be written as from is: both with a year, or both without.',
    ],
  ],
  [
    withEnvironment('freeze: [{ from: 2026-12-18, to: 2026-12-17, reason: peak }]'),
    ['environments[0].freeze[0].to: is before from.'],
  ],
  [
    withEnvironment('freeze: [{ from: 2026-02-30, to: 2026-03-01, reason: peak }]'),
    ['environments[0].freeze[0].from: "2026-02-30" is not allowed'],
  ],
  [
    withEnvironment('freeze: [{ from: 12-18, reason: peak }]'),
    ['environments[0].freeze[0]: needs from and to, or cron and duration.'],
  ],
  [
    withEnvironment('maxClustersRolling: 2\n    waves: [{ clusters: 3 }, rest]'),
    ['environments[0].maxClustersRolling: is less than one of waves takes at once.'],
  ],
  [
    withEnvironment('expedite: { from: [S0SRE], cadence: skip }'),
    ['environments[0].expedite.cadence: speaks of a cadence, and there is none: give cadence too.'],
  ],
  [
    [
      ...withEnvironment('minimumAge: 3d\n    expedite: { from: [S0SRE], minimumAge: 1d }'),
      ...withSection('detection: { minimumAge: 2d }'),
    ],
    [
      'environments[0].expedite.minimumAge: is shorter than detection.minimumAge (2d), before which no release is offered',
    ],
  ],
  [
    withEnvironment('expedite: { from: [U0ANN], minimumAge: 2d, soak: 2h }'),
    [
      'environments[0].expedite.from: names one person, and it takes two.',
      'environments[0].expedite.minimumAge: is longer than minimumAge, which it is to shorten.',
      'environments[0].expedite.soak: is longer than soak, which it is to shorten.',
    ],
  ],
  [
    withEnvironment('stableFor: 2'),
    ['environments[0].stableFor: 2 is not allowed: it must be a duration'],
  ],
  [
    withEnvironment('expires: never'),
    ['environments[0].expires: "never" is not allowed: it must be a duration'],
  ],
  [withEnvironment('stallAfter: 0s'), ['environments[0].stallAfter: "0s" is not allowed']],
  // The service
  [
    withSection('detection: { every: 10s }'),
    [
      'detection.every: "10s" is not allowed: it must be a duration such as 90s, 15m, 2h, 7d or 1h30m, from 1m to 7d.',
    ],
  ],
  [
    withSection('detection: { jitter: 20m }'),
    ['detection.jitter: is longer than detection.every (15m): it must be at most that.'],
  ],
  [
    withSection('detection: { families: [al2] }'),
    [
      'detection.families[0]: "al2" is not allowed: it must be one of al2023, bottlerocket, windows2019, windows2022, windows2025, ubuntu, custom.',
    ],
  ],
  [
    withSection('detection: { offerAgain: { rejected: always } }'),
    [
      'detection.offerAgain.rejected: "always" is not allowed: it must be a duration such as 90s, 15m, 2h, 7d or 1h30m, or never.',
    ],
  ],
  [
    withSection('digest: { at: Monday }'),
    ['digest.at: "Monday" is not allowed: it must be days and a time such as \'Mon 09:00\''],
  ],
  [
    withSection('digest: { timeZone: "+01:00" }'),
    ['digest.timeZone: "+01:00" is not allowed: it must be a time zone such as Europe/Berlin.'],
  ],
  [
    withSection('server: { port: 65536 }'),
    ['server.port: 65536 is not allowed: it must be a whole number from 0 to 65535.'],
  ],
  [
    withSection('log: { level: loud }'),
    ['log.level: "loud" is not allowed: it must be one of fatal, error, warn, info, debug, trace.'],
  ],
  [
    withSection('paces: { githubWriteSpacing: 2m }'),
    ['paces.githubWriteSpacing: "2m" is not allowed'],
  ],
] as const)('%j is told as %j', (changes, said) => {
  const errors = errorsOf(changed(...changes));
  expect(errors).toHaveLength(said.length);
  for (const start of said) expect(errors).toContainEqual(expect.stringContaining(start));
});

test('all errors are told at once, of every kind', () => {
  const errors = errorsOf(
    changed(
      ['version: 1', 'version: 9\nlog: { levle: info }'],
      ['  table: amiable', '  table: amiable\n  embedded: x\n  region: nowhere'],
      ['after: [staging]', 'after: [production]'],
      ['from: [U0ANN] }', 'from: [ann], count: 0 }'],
      ['name: prod-2', 'name: prod-1'],
      [files, "files: ['a/*.yaml', '../b']"],
      ['${SLACK_BOT_TOKEN}', '${NOT_THERE}'],
    ),
  );
  expect(errors.map((error) => error.split(': ')[0])).toEqual([
    'version',
    'log.levle',
    'slack.botToken',
    'store',
    'store.embedded',
    'store.region',
    'repositories[0].files[0]',
    'repositories[0].files[1]',
    'clusters[2].name',
    'environments[0].approval.from[0]',
    'environments[0].approval.count',
    'environments[1].after',
  ]);
});
