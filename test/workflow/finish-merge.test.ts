import { beforeEach, expect, test } from 'vitest';
import { carryOut } from '../../handlers/carry-out.ts';
import type { PersonRequest } from '../../handlers/person-request.ts';
import type { Wave } from '../../src/rollout/wave.ts';
import type { RolloutId } from '../../src/shared/ids.ts';
import { minute } from '../../src/shared/time.ts';
import { detect } from '../../src/workflow/detect.ts';
import { advancePullRequestStep } from '../../src/workflow/steps/advance-pull-request.ts';
import { finishMergeStep } from '../../src/workflow/steps/finish-merge.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { ann, bo } from '../rollout/story.ts';
import { lookOnce } from './drive.ts';

let fleet: ReturnType<typeof memoryWorld>;
let id: RolloutId;
let clicks = 0;

function ask(request: object) {
  clicks += 1;
  return carryOut(fleet.world, { rollout: id, ...request } as PersonRequest, `click-${clicks}`);
}

async function stagingNow() {
  const { rollout } = await fleet.world.journal.known(id);
  const wave = rollout?.environments[0]?.waves[0];
  if (rollout === undefined || wave === undefined) throw new Error('there is no staging');
  return { rollout, wave };
}

async function finish() {
  const { rollout, wave } = await stagingNow();
  return finishMergeStep(fleet.world, rollout, wave);
}

const held = (because: string) => ({
  commands: [expect.objectContaining({ type: 'HoldMerge', because })],
});

/** The merge of staging is decided, and not made. */
beforeEach(async () => {
  fleet = memoryWorld();
  const found = await detect(fleet.world);
  if (found.rollout === undefined) throw new Error('nothing was opened');
  id = found.rollout;
  await lookOnce(fleet.world, id);
  fleet.git.checks.push({ name: 'ci', state: 'pending', required: true });
  for (const by of [ann, bo]) await ask({ kind: 'approve', environment: 'staging', ask: 1, by });
  for (let looks = 0; looks < 3; looks += 1) {
    await lookOnce(fleet.world, id);
    fleet.clock.advance(minute);
  }
  fleet.git.checks[0] = { name: 'ci', state: 'success', required: true };
  const { rollout, wave } = await stagingNow();
  const { commands = [] } = await advancePullRequestStep(fleet.world, rollout, wave);
  for (const command of commands) {
    await fleet.world.journal.execute(
      id,
      { ...command, now: fleet.clock.now() },
      { actor: { kind: 'amiable' } },
    );
  }
  expect((await stagingNow()).wave.phase.name).toBe('merging' satisfies Wave['phase']['name']);
});

test('a freeze that came after the decision holds the merge, on record as a freeze', async () => {
  await ask({ kind: 'freeze', by: ann, reason: 'incident 12' });
  expect(await finish()).toMatchObject(held('frozen'));
});

test('a pause that came after the decision holds the merge, on record as a pause', async () => {
  await ask({ kind: 'pause', by: ann });
  expect(await finish()).toMatchObject(held('paused'));
});

test('a check that turned red after the decision holds the merge, on record as a check', async () => {
  fleet.git.checks[0] = { name: 'ci', state: 'failure', required: true };
  expect(await finish()).toMatchObject(held('checks'));
});

test('a commit that came after the decision holds the merge, on record as a moved head', async () => {
  fleet.git.by.push(fleet.git.pulls[0]?.branch ?? '', 'other.yaml', 'x: 1');
  expect(await finish()).toMatchObject(held('head-moved'));
});

test('a merge of which nothing fell since is made, and recorded as GitHub tells it', async () => {
  const { commands } = await finish();
  expect(commands).toMatchObject([{ type: 'RecordMerge', environment: 'staging' }]);
  expect(fleet.git.pulls[0]?.merged).toBe(true);
});
