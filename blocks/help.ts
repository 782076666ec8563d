import { escapeMrkdwn } from '../src/shared/text.ts';
import type { Message } from './block-kit.ts';
import { section } from './block-kit.ts';

const commands = [
  ['/ami', 'what needs you, then what runs'],
  ['/ami check', 'look for a new release now'],
  ['/ami show <id>', 'one rollout, with a link to its card'],
  ['/ami approve <id> [note]', 'same checks as the button'],
  ['/ami reject <id> [reason]', 'ends the environment that asks, or was just approved'],
  ['/ami snooze <id> 2d|mon|2026-11-24', 'asks nobody until then, for 90 days at most'],
  ['/ami wake <id>', 'ends a snooze'],
  ['/ami switch <id>', 'ends it in favour of the later release that waits for it'],
  ['/ami pause <id> · resume <id>', 'stops further merges, and goes on'],
  ['/ami brake <id> [reason]', 'pauses, and holds the old nodes where the cluster permits it'],
  ['/ami rollback <id>', 'opens the modal: clusters that moved, back to what they ran before'],
  ['/ami expedite <id> <environment> <reason>', 'two people lift a window'],
  ['/ami hold <cluster|pool|variant> until <date> <reason> · unhold', 'keeps something behind'],
  ['/ami bad <release> [variant=…] <reason> · good', 'nobody is offered it, there'],
  ['/ami freeze <reason> · unfreeze', 'stops every merge everywhere'],
  ['/ami digest', 'how fresh the fleet is'],
  ['/ami where <release> · kernel 6.12 · driver 580', 'nodes that run it, approvals, the way back'],
  ['/ami upgrade-check <cluster> <minor>', 'whether every pin resolves there'],
  ['/ami history [cluster|environment|person]', 'who decided what of late'],
] as const;

export function helpMessage(): Message {
  const lines = commands.map(([command, what]) => `• \`${escapeCode(command)}\` ${what}`);
  const text = [
    '*Amiable keeps EKS nodes on current images. It asks before it changes anything.*',
    ...lines,
    'In a thread, mention me instead: `@amiable status`. An id may be cut short, or left out when only one rollout is open.',
    'Or ask: `@amiable why does it wait?`, `@amiable what changed in containerd?` Asking changes nothing.',
  ].join('\n');
  return {
    text: 'Amiable keeps EKS nodes on current images. /ami shows what needs you.',
    blocks: [section(text)],
  };
}

/** Something that is no command, with the nearest that is one; `undefined` when none is near. */
export function unknownCommand(word: string, nearest: string | undefined): Message {
  const meant = nearest === undefined ? '' : ` Did you mean \`/ami ${nearest}\`?`;
  const text = `I don't know “${escapeMrkdwn(word.slice(0, 40))}”.${meant} \`/ami help\` lists what there is.`;
  return { text, blocks: [section(text)] };
}

function escapeCode(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
