import type { Message } from '../../blocks/block-kit.ts';

type Part = {
  readonly type: string;
  readonly block_id?: string;
  readonly action_id?: string;
  readonly value?: string;
  readonly style?: string;
  readonly text?: { readonly text: string };
  readonly fields?: readonly { readonly text: string }[];
  readonly elements?: readonly Part[];
  readonly options?: readonly {
    readonly text: { readonly text: string };
    readonly value: string;
  }[];
  readonly confirm?: {
    readonly title: { readonly text: string };
    readonly text: { readonly text: string };
  };
};

/** A message as text that people can review: what is read, and what each button carries. */
export function drawn({ text, blocks }: Message): string {
  const parts = blocks as readonly unknown[] as readonly Part[];
  return `text: ${text}\n\n${parts.map(drawnBlock).join('\n\n')}\n`;
}

function drawnBlock({ type, text, fields = [], elements = [] }: Part): string {
  switch (type) {
    case 'header':
      return `# ${text?.text}`;
    case 'section':
      return [text?.text, ...fields.map((field) => `| ${field.text.replace('\n', ': ')}`)]
        .filter((line) => line !== undefined)
        .join('\n');
    case 'context':
      return `(${elements.map((one) => (one as unknown as { text: string }).text).join(' ')})`;
    case 'actions':
      return elements.map(drawnElement).join('\n');
    default:
      throw new Error(`no card has a ${type} block`);
  }
}

function drawnElement({ text, style, action_id, value, options, confirm }: Part): string {
  if (options !== undefined)
    return `[⋯] ${options.map((option) => `${option.text.text} (${option.value})`).join(' | ')}`;
  const asks =
    confirm === undefined ? '' : `\n    asks: ${confirm.title.text} ${confirm.text.text}`;
  return `[${text?.text}]${style === undefined ? '' : ` ${style}`} ${action_id} ${value}${asks}`;
}
