import type { Rollout } from '../src/rollout/rollout.ts';
import { escapeMrkdwn } from '../src/shared/text.ts';
import type { Message } from './block-kit.ts';
import { section } from './block-kit.ts';
import { environmentText, stateOf } from './state.ts';

/** What needs a person now, then what runs. */
export function statusMessage(
  rollouts: readonly Rollout[],
  {
    cardUrls,
    frozen,
  }: {
    readonly cardUrls: ReadonlyMap<string, string>;
    readonly frozen?: { readonly by: string; readonly reason: string };
  },
): Message {
  const stop =
    frozen === undefined
      ? []
      : [`:snowflake: All merges are frozen: “${escapeMrkdwn(frozen.reason)}”.`];
  if (rollouts.length === 0) {
    const text = [...stop, 'Nothing needs you. No rollout is open.'].join('\n');
    return { text, blocks: [section(text)] };
  }
  const lines = rollouts.map((rollout) => rolloutLine(rollout, cardUrls.get(rollout.id)));
  const waiting = rollouts.filter(({ environments }) =>
    environments.some(({ phase }) => phase.name === 'awaiting-approval'),
  ).length;
  const lead =
    waiting === 0
      ? `${rollouts.length} open, none waits for approval.`
      : `${waiting} of ${rollouts.length} open rollouts ${waiting === 1 ? 'waits' : 'wait'} for approval.`;
  return { text: lead, blocks: [section([...stop, lead, ...lines].join('\n'))] };
}

function rolloutLine(rollout: Rollout, url: string | undefined): string {
  const { word } = stateOf(rollout);
  const environments = rollout.environments
    .map((environment) => `${environment.policy.name} ${environmentText(rollout, environment)}`)
    .join('; ');
  const id = url === undefined ? `\`${rollout.id}\`` : `<${encodeURI(url)}|${rollout.id}>`;
  return `• ${id} *${word}* ${escapeMrkdwn(rollout.release)}: ${escapeMrkdwn(environments)}`;
}

/** Several rollouts fit what was typed, or none. */
export function whichRollout(rollouts: readonly Rollout[], verb: string): Message {
  const text =
    rollouts.length === 0
      ? 'There is no such open rollout.'
      : `Which one? ${rollouts.map(({ id, release }) => `\`/ami ${verb} ${id}\` (${escapeMrkdwn(release)})`).join(' or ')}`;
  return { text, blocks: [section(text)] };
}
