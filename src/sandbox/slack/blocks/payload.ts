import { limits } from '../limits.ts';
import { blocks } from './blocks.ts';
import {
  both,
  byType,
  type Check,
  fine,
  flag,
  isObject,
  type JsonObject,
  list,
  may,
  need,
  object,
  oneOf,
  type Problem,
  problem,
  string,
} from './check.ts';
import { plainText } from './composition.ts';
import { allBlocks, elementsIn } from './walk.ts';

const everywhere = [
  'section',
  'header',
  'divider',
  'image',
  'context',
  'actions',
  'input',
  'rich_text',
];
const inMessages = [
  'markdown',
  'container',
  'plan',
  'task_card',
  'context_actions',
  'data_visualization',
];
const inMessagesAndHome = ['table', 'data_table', 'card', 'carousel'];

/** Which blocks each surface documents. */
const surfaces = {
  message: [...everywhere, ...inMessages, ...inMessagesAndHome],
  home: [...everywhere, ...inMessagesAndHome],
  modal: [...everywhere, 'alert'],
} as const;

export type Surface = keyof typeof surfaces;

function blocksOn(surface: Surface, max: number, min: number): Check {
  const known = Object.fromEntries(surfaces[surface].map((type) => [type, blocks[type] as Check]));
  return both(
    list(
      byType(() => known),
      { min, max },
    ),
    (value, at) => [
      ...distinctIds(value as JsonObject[], at),
      ...perPayload(value as JsonObject[], at),
    ],
  );
}

/** Everything wrong with the blocks of a message; pointers start at `/blocks`. */
export const messageBlocks = blocksOn('message', limits.messageBlocks, 0);

const viewFields = {
  callback_id: may(string(limits.id, 0)),
  external_id: may(string(limits.id, 0)),
  private_metadata: may(string(limits.view.metadata, 0)),
};

const views: Readonly<Record<string, Check>> = {
  home: object({
    type: need(oneOf('home')),
    blocks: need(blocksOn('home', limits.viewBlocks, 0)),
    ...viewFields,
  }),
  modal: both(
    object({
      type: need(oneOf('modal')),
      title: need(plainText(limits.view.title)),
      blocks: need(blocksOn('modal', limits.viewBlocks, 0)),
      submit: may(plainText(limits.view.button)),
      close: may(plainText(limits.view.button)),
      clear_on_close: may(flag),
      notify_on_close: may(flag),
      ...viewFields,
    }),
    (value, at) =>
      isObject(value) && value['submit'] === undefined && hasInput(value['blocks'])
        ? problem('missing required field: submit', at)
        : fine,
  ),
};

/** Everything wrong with a view; pointers start at `at`, `/view` in every method. */
export const view: Check = byType(() => views);

function hasInput(blocks: unknown): boolean {
  return Array.isArray(blocks) && blocks.some((block: JsonObject) => block['type'] === 'input');
}

/** `block_id`s differ in the whole payload, `action_id`s within their block. */
function distinctIds(all: readonly JsonObject[], at: string): readonly Problem[] {
  const seen = new Set<string>();
  return all.flatMap((block, i) => {
    const again = allBlocks([block]).flatMap(({ block_id: id }) => {
      if (typeof id !== 'string') return fine;
      if (seen.has(id)) return problem(`\`block_id\` ${id} already exists`, `${at}/${i}/block_id`);
      seen.add(id);
      return fine;
    });
    const ids = elementsIn(block).flatMap(({ action_id: id }) =>
      typeof id === 'string' ? [id] : [],
    );
    const twice = ids.filter((id, n) => ids.indexOf(id) < n);
    return [
      ...again,
      ...twice.flatMap((id) =>
        problem(`\`action_id\` ${id} already exists in this block`, `${at}/${i}`),
      ),
    ];
  });
}

function perPayload(all: readonly JsonObject[], at: string): readonly Problem[] {
  const of = (type: string) => allBlocks(all).filter((block) => block['type'] === type);
  const markdown = of('markdown').reduce((sum, { text }) => sum + [...String(text)].length, 0);
  return [
    ...(of('table').length > 1 ? problem('only one table allowed per message', at) : fine),
    ...(of('data_visualization').length > limits.chart.perMessage
      ? problem(`no more than ${limits.chart.perMessage} data_visualization blocks allowed`, at)
      : fine),
    ...(markdown > limits.markdown
      ? problem(`markdown blocks must have less than ${limits.markdown + 1} characters in all`, at)
      : fine),
  ];
}
