import { limits } from '../limits.ts';
import {
  both,
  type Check,
  fine,
  flag,
  isObject,
  list,
  matching,
  may,
  need,
  object,
  oneOf,
  problem,
  string,
  url,
  whole,
} from './check.ts';
import {
  boxOption,
  confirm,
  exactlyOne,
  imageElement,
  option,
  optionGroup,
  overflowOption,
  plainText,
} from './composition.ts';
import { richText } from './rich-text.ts';

type Fields = Parameters<typeof object>[0];

const id = string(limits.id);
const text = string(limits.input.typed, 0);
const label = may(string(limits.button.label));
const style = may(oneOf('primary', 'danger'));
const focus: Fields = { focus_on_load: may(flag) };
const hinted: Fields = { placeholder: may(plainText(limits.input.placeholder)) };
const confirmed: Fields = { confirm: may(confirm) };
const dispatched: Fields = {
  dispatch_action_config: may(
    object({
      trigger_actions_on: may(list(oneOf('on_enter_pressed', 'on_character_entered'), { max: 2 })),
    }),
  ),
};
const several: Fields = { max_selected_items: may(whole(1, 1_000)) };
const filter = may(
  object({
    include: may(list(oneOf('im', 'mpim', 'private', 'public'), { max: 4 })),
    exclude_external_shared_channels: may(flag),
    exclude_bot_users: may(flag),
  }),
);
const options = {
  options: may(list(option, { max: limits.options.select })),
  option_groups: may(list(optionGroup, { max: limits.options.groups })),
};
const boxes = need(list(boxOption, { max: limits.options.boxes }));
const ids = list(id, { min: 0, max: 1_000 });

function element(type: string, ...fields: readonly Fields[]): Check {
  return object({ type: need(oneOf(type)), action_id: may(id), ...Object.assign({}, ...fields) });
}

/** Bounds that contradict each other, such as a `min_length` above its `max_length`. */
function ordered(low: string, high: string): Check {
  return (value, at) =>
    isObject(value) &&
    value[low] !== undefined &&
    value[high] !== undefined &&
    Number(value[low]) > Number(value[high])
      ? problem(`\`${low}\` must not be greater than \`${high}\``, at)
      : fine;
}

const feedback = need(
  object({
    text: need(plainText(limits.button.text)),
    value: need(string(limits.button.value)),
    accessibility_label: label,
  }),
);

/** Every interactive element, by `type`. */
const elements: Readonly<Record<string, Check>> = {
  image: imageElement,
  button: element('button', confirmed, {
    text: need(plainText(limits.button.text)),
    value: may(string(limits.button.value)),
    url: may(url(limits.button.url)),
    style,
    accessibility_label: label,
  }),
  workflow_button: element('workflow_button', confirmed, {
    text: need(plainText(limits.button.text)),
    workflow: need(object({ trigger: need(object({ url: need(url(limits.button.url)) })) })),
    style,
    accessibility_label: label,
  }),
  icon_button: element('icon_button', confirmed, {
    icon: need(oneOf('trash')),
    text: need(plainText(limits.button.text)),
    value: may(string(limits.button.value)),
    accessibility_label: label,
    visible_to_user_ids: may(ids),
  }),
  feedback_buttons: element('feedback_buttons', {
    positive_button: feedback,
    negative_button: feedback,
  }),
  overflow: element('overflow', confirmed, {
    options: need(list(overflowOption, { max: limits.options.overflow })),
  }),
  checkboxes: element('checkboxes', confirmed, focus, {
    options: boxes,
    initial_options: may(list(boxOption, { max: limits.options.boxes })),
  }),
  radio_buttons: element('radio_buttons', confirmed, focus, {
    options: boxes,
    initial_option: may(boxOption),
  }),
  static_select: both(
    element('static_select', confirmed, focus, hinted, options, { initial_option: may(option) }),
    exactlyOne('options', 'option_groups'),
  ),
  multi_static_select: both(
    element('multi_static_select', confirmed, focus, hinted, several, options, {
      initial_options: may(list(option, { max: limits.options.select })),
    }),
    exactlyOne('options', 'option_groups'),
  ),
  external_select: element('external_select', confirmed, focus, hinted, {
    initial_option: may(option),
    min_query_length: may(whole(0, 75)),
  }),
  multi_external_select: element('multi_external_select', confirmed, focus, hinted, several, {
    initial_options: may(list(option, { max: limits.options.select })),
    min_query_length: may(whole(0, 75)),
  }),
  users_select: element('users_select', confirmed, focus, hinted, { initial_user: may(id) }),
  multi_users_select: element('multi_users_select', confirmed, focus, hinted, several, {
    initial_users: may(ids),
  }),
  channels_select: element('channels_select', confirmed, focus, hinted, {
    initial_channel: may(id),
    response_url_enabled: may(flag),
  }),
  multi_channels_select: element('multi_channels_select', confirmed, focus, hinted, several, {
    initial_channels: may(ids),
  }),
  conversations_select: element('conversations_select', confirmed, focus, hinted, {
    initial_conversation: may(id),
    default_to_current_conversation: may(flag),
    response_url_enabled: may(flag),
    filter,
  }),
  multi_conversations_select: element(
    'multi_conversations_select',
    confirmed,
    focus,
    hinted,
    several,
    { initial_conversations: may(ids), default_to_current_conversation: may(flag), filter },
  ),
  datepicker: element('datepicker', confirmed, focus, hinted, {
    initial_date: may(matching(/^\d{4}-\d{2}-\d{2}$/, 'must be a date as YYYY-MM-DD')),
  }),
  timepicker: element('timepicker', confirmed, focus, hinted, {
    initial_time: may(matching(/^\d{2}:\d{2}$/, 'must be a time as HH:mm')),
    timezone: may(id),
  }),
  datetimepicker: element('datetimepicker', confirmed, focus, {
    // Ten digits: seconds, never milliseconds.
    initial_date_time: may(whole(1_000_000_000, 9_999_999_999)),
  }),
  plain_text_input: both(
    element('plain_text_input', focus, hinted, dispatched, {
      initial_value: may(text),
      multiline: may(flag),
      min_length: may(whole(0, limits.input.typed)),
      max_length: may(whole(1, limits.input.typed)),
    }),
    ordered('min_length', 'max_length'),
  ),
  number_input: both(
    element('number_input', focus, hinted, dispatched, {
      is_decimal_allowed: need(flag),
      initial_value: may(text),
      min_value: may(text),
      max_value: may(text),
    }),
    ordered('min_value', 'max_value'),
  ),
  email_text_input: element('email_text_input', focus, hinted, dispatched, {
    initial_value: may(text),
  }),
  url_text_input: element('url_text_input', focus, hinted, dispatched, {
    initial_value: may(text),
  }),
  rich_text_input: both(
    element('rich_text_input', focus, hinted, dispatched, {
      initial_value: may(richText),
      min_lines: may(whole(1, limits.input.lines)),
      max_lines: may(whole(1, limits.input.lines)),
    }),
    ordered('min_lines', 'max_lines'),
  ),
  file_input: element('file_input', {
    filetypes: may(list(id, { min: 0, max: 100 })),
    max_files: may(whole(1, limits.input.files)),
  }),
};

/** A source of a task, shown as a link. */
export const urlSource: Check = object({
  type: need(oneOf('url')),
  url: need(url(limits.button.url)),
  text: need(string(limits.textObject)),
});

/** The checks of some element types. */
export function elementsOf(...types: readonly string[]): Readonly<Record<string, Check>> {
  return Object.fromEntries(Object.entries(elements).filter(([type]) => types.includes(type)));
}
