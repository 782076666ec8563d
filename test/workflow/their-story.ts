import { carryOut } from '../../handlers/carry-out.ts';
import { demoPath } from '../../src/sandbox/demo-world.ts';
import type { RolloutId, SlackUserId } from '../../src/shared/ids.ts';
import { minute } from '../../src/shared/time.ts';
import { setForeignStatuses } from '../../src/workflow/foreign-statuses.ts';
import { openRollouts } from '../../src/workflow/open-rollouts.ts';
import { memoryWorld, newRelease } from '../fakes/memory-world.ts';
import { ann } from '../rollout/story.ts';
import { lookOnce } from './drive.ts';

export const path = demoPath('staging', 'stg');
export const branch = 'people/bump';
type Status = { readonly state: string; readonly description: string; readonly url?: string };

/** A pull request of octocat, and what people do about it. */
export function theirStory() {
  const fleet = memoryWorld({ fleet: { logins: new Map([['octocat', ann]]) } });
  const { git, world, clock } = fleet;
  const there = { ...world, cardUrl: async (id: RolloutId) => `https://acme.slack.com/${id}` };
  const told: (Status & { readonly sha: string })[] = [];
  const { setStatus } = git.host;
  Object.assign(git.host, {
    setStatus: (status: Status & { readonly sha: string }) => {
      told.push(status);
      return setStatus(status as never);
    },
  });
  git.by.forcePush(branch, git.by.headOf('main'));
  let clicks = 0;
  const status = () => told.findLast(({ sha }) => sha === git.by.headOf(branch));
  const rollout = async () => {
    const [found] = await openRollouts(there);
    return found;
  };
  return {
    ...fleet,
    told,
    status,
    rollout,
    move(at: string, to: string = newRelease) {
      git.by.push(branch, at, git.text(branch, at).replace(/alias: \S+/, `alias: ${to}`));
    },
    open: (who = 'octocat') => git.by.open(branch, who),
    async settle(minutes = 2) {
      for (let i = 0; i < minutes; i += 1) {
        await setForeignStatuses(there);
        for (const { id } of await openRollouts(there)) await lookOnce(there, id);
        clock.advance(minute);
      }
      return rollout();
    },
    /** The global stop. */
    async stop(kind: 'freeze' | 'unfreeze') {
      clicks += 1;
      const why = kind === 'freeze' ? { reason: 'incident' } : {};
      return carryOut(there, { kind, by: ann, ...why } as never, `click-${clicks}`);
    },
    async ask(request: object, by: SlackUserId) {
      clicks += 1;
      const { id, environments } = (await rollout()) ?? {};
      const environment = environments?.[0]?.policy.name;
      const ask = environments?.[0]?.ask?.number;
      const whole = { rollout: id, environment, ask, by, ...request };
      return carryOut(there, whole as never, `click-${clicks}`);
    },
  };
}
