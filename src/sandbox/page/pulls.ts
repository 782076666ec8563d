import { element } from './element.ts';
import { markdown } from './markdown.ts';
import type { Pull } from './state.ts';

/** What a press in the world outside Slack is told to. */
export type OnDeed = (button: HTMLElement, body: object) => void;

/** Pull requests, newest first, as GitHub would show them. */
export function drawPulls(pulls: readonly Pull[], onDeed: OnDeed): Node[] {
  if (pulls.length === 0)
    return [element('p', 'counts', 'None yet. One opens when an environment is approved.')];
  return pulls.toReversed().map((pull) => drawPull(pull, onDeed));
}

function drawPull(pull: Pull, onDeed: OnDeed): HTMLElement {
  const word = pull.merged ? 'merged' : pull.state;
  const checks = pull.statuses.map(({ context, state, description }) =>
    element(
      'li',
      '',
      `${context}: ${state}${description === undefined ? '' : ` (${description})`}`,
    ),
  );
  const files = pull.files.map(({ path, patch }) =>
    element('div', '', element('strong', '', path), element('pre', '', patch ?? '')),
  );
  const description = element(
    'details',
    '',
    element('summary', '', 'Description'),
    markdown(pull.body ?? ''),
  );
  const diff = element(
    'details',
    '',
    element('summary', '', `Changed files (${pull.files.length})`),
    ...files,
  );
  const box = element(
    'div',
    'pull',
    element('h4', '', `#${pull.number} ${pull.title ?? ''}`),
    element('p', 'counts', `${word}: ${pull.head} into ${pull.base}`),
    element('ul', '', ...checks),
    diff,
    description,
  );
  if (pull.state === 'open') {
    for (const [what, label] of [
      ['push', 'Push a commit to it'],
      ['close', 'Close it'],
    ] as const) {
      const button = element('button', 'plain', label);
      button.type = 'button';
      button.dataset['focus'] = `pull ${pull.number} ${what}`;
      button.addEventListener('click', () =>
        onDeed(button, { github: 'octocat', pull: pull.number, do: what }),
      );
      box.append(button, ' ');
    }
  }
  box.dataset['pull'] = String(pull.number);
  return box;
}
