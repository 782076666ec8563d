import { element } from './element.ts';
import { mrkdwn } from './mrkdwn.ts';
import { overflowMenu } from './overflow.ts';
import type { Block, Element, Text } from './state.ts';

/** What a press of a button or the choice of an option is told to. */
export type OnAction = (action: {
  readonly actionId: string;
  readonly blockId: string | undefined;
  readonly value: string | undefined;
  readonly button: HTMLElement;
}) => void;

/** Slack's plain text: no markup, and emoji by name only where the sender allows it. */
export function textOf(text: Text | string | null | undefined): string {
  return typeof text === 'string' ? text : (text?.text ?? '');
}

/** Draws the blocks of a message as Slack does. */
export function drawBlocks(blocks: readonly Block[], onAction: OnAction): HTMLElement {
  const box = element('div', 'blocks');
  for (const block of blocks) box.append(drawBlock(block, onAction));
  return box;
}

function drawBlock(block: Block, onAction: OnAction): HTMLElement {
  switch (block.type) {
    case 'header':
      return element('h3', '', textOf(block.text));
    case 'section': {
      const box = element('div');
      if (block.text !== undefined) box.append(element('p', '', mrkdwn(block.text.text)));
      if (block.fields !== undefined) {
        const cells = block.fields.map((field) => element('p', '', mrkdwn(field.text)));
        box.append(element('div', 'fields', ...cells));
      }
      return box;
    }
    case 'context':
      return element(
        'p',
        'context',
        ...(block.elements ?? []).map((part) => mrkdwn(textOf(part.text))),
      );
    case 'actions': {
      const row = element('div', 'actions');
      for (const part of block.elements ?? [])
        row.append(...drawElement(part, block.block_id, onAction));
      return row;
    }
    case 'divider':
      return element('hr');
    case 'image':
      return drawPicture(block);
    case 'rich_text':
      return element('div', '', ...(block.elements ?? []).map(drawRichText));
    default:
      return element('p', 'context', `[${block.type}]`);
  }
}

/** A picture uploaded to Slack; its words stand for it where it cannot be shown. */
function drawPicture({ slack_file: file, alt_text: words = '' }: Block): HTMLElement {
  const picture = element('img', 'picture');
  picture.src = `/sandbox/files/${encodeURIComponent(file?.id ?? '')}`;
  picture.alt = words;
  // As in Slack, a press shows it in its own size.
  const link = element('a', '', picture);
  link.href = picture.src;
  link.target = '_blank';
  link.rel = 'noopener';
  return link;
}

/** Literal text: nothing in it is markup. A table in a fixed-width font keeps its columns, and scrolls. */
function drawRichText(part: Element): HTMLElement {
  const text = (part.elements ?? []).map((piece) => piece.text ?? '').join('');
  if (part.type !== 'rich_text_preformatted') return element('p', '', text);
  const table = element('pre', 'table', text);
  table.tabIndex = 0;
  return table;
}

function drawElement(
  part: Element,
  blockId: string | undefined,
  onAction: OnAction,
): readonly HTMLElement[] {
  const actionId = part.action_id ?? '';
  if (part.type === 'overflow') {
    const { dots, menu } = overflowMenu(part, (value, button) =>
      onAction({ actionId, blockId, value, button }),
    );
    dots.dataset['action'] = actionId;
    dots.dataset['block'] = blockId ?? '';
    return [dots, menu];
  }
  const style = part.style === 'primary' || part.style === 'danger' ? part.style : '';
  const button = element('button', style, textOf(part.text));
  button.type = 'button';
  if (part.accessibility_label !== undefined)
    button.setAttribute('aria-label', part.accessibility_label);
  button.dataset['action'] = actionId;
  button.dataset['block'] = blockId ?? '';
  const press = () => onAction({ actionId, blockId, value: part.value, button });
  button.addEventListener('click', () => {
    if (part.confirm === undefined) press();
    else void confirmed(part.confirm).then((yes) => (yes ? press() : undefined));
  });
  return [button];
}

/** Slack's own confirm dialog: it asks before anything is sent. */
function confirmed({
  title,
  text,
  confirm,
  deny,
  style,
}: NonNullable<Element['confirm']>): Promise<boolean> {
  return new Promise((resolve) => {
    const dialog = element(
      'dialog',
      '',
      element('h3', '', title.text),
      element('p', '', text.text),
    );
    dialog.setAttribute('aria-label', title.text);
    const yes = element('button', style === 'danger' ? 'danger' : 'primary', confirm.text);
    const no = element('button', '', deny.text);
    const end = (answer: boolean) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    yes.addEventListener('click', () => end(true));
    no.addEventListener('click', () => end(false));
    dialog.addEventListener('cancel', () => end(false));
    dialog.append(element('div', 'row', no, yes));
    document.body.append(dialog);
    dialog.showModal();
  });
}
