import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDemoDeployment } from './demo-deployment.ts';
import { removeFoldersAfterAll } from './temporary-folder.ts';

removeFoldersAfterAll();

let demo: Awaited<ReturnType<typeof startDemoDeployment>>;
beforeAll(async () => {
  demo = await startDemoDeployment();
});
afterAll(() => demo.close());

type Found = {
  readonly offer: { readonly kind: string; readonly release: string };
  readonly opened: boolean;
  readonly rollout: string;
  readonly pins: number;
  readonly behind: number;
  readonly explained?: readonly { readonly verdict: string; readonly line: number }[];
};

test('the first check opens the rollout, the next one finds it open, in JSON', async () => {
  const file = demo.config();
  const first = await demo.run(['check', '--json', '--config', file]);
  expect({ code: first.code, err: first.err }).toEqual({ code: 0, err: '' });
  const found = JSON.parse(first.out) as Found;
  expect(found).toMatchObject({
    trains: [{ train: 'al2023', family: 'al2023', behind: 3 }],
    offer: { kind: 'offer', release: 'al2023@v20261118' },
    opened: true,
    pins: 3,
    behind: 3,
    problems: [],
  });
  expect(found.explained).toBeUndefined();
  const next = await demo.run(['check', '--json', '--config', file]);
  expect(JSON.parse(next.out)).toMatchObject({ opened: false, rollout: found.rollout });
});

test('for people it is one sentence', async () => {
  const { out } = await demo.run(['check', '--config', demo.config()]);
  expect(out).toMatch(/^3 pins, 3 behind al2023@v20261118: offered already as \S+\.$/);
});

test('explained, each pin has a line with its verdict, and the same in JSON', async () => {
  const file = demo.config();
  const { code, out } = await demo.run(['check', '--explain', '--config', file]);
  expect(code).toBe(0);
  const lines = out.split('\n');
  expect(lines).toHaveLength(4);
  expect(lines).toContainEqual(
    expect.stringMatching(
      /^acme\/gitops clusters\/staging\/staging-eu-1\/karpenter\/nodeclass\.yaml:8 {2}al2023@v20261021 {2}behind: al2023@v20261118: offered already as /,
    ),
  );
  expect(lines).toContainEqual(expect.stringMatching(/nodeclass\.yaml:\d+ {2}ami-\w+ {2}behind/));
  const json = JSON.parse(
    (await demo.run(['check', '--explain', '--json', '--config', file])).out,
  ) as Found;
  expect(json.explained?.map(({ verdict }) => verdict)).toEqual(['behind', 'behind', 'behind']);
});

test('a service that cannot be reached exits 1 and says which', async () => {
  const { code, err } = await demo.run(['check', '--config', demo.config()], {
    SLACK_BOT_TOKEN: 'xoxb-revoked',
  });
  expect(code).toBe(1);
  expect(err).toContain('invalid_auth');
});
