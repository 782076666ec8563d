import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDynamoClient } from '../../src/adapters/dynamodb/client.ts';
import { openEmbedded } from '../../src/adapters/dynamodb/embedded.ts';
import { composeStore } from '../../src/compose/store.ts';
import { parseRecordsConfig } from '../../src/config/parse-config.ts';
import { changeOf, digestOf } from '../../src/rollout/change.ts';
import { policyHash } from '../../src/rollout/policy.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { silentLog } from '../../src/workflow/log.ts';
import { ann, asked, bo, granted, id, noon, opened, rolledOut, staging } from '../rollout/story.ts';
import { amiable } from './captured.ts';
import { startDemoDeployment } from './demo-deployment.ts';
import { removeFoldersAfterAll, temporaryFolder } from './temporary-folder.ts';

removeFoldersAfterAll();

/** No token, no key: all that an auditor needs. */
const text = (folder: string) => `version: 1
aws: { region: eu-west-1 }
store: { embedded: ${folder} }
slack: { botToken: "\${NOT_SET}" }
people:
  - { slack: U0ANN, github: ann-lee }
`;

/** What people were asked about. */
const change = changeOf({
  environment: 'staging',
  release: 'al2023@v20261118',
  images: [],
  policy: policyHash(staging),
  pins: [],
});
const digest = digestOf(change);

/** A record on local disk, as a single process leaves it. */
async function recordOnDisk() {
  const folder = temporaryFolder({});
  const config = join(
    temporaryFolder({ 'amiable.yaml': text(join(folder, 'db')) }),
    'amiable.yaml',
  );
  const parsed = parseRecordsConfig(readFileSync(config, 'utf8'), {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const { store, close } = await composeStore(parsed.config, {
    clock: systemClock,
    log: silentLog,
  });
  let last: Awaited<ReturnType<typeof store.rollouts.append>>;
  await store.changes.put(digest, change);
  const story = [
    opened,
    asked('staging', 1, digest),
    granted('staging', ann, digest),
    ...rolledOut('staging'),
  ];
  for (const event of story) {
    const actor = { kind: 'slack', id: ann } as const;
    last = await store.rollouts.append(id, last, { events: [event], actor, at: noon });
  }
  const reason = '=HYPERLINK("http://evil")';
  await store.global.append('global', undefined, {
    events: [{ type: 'Frozen', by: bo, reason, at: noon }],
    actor: { kind: 'slack', id: bo },
    at: noon,
  });
  await close();
  return {
    folder: join(folder, 'db'),
    run: (...argv: string[]) => amiable([...argv, '-c', config]),
  };
}

/** What somebody with rights to the table could do. */
async function tamper(
  folder: string,
  change: (place: (sequence: number) => Item) => Promise<void>,
) {
  const embedded = await openEmbedded({ path: folder });
  const client = createDynamoClient(embedded);
  const TableName = embedded.table;
  await change((sequence) => {
    const Key = { pk: { S: `log#${id}` }, sk: { S: String(sequence).padStart(8, '0') } };
    return {
      async read() {
        return (await client.send(new GetItemCommand({ TableName, Key }))).Item ?? {};
      },
      async write(item) {
        await client.send(new PutItemCommand({ TableName, Item: { ...item, ...Key } }));
      },
      async remove() {
        await client.send(new DeleteItemCommand({ TableName, Key }));
      },
    };
  });
  client.destroy();
  await embedded.close();
}
type Raw = NonNullable<Parameters<Item['write']>[0]>;
type Item = {
  read(): Promise<PutItemCommand['input']['Item'] & object>;
  write(item: PutItemCommand['input']['Item'] & object): Promise<void>;
  remove(): Promise<void>;
};

describe('on local disk', () => {
  let record: Awaited<ReturnType<typeof recordOnDisk>>;
  beforeAll(async () => {
    record = await recordOnDisk();
  }, 60_000);

  test('verify says what nothing vouches for, then up to which anchor it does', async () => {
    const before = await record.run('audit', 'verify');
    expect({ code: before.code, err: before.err }).toEqual({ code: 0, err: '' });
    expect(before.out).toContain('Nothing is anchored yet');
    const anchored = await record.run('audit', 'anchor');
    const [, hash = ''] = /([0-9a-f]{64})$/.exec(anchored.out) ?? [];
    const after = await record.run('audit', 'verify', '--anchor', hash);
    expect(after.code).toBe(0);
    expect(after.out).toContain(`Vouched for up to anchor 1 of `);
    expect(after.out).not.toContain('newer');
    const other = await record.run('audit', 'verify', '--anchor', 'f'.repeat(64));
    expect(other.code).toBe(1);
    expect(other.out).toContain('anchors were cut off or written anew');
    expect((await record.run('audit', 'verify', '--anchor', 'x')).code).toBe(2);
  });

  test('export has one line a decision, oldest first, in JSON and as CSV that computes nothing', async () => {
    const { code, out, err } = await record.run('audit', 'export');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.find(({ what }) => what === 'ApprovalGranted')).toMatchObject({
      slack: 'U0ANN',
      github: 'ann-lee',
      environment: 'staging',
      pullRequests: ['acme/gitops#1'],
      commits: ['merge'],
      digest,
    });
    const csv = (await record.run('audit', 'export', '--format', 'csv')).out.split('\n');
    expect(csv).toHaveLength(lines.length + 1);
    expect(csv.join('\n')).toContain(`"'=HYPERLINK(""http://evil"")"`);
  });

  test('export keeps to its days, of which the last is not included', async () => {
    const none = await record.run('audit', 'export', '--since', '2026-11-21');
    expect(none.out).toBe('');
    const all = await record.run(
      'audit',
      'export',
      '--since',
      '2026-11-20',
      '--until',
      '2026-11-21',
    );
    expect(all.out.split('\n').length).toBeGreaterThan(5);
    expect((await record.run('audit', 'export', '--since', 'yesterday')).code).toBe(2);
    expect((await record.run('audit', 'export', '--format', 'xml')).code).toBe(2);
  });

  test('bundle is one document for people and one for machines', async () => {
    const { code, out } = await record.run('audit', 'bundle', id);
    expect(code).toBe(0);
    for (const part of ['Request', 'Risk', 'Approvals', 'Checks', 'Merges', 'Outcome']) {
      expect(out).toMatch(new RegExp(`^## ${part}`, 'm'));
    }
    const folder = temporaryFolder({});
    expect((await record.run('audit', 'bundle', id, '--out', folder)).code).toBe(0);
    const json = JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8')) as object;
    expect(json).toMatchObject({
      v: 1,
      rollout: id,
      request: { release: 'al2023@v20261118' },
      outcome: { name: 'open' },
      verification: { findings: [] },
    });
    expect(readFileSync(join(folder, `${id}.md`), 'utf8')).toContain('U0ANN');
    expect((await record.run('audit', 'bundle', 'ro_ffffffffff')).code).toBe(1);
    expect((await record.run('audit', 'bundle', id.slice(0, 8))).out).toContain(
      `# Rollout \`${id}\``,
    );
    const none = await record.run('audit', 'bundle');
    expect({ code: none.code, err: none.err }).toEqual({
      code: 2,
      err: expect.stringContaining(`On record are:\n  ${id}`),
    });
    expect((await record.run('audit', 'bundle', 'ffff')).code).toBe(2);
    expect((await record.run('audit', 'nothing')).code).toBe(2);
  });
});

describe('what somebody with rights to the table does', () => {
  const deeds: readonly {
    readonly deed: string;
    readonly says: RegExp;
    do(at: (sequence: number) => Item): Promise<void>;
  }[] = [
    {
      deed: 'changing who approved',
      says: /^changed +ro_0123456789: record 3 is not what was written$/m,
      async do(at) {
        const item = await at(3).read();
        const text = JSON.stringify(item).replaceAll('U0ANN', 'U0BO');
        await at(3).write(JSON.parse(text) as Raw);
      },
    },
    {
      deed: 'deleting a record',
      says: /^missing +ro_0123456789: record 4 is missing/m,
      do: (at) => at(4).remove(),
    },
    {
      deed: 'swapping two records',
      says: /^reordered ro_0123456789: record 5 stands in the place of 2$/m,
      async do(at) {
        const [two, five] = [await at(2).read(), await at(5).read()];
        await at(2).write(five);
        await at(5).write(two);
      },
    },
    {
      deed: 'cutting the end',
      says: /^missing +ro_0123456789: records 9 to 10 are missing, and the anchor of /m,
      async do(at) {
        await at(9).remove();
        await at(10).remove();
      },
    },
    {
      deed: 'dropping the whole stream',
      says: /^dropped +ro_0123456789: the whole stream is gone; the anchor of \S+ has 10 records of it$/m,
      async do(at) {
        for (let place = 1; place <= 10; place += 1) await at(place).remove();
      },
    },
    {
      deed: 'making a record unreadable',
      says: /^changed +ro_0123456789: record 6 cannot be read/m,
      async do(at) {
        const { previous: _, ...rest } = await at(6).read();
        await at(6).write(rest);
      },
    },
  ];

  test.each(deeds)(
    '$deed is named',
    async ({ do: deed, says }) => {
      const record = await recordOnDisk();
      await record.run('audit', 'anchor');
      await tamper(record.folder, deed);
      const { code, out, err } = await record.run('audit', 'verify');
      expect(out).toMatch(says);
      expect(code).toBe(1);
      expect(err).toContain('not as it was written');
      const json = await record.run('audit', 'verify', '--json');
      const { findings } = JSON.parse(json.out) as { findings: readonly { stream: string }[] };
      expect(new Set(findings.map(({ stream }) => stream))).toEqual(new Set([id]));
    },
    60_000,
  );
});

describe('on a table', () => {
  let demo: Awaited<ReturnType<typeof startDemoDeployment>>;
  beforeAll(async () => {
    demo = await startDemoDeployment();
    await demo.run(['check', '--config', demo.config()]);
  }, 60_000);
  afterAll(() => demo.close());

  test('a rollout that was just opened is exported, verified and bundled', async () => {
    const file = demo.config();
    const { code, out } = await demo.run(['audit', 'export', '--config', file]);
    expect(code).toBe(0);
    const [line] = out.split('\n').map((one) => JSON.parse(one) as Record<string, string>);
    expect(line).toMatchObject({ what: 'RolloutOpened', release: 'al2023@v20261118' });
    expect(line?.['policy']).toMatch(/staging=[0-9a-f]{64} production=[0-9a-f]{64}/);
    expect((await demo.run(['audit', 'anchor', '--config', file])).code).toBe(0);
    expect((await demo.run(['audit', 'verify', '--config', file])).out).toContain('Vouched for');
    const bundle = await demo.run(['audit', 'bundle', line?.['stream'] ?? '', '--config', file]);
    expect(bundle.out).toContain('It was not analysed.');
  });
});
