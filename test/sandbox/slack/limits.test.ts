import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/sandbox/slack/blocks/check.ts';
import { messageBlocks, view } from '../../../src/sandbox/slack/blocks/payload.ts';

const text = (length: number) => 'x'.repeat(length);
const many = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const plain = (length = 1) => ({ type: 'plain_text', text: text(length) });
const mrkdwn = (length = 1) => ({ type: 'mrkdwn', text: text(length) });
const section = (more: JsonObject = {}) => ({ type: 'section', text: mrkdwn(), ...more });
const button = (more: JsonObject = {}) => ({ type: 'button', text: plain(), ...more });
const actions = (...elements: JsonObject[]) => ({ type: 'actions', elements });
const option = (more: JsonObject = {}) => ({ text: plain(), value: 'v', ...more });
const options = (count: number) => many(count, (i) => option({ value: `v${i}` }));
const image = (more: JsonObject = {}) => ({
  type: 'image',
  alt_text: 'a',
  image_url: 'https://example.com/a.png',
  ...more,
});
const input = (element: JsonObject, more: JsonObject = {}) => ({
  type: 'input',
  label: plain(),
  element,
  ...more,
});
const typed = (more: JsonObject = {}) => ({ type: 'plain_text_input', ...more });
const raw = (length = 1) => ({ type: 'raw_text', text: text(length) });
const table = (rows: number, cells: number, length = 1) => ({
  type: 'table',
  rows: many(rows, () => many(cells, () => raw(length))),
});
const dataTable = (rows: number, cells: number, more: JsonObject = {}) => ({
  type: 'data_table',
  caption: 'c',
  rows: many(rows, () => many(cells, () => raw())),
  ...more,
});
const card = (more: JsonObject = {}) => ({ type: 'card', title: mrkdwn(), ...more });
const container = (children: number, more: JsonObject = {}) => ({
  type: 'container',
  title: plain(),
  child_blocks: many(children, () => ({ type: 'divider' })),
  ...more,
});
const chart = (series: number, points: number, label = 1) => {
  const categories = many(points, (i) => String(i).padEnd(label, 'x'));
  return {
    type: 'data_visualization',
    title: 't',
    chart: {
      type: 'bar',
      series: many(series, (i) => ({
        name: `s${i}`,
        data: categories.map((one) => ({ label: one, value: 1 })),
      })),
      axis_config: { categories },
    },
  };
};
const address = (length: number) => `https://example.com/${text(length - 20)}`;

/** Each bound as: what is at it, and what is one beyond it. */
const inMessages: [string, (n: number) => JsonObject | JsonObject[], number][] = [
  ['blocks of a message', (n) => many(n, () => ({ type: 'divider' })), 50],
  ['text of a section', (n) => section({ text: mrkdwn(n) }), 3000],
  ['fields of a section', (n) => section({ fields: many(n, () => mrkdwn()) }), 10],
  ['text of a field', (n) => section({ fields: [plain(n)] }), 2000],
  ['text of a header', (n) => ({ type: 'header', text: plain(n) }), 150],
  ['elements of a context', (n) => ({ type: 'context', elements: many(n, () => mrkdwn()) }), 10],
  ['text in a context', (n) => ({ type: 'context', elements: [mrkdwn(n)] }), 3000],
  ['elements of actions', (n) => actions(...many(n, () => button())), 25],
  [
    'elements of context actions',
    (n) => ({
      type: 'context_actions',
      elements: many(n, () => ({ type: 'icon_button', icon: 'trash', text: plain() })),
    }),
    5,
  ],
  ['text of a button', (n) => actions(button({ text: plain(n) })), 75],
  ['value of a button', (n) => actions(button({ value: text(n) })), 2000],
  ['url of a button', (n) => actions(button({ url: address(n) })), 3000],
  ['label of a button', (n) => actions(button({ accessibility_label: text(n) })), 75],
  ['action_id', (n) => actions(button({ action_id: text(n) })), 255],
  ['block_id', (n) => section({ block_id: text(n) }), 255],
  ['options of a select', (n) => actions({ type: 'static_select', options: options(n) }), 100],
  [
    'option groups',
    (n) =>
      actions({
        type: 'static_select',
        option_groups: many(n, () => ({ label: plain(), options: options(1) })),
      }),
    100,
  ],
  [
    'options in a group',
    (n) =>
      actions({
        type: 'multi_static_select',
        option_groups: [{ label: plain(), options: options(n) }],
      }),
    100,
  ],
  ['check boxes', (n) => actions({ type: 'checkboxes', options: options(n) }), 10],
  ['radio buttons', (n) => actions({ type: 'radio_buttons', options: options(n) }), 10],
  ['an overflow menu', (n) => actions({ type: 'overflow', options: options(n) }), 5],
  ['text of an option', (n) => actions(select({ text: plain(n) })), 75],
  ['value of an option', (n) => actions(select({ value: text(n) })), 75],
  ['description of an option', (n) => actions(select({ description: plain(n) })), 75],
  [
    'url of an overflow option',
    (n) => actions({ type: 'overflow', options: [option({ url: address(n) })] }),
    3000,
  ],
  [
    'title of a confirm dialog',
    (n) => actions(button({ confirm: confirm({ title: plain(n) }) })),
    100,
  ],
  [
    'text of a confirm dialog',
    (n) => actions(button({ confirm: confirm({ text: plain(n) }) })),
    300,
  ],
  ['confirm button', (n) => actions(button({ confirm: confirm({ confirm: plain(n) }) })), 30],
  ['deny button', (n) => actions(button({ confirm: confirm({ deny: plain(n) }) })), 30],
  ['alt text of an image', (n) => image({ alt_text: text(n) }), 2000],
  ['title of an image', (n) => image({ title: plain(n) }), 2000],
  ['url of an image', (n) => image({ image_url: address(n) }), 3000],
  ['label of an input', (n) => input(typed(), { label: plain(n) }), 2000],
  ['hint of an input', (n) => input(typed(), { hint: plain(n) }), 2000],
  ['placeholder', (n) => input(typed({ placeholder: plain(n) })), 150],
  ['min_length', (n) => input(typed({ min_length: n })), 3000],
  ['max_length', (n) => input(typed({ max_length: n })), 3000],
  ['files of an input', (n) => input({ type: 'file_input', max_files: n }), 10],
  ['lines of a rich text input', (n) => input({ type: 'rich_text_input', max_lines: n }), 100],
  ['text of markdown', (n) => ({ type: 'markdown', text: text(n) }), 12_000],
  [
    'text of all markdown',
    (n) => [
      { type: 'markdown', text: text(6000) },
      { type: 'markdown', text: text(n - 6000) },
    ],
    12_000,
  ],
  ['rows of a table', (n) => table(n, 1), 100],
  ['cells of a row', (n) => table(1, n), 20],
  ['text of a table', (n) => ({ type: 'table', rows: [[raw(5000), raw(n - 5000)]] }), 10_000],
  ['column settings', (n) => ({ ...table(1, 1), column_settings: many(n, () => ({})) }), 20],
  ['tables', (n) => many(n, () => table(1, 1)), 1],
  ['rows of a data table', (n) => dataTable(n, 1), 101],
  ['columns of a data table', (n) => dataTable(2, n), 20],
  ['page of a data table', (n) => dataTable(2, 1, { page_size: n }), 100],
  [
    'text of a data table',
    (n) => dataTable(2, 1, { rows: [[raw(1)], [raw(9_999)], [raw(n - 10_000)]] }),
    20_000,
  ],
  ['title of a card', (n) => card({ title: mrkdwn(n) }), 150],
  ['subtitle of a card', (n) => card({ subtitle: mrkdwn(n) }), 150],
  ['body of a card', (n) => card({ body: mrkdwn(n) }), 200],
  ['buttons of a card', (n) => card({ actions: many(n, () => button()) }), 3],
  ['cards of a carousel', (n) => ({ type: 'carousel', elements: many(n, () => card()) }), 10],
  ['title of a container', (n) => container(1, { title: plain(n) }), 150],
  ['subtitle of a container', (n) => container(1, { subtitle: plain(n) }), 150],
  ['blocks of a container', (n) => container(n), 10],
  ['charts', (n) => many(n, () => chart(1, 1)), 2],
  ['title of a chart', (n) => ({ ...chart(1, 1), title: text(n) }), 50],
  ['series of a chart', (n) => chart(n, 1), 12],
  ['points of a chart', (n) => chart(1, n), 20],
  ['label of a point', (n) => chart(1, 1, n), 20],
];

const modal = (more: JsonObject = {}) => ({
  type: 'modal',
  title: plain(),
  blocks: [{ type: 'divider' }],
  ...more,
});

const inViews: [string, (n: number) => JsonObject, number][] = [
  ['blocks of a modal', (n) => modal({ blocks: many(n, () => ({ type: 'divider' })) }), 100],
  [
    'blocks of a Home',
    (n) => ({ type: 'home', blocks: many(n, () => ({ type: 'divider' })) }),
    100,
  ],
  ['title of a modal', (n) => modal({ title: plain(n) }), 24],
  ['submit of a modal', (n) => modal({ submit: plain(n) }), 24],
  ['close of a modal', (n) => modal({ close: plain(n) }), 24],
  ['private_metadata', (n) => modal({ private_metadata: text(n) }), 3000],
  ['callback_id', (n) => modal({ callback_id: text(n) }), 255],
  ['external_id', (n) => modal({ external_id: text(n) }), 255],
  ['text of an alert', (n) => modal({ blocks: [{ type: 'alert', text: plain(n) }] }), 200],
];

function select(more: JsonObject) {
  return { type: 'static_select', options: [option(more)] };
}

function confirm(more: JsonObject) {
  return { title: plain(), text: plain(), confirm: plain(), deny: plain(), ...more };
}

describe('every limit lets its bound pass and refuses one more', () => {
  test.each(inMessages)('%s', (_, make, bound) => {
    expect(messageBlocks([make(bound)].flat(), '/blocks')).toEqual([]);
    expect(messageBlocks([make(bound + 1)].flat(), '/blocks')).not.toEqual([]);
  });
  test.each(inViews)('%s', (_, make, bound) => {
    expect(view(make(bound), '/view')).toEqual([]);
    expect(view(make(bound + 1), '/view')).not.toEqual([]);
  });
});

describe('structure', () => {
  const refusals: [string, JsonObject | JsonObject[], string][] = [
    ['an unknown block', { type: 'sparkle' }, 'unsupported type: sparkle'],
    ['a block without a type', { text: 'x' }, 'missing required field: type'],
    ['a field nobody knows', section({ color: 'red' }), 'invalid additional property: color'],
    [
      'emoji on mrkdwn',
      section({ text: { ...mrkdwn(), emoji: true } }),
      'invalid additional property: emoji',
    ],
    ['an empty text', section({ text: mrkdwn(0) }), 'must be more than 0 characters'],
    ['a section of nothing', { type: 'section' }, 'must define either `text` or `fields`'],
    ['a header with markup', { type: 'header', text: mrkdwn() }, 'unsupported type: mrkdwn'],
    [
      'an image without alt text',
      image({ alt_text: undefined }),
      'missing required field: alt_text',
    ],
    [
      'an image from two places',
      image({ slack_file: { id: 'F1' } }),
      'must define either `image_url` or `slack_file`',
    ],
    ['a button that is no link', actions(button({ url: 'nowhere' })), 'must be a valid URL'],
    ['a strange style', actions(button({ style: 'green' })), 'must be one of: primary, danger'],
    ['an input that is none', input(button()), 'unsupported type: button'],
    ['no options', actions({ type: 'static_select', options: [] }), 'must have at least 1 items'],
    [
      'contradicting lengths',
      input(typed({ min_length: 9, max_length: 3 })),
      '`min_length` must not be greater than `max_length`',
    ],
    [
      'milliseconds in a picker',
      input({ type: 'datetimepicker', initial_date_time: 1_700_000_000_000 }),
      'must be an integer from 1000000000 to 9999999999',
    ],
    [
      'one block_id twice',
      [section({ block_id: 'a' }), section({ block_id: 'a' })],
      '`block_id` a already exists',
    ],
    [
      'one action_id twice in a block',
      actions(button({ action_id: 'a' }), button({ action_id: 'a' })),
      '`action_id` a already exists in this block',
    ],
    ['an alert outside modals', { type: 'alert', text: plain() }, 'unsupported type: alert'],
    [
      'a data table of uneven rows',
      dataTable(2, 1, { rows: [[raw()], [raw(), raw()]] }),
      'must have as many cells as the header',
    ],
  ];
  test.each(refusals)('%s is refused', (_, blocks, message) => {
    expect(messageBlocks([blocks].flat(), '/blocks').map((one) => one.message)).toContain(message);
  });

  test('the place of a problem is named by a JSON pointer', () => {
    expect(messageBlocks([section(), actions(button({ text: plain(76) }))], '/blocks')).toEqual([
      { message: 'must be less than 76 characters', pointer: '/blocks/1/elements/0/text/text' },
    ]);
  });

  test('code points are counted, not their halves', () => {
    expect(
      messageBlocks([{ type: 'header', text: { type: 'plain_text', text: '🚀'.repeat(150) } }], ''),
    ).toEqual([]);
  });

  test('one action_id may stand in two blocks', () => {
    expect(
      messageBlocks([actions(button({ action_id: 'a' })), actions(button({ action_id: 'a' }))], ''),
    ).toEqual([]);
  });

  test('a modal with an input needs a submit button', () => {
    expect(view(modal({ blocks: [input(typed())] }), '/view')).toEqual([
      { message: 'missing required field: submit', pointer: '/view' },
    ]);
  });

  test.each(['markdown', 'table', 'container', 'plan'])('a modal knows no %s', (type) => {
    expect(view(modal({ blocks: [{ type }] }), '/view').at(0)?.message).toBe(
      `unsupported type: ${type}`,
    );
  });
});
