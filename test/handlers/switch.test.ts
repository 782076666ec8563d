import { afterEach, beforeEach, expect, test } from 'vitest';
import { decisionLines } from '../../src/audit/decision-line.ts';
import { ReleaseId } from '../../src/shared/ids.ts';
import { hour, minute } from '../../src/shared/time.ts';
import { detect } from '../../src/workflow/detect.ts';
import { recordRecall } from '../../src/workflow/recalls.ts';
import { standing } from '../workflow/drive.ts';
import { startDesk } from './desk.ts';

const later = ReleaseId.parse('al2023@v20261125');

let desk: Awaited<ReturnType<typeof startDesk>>;
beforeEach(async () => {
  desk = await startDesk();
  for (const user of ['U0ANN', 'U0BO']) {
    await desk.press(user, 'approve');
    await desk.told(user);
  }
  for (let i = 0; i < 3; i += 1) await looked();
});
afterEach(() => desk.close());

async function looked() {
  const rollout = await desk.look();
  desk.clock.advance(minute);
  return rollout;
}

/** Everything as it was, and a later release that waits. */
async function published() {
  desk.published.add(later);
  desk.clock.advance(hour);
  await desk.type('U0ANN', 'check');
  expect(await desk.told('U0ANN')).toContain(`/ami switch ${desk.id}`);
}

test('who may stop switches to the later release, whose rollout is opened; what moved is followed', async () => {
  expect(standing(await looked())[0]).toBe('staging rolling [syncing]');
  await published();
  await desk.type('U0CY', 'switch');
  expect(await desk.told('U0CY')).toContain("You can't stop or roll back");
  expect((await desk.known()).rollout.outcome).toBeUndefined();

  await desk.type('U0ANN', `switch ${desk.id}`);
  expect(await desk.told('U0ANN')).toContain(`Switched to ${later}`);
  const { rollout } = await desk.known();
  expect(rollout.outcome).toBeUndefined();
  expect(standing(rollout)).toEqual([
    'staging superseded [syncing]',
    'production superseded [superseded superseded]',
  ]);
  const found = await detect(desk.world);
  expect(found).toMatchObject({ opened: true, offer: { release: later } });

  desk.sync('stg');
  await looked();
  expect(standing(await looked())[0]).toBe('staging superseded [replacing]');
  // What moves can still be stopped, and taken back.
  await desk.type('U0BO', `brake ${desk.id} pods do not start`);
  expect(await desk.told('U0BO')).toContain('old nodes are being held');
  await desk.type('U0BO', `resume ${desk.id}`);
  desk.replace('stg');
  for (let i = 0; i < 70; i += 1) await looked();
  expect((await looked()).outcome).toMatchObject({ name: 'superseded', by: later });
  const lines = decisionLines(desk.id, (await desk.world.journal.known(desk.id)).commits);
  expect(lines.find(({ what }) => what === 'RolloutSwitched')).toMatchObject({
    slack: 'U0ANN',
    cause: expect.any(String),
  });
});

test('where nothing waits, or what waits was taken back since, there is nothing to switch to', async () => {
  await desk.type('U0ANN', 'switch');
  expect(await desk.told('U0ANN')).toContain('No later release waits');
  await published();
  await recordRecall(desk.world, { release: later, because: 'marked', detail: 'taken back' });
  await desk.type('U0ANN', 'switch');
  expect(await desk.told('U0ANN')).toContain('No later release waits');
  expect((await desk.known()).rollout.outcome).toBeUndefined();
});
