import { limits } from '../limits.ts';
import { chart } from './chart.ts';
import {
  both,
  byType,
  type Check,
  fine,
  finite,
  flag,
  isObject,
  list,
  may,
  need,
  object,
  oneOf,
  problem,
  string,
  whole,
} from './check.ts';
import { anyOf, anyText, imageBlock, imageElement, mrkdwn, plainText } from './composition.ts';
import { elementsOf, urlSource } from './elements.ts';
import { richText } from './rich-text.ts';

type Fields = Parameters<typeof object>[0];

function block(type: string, fields: Fields): Check {
  return object({ type: need(oneOf(type)), block_id: may(string(limits.id)), ...fields });
}

const menus = [
  'static_select',
  'external_select',
  'users_select',
  'channels_select',
  'conversations_select',
].flatMap((type) => [type, `multi_${type}`]);
const pickers = ['datepicker', 'timepicker', 'checkboxes', 'radio_buttons', ...menus];
const accessories = elementsOf('button', 'workflow_button', 'image', 'overflow', ...pickers);
const actions = elementsOf(
  'button',
  'workflow_button',
  'overflow',
  'datetimepicker',
  'rich_text_input',
  ...pickers,
);
const inputs = elementsOf(
  'plain_text_input',
  'number_input',
  'email_text_input',
  'url_text_input',
  'rich_text_input',
  'file_input',
  'datetimepicker',
  ...pickers,
);
const contextActions = elementsOf('feedback_buttons', 'icon_button');
const contextText = anyText(limits.textObject);
const context = {
  plain_text: contextText,
  mrkdwn: contextText,
  image: imageElement,
};

const rawCells: Readonly<Record<string, Check>> = {
  raw_text: object({ type: need(oneOf('raw_text')), text: need(string(limits.table.text)) }),
  raw_number: object({
    type: need(oneOf('raw_number')),
    value: need(finite),
    text: need(string(limits.textObject)),
  }),
};
const cell = byType(() => ({ ...rawCells, rich_text: richText }));
const headCell = byType(() => rawCells);

/** The first row of a `data_table` names its columns and knows no rich text; all rows are equally long. */
const dataRows: Check = (value, at) => {
  if (!Array.isArray(value)) return problem('must be an array', at);
  if (value.length < 2) return problem('must have at least 2 items', at);
  if (value.length > limits.dataTable.rows)
    return problem(`no more than ${limits.dataTable.rows} items allowed`, at);
  return value.flatMap((row, i) =>
    both(list(i === 0 ? headCell : cell, { max: limits.dataTable.columns }), (cells, where) =>
      Array.isArray(cells) && cells.length === value[0].length
        ? fine
        : problem('must have as many cells as the header', where),
    )(row, `${at}/${i}`),
  );
};

/** All the text a `table` or `data_table` holds stays under its bound. */
function textUnder(max: number): Check {
  return (value, at) =>
    textLength(value) > max
      ? problem(`must have less than ${max + 1} characters in all`, at)
      : fine;
}

/** Code points of every member `text` that is a string, at any depth. */
export function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + textLength(one), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, member]) =>
      sum +
      (key === 'text' && typeof member === 'string' ? [...member].length : textLength(member)),
    0,
  );
}

const section = both(
  block('section', {
    text: may(anyText(limits.textObject)),
    fields: may(list(anyText(limits.section.field), { max: limits.section.fields })),
    accessory: may(byType(() => accessories)),
    expand: may(flag),
  }),
  anyOf('text', 'fields'),
);

const card = both(
  block('card', {
    hero_image: may(imageElement),
    icon: may(imageElement),
    title: may(mrkdwn(limits.card.title)),
    subtitle: may(mrkdwn(limits.card.subtitle)),
    body: may(mrkdwn(limits.card.body)),
    actions: may(
      list(
        byType(() => elementsOf('button')),
        { max: limits.card.actions },
      ),
    ),
  }),
  anyOf('hero_image', 'title', 'actions', 'body'),
);

const taskCard = block('task_card', {
  task_id: need(string(limits.id)),
  title: need(string(limits.textObject)),
  status: need(oneOf('pending', 'in_progress', 'complete', 'error')),
  details: may(richText),
  output: may(richText),
  sources: may(list(urlSource, { min: 0, max: 100 })),
});

const inContainer = [
  'actions',
  'context',
  'divider',
  'header',
  'image',
  'input',
  'rich_text',
  'section',
  'table',
];

/**
 * Every block an app may send, by `type`. `file` (only Slack makes it) and `video` (needs `links.embed:write`, which
 * Amiable does not ask for) are left out and so refused.
 */
export const blocks: Readonly<Record<string, Check>> = {
  section,
  card,
  task_card: taskCard,
  header: block('header', { text: need(plainText(limits.header)) }),
  divider: block('divider', {}),
  image: imageBlock,
  context: block('context', {
    elements: need(
      list(
        byType(() => context),
        { max: limits.context },
      ),
    ),
  }),
  actions: block('actions', {
    elements: need(
      list(
        byType(() => actions),
        { max: limits.actions },
      ),
    ),
  }),
  context_actions: block('context_actions', {
    elements: need(
      list(
        byType(() => contextActions),
        { max: limits.contextActions },
      ),
    ),
  }),
  input: block('input', {
    label: need(plainText(limits.input.label)),
    hint: may(plainText(limits.input.hint)),
    optional: may(flag),
    dispatch_action: may(flag),
    element: need(byType(() => inputs)),
  }),
  rich_text: richText,
  markdown: block('markdown', { text: need(string(limits.markdown)) }),
  table: both(
    block('table', {
      rows: need(list(list(cell, { max: limits.table.columns }), { max: limits.table.rows })),
      column_settings: may(
        list(object({ align: may(oneOf('left', 'center', 'right')), is_wrapped: may(flag) }), {
          min: 0,
          max: limits.table.columns,
        }),
      ),
    }),
    textUnder(limits.table.text),
  ),
  data_table: both(
    block('data_table', {
      caption: need(string(limits.textObject)),
      rows: need(dataRows),
      page_size: may(whole(1, limits.dataTable.page)),
      row_header_column_index: may(whole(0, limits.dataTable.columns - 1)),
    }),
    textUnder(limits.dataTable.text),
  ),
  carousel: block('carousel', { elements: need(list(card, { max: limits.carousel })) }),
  plan: block('plan', {
    title: need(string(limits.textObject)),
    tasks: may(list(taskCard, { min: 0, max: limits.messageBlocks })),
  }),
  container: both(
    block('container', {
      title: may(plainText(limits.container.title)),
      rich_text_title: may(richText),
      subtitle: may(anyText(limits.container.subtitle)),
      icon: may(imageElement),
      width: may(oneOf('narrow', 'standard', 'wide', 'full')),
      is_collapsible: may(flag),
      default_collapsed: may(flag),
      has_header_divider: may(flag),
      child_blocks: need(
        list(
          byType(() =>
            Object.fromEntries(inContainer.map((type) => [type, blocks[type] as Check])),
          ),
          { max: limits.container.blocks },
        ),
      ),
    }),
    anyOf('title', 'rich_text_title'),
  ),
  alert: block('alert', {
    text: need(anyText(limits.alert)),
    level: may(oneOf('default', 'info', 'warning', 'error', 'success')),
  }),
  data_visualization: block('data_visualization', {
    title: need(string(limits.chart.title)),
    chart: need(chart),
  }),
};
