import type { Rollout } from '../rollout/rollout.ts';
import { environmentNamed, waveNamed } from '../rollout/rollout.ts';
import type { Step } from '../rollout/step.ts';
import type { Wave } from '../rollout/wave.ts';
import { assertNever } from '../shared/assert-never.ts';
import type { Perform } from './step-outcome.ts';
import { advancePullRequestStep } from './steps/advance-pull-request.ts';
import { askStep, recheckAskStep } from './steps/ask.ts';
import { brakeStep } from './steps/brake.ts';
import { closePullRequestStep } from './steps/close-pull-request.ts';
import { finishMergeStep } from './steps/finish-merge.ts';
import { openPullRequestStep } from './steps/open-pull-request.ts';
import { verifyMergeStep } from './steps/verify-merge.ts';
import { watchDeliveryStep } from './steps/watch-delivery.ts';
import { watchReplacementStep } from './steps/watch-replacement.ts';
import { watchSoakStep } from './steps/watch-soak.ts';
import type { World } from './world.ts';

/** A step that is done in the loop; `analyse` runs beside it, because nothing waits for the model. */
export type InlineStep = Exclude<Step, { do: 'look-again' | 'rest' | 'analyse' }>;

/** Does one step; what it found comes back as commands to decide on. */
export async function perform(world: World, rollout: Rollout, step: InlineStep): Perform {
  switch (step.do) {
    case 'ask':
    case 'ask-later':
      return askStep(world, rollout, step.environment);
    case 'recheck-ask':
      return recheckAskStep(world, rollout, step.environment);
    case 'expire':
      return { commands: [{ type: 'Expire', environment: step.environment }] };
    case 'approve-automatically':
      return { commands: [{ type: 'ApproveAutomatically', environment: step.environment }] };
    case 'expedite-by-policy':
      return { commands: [{ type: 'ExpediteByPolicy', environment: step.environment }] };
    case 'void-for-risk': {
      const { environment } = step;
      const detail = environmentNamed(rollout, environment)?.ask?.doubted;
      const why = detail === undefined ? {} : { detail };
      return {
        commands: [{ type: 'VoidApprovals', environment, because: 'risk-raised', ...why }],
      };
    }
    case 'remind':
      return { commands: [{ type: 'Remind', environment: step.environment }] };
    case 'expire-approvals':
      return { commands: [{ type: 'ExpireApprovals', environment: step.environment }] };
    case 'end-window': {
      const { environment, wave } = step;
      return { commands: [{ type: 'EndWindow', environment, wave }] };
    }
    case 'end-snooze':
      return { commands: [{ type: 'EndSnooze' }] };
    case 'brake':
      return brakeStep(world, rollout, step.cluster);
    case 'close':
      return { commands: [{ type: 'Close' }] };
    case 'open-pull-request':
      return openPullRequestStep(world, rollout, waveOf(rollout, step));
    case 'advance-pull-request':
      return advancePullRequestStep(world, rollout, waveOf(rollout, step));
    case 'finish-merge':
      return finishMergeStep(world, rollout, waveOf(rollout, step));
    case 'verify-merge':
      return verifyMergeStep(world, rollout, waveOf(rollout, step));
    case 'watch-delivery':
      return watchDeliveryStep(world, rollout, waveOf(rollout, step));
    case 'watch-replacement':
      return watchReplacementStep(world, rollout, waveOf(rollout, step));
    case 'watch-soak':
      return watchSoakStep(world, rollout, waveOf(rollout, step));
    case 'close-pull-request':
      return closePullRequestStep(world, rollout, waveOf(rollout, step), step);
    default:
      return assertNever(step);
  }
}

function waveOf(
  rollout: Rollout,
  { environment, wave: name }: { readonly environment: string; readonly wave: string },
): Wave {
  const wave = waveNamed(rollout, environment, name);
  if (wave === undefined) throw new Error(`${rollout.id} has no wave ${environment}/${name}`);
  return wave;
}
