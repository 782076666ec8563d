import { isObject, type JsonObject } from '../blocks/check.ts';
import { elementsIn } from '../blocks/walk.ts';
import type { ViewValues } from '../views.ts';

/** What somebody chose or typed: an option's value, an id, a date, a text; a list of them where several may be. */
export type Choice = string | number | readonly string[] | JsonObject;

/** How an element's answer is spelled in payloads, and what it starts with. */
type Kind = {
  readonly member: string;
  readonly starts: string;
  readonly options?: boolean;
  readonly several?: boolean;
};

const one = (member: string, starts: string): Kind => ({ member, starts });
const several = (member: string, starts: string): Kind => ({ member, starts, several: true });

/** Elements that keep an answer. Buttons and overflow menus keep none. */
const kinds: Readonly<Record<string, Kind>> = {
  plain_text_input: one('value', 'initial_value'),
  number_input: one('value', 'initial_value'),
  email_text_input: one('value', 'initial_value'),
  url_text_input: one('value', 'initial_value'),
  rich_text_input: one('rich_text_value', 'initial_value'),
  datepicker: one('selected_date', 'initial_date'),
  timepicker: one('selected_time', 'initial_time'),
  datetimepicker: one('selected_date_time', 'initial_date_time'),
  users_select: one('selected_user', 'initial_user'),
  multi_users_select: several('selected_users', 'initial_users'),
  channels_select: one('selected_channel', 'initial_channel'),
  multi_channels_select: several('selected_channels', 'initial_channels'),
  conversations_select: one('selected_conversation', 'initial_conversation'),
  multi_conversations_select: several('selected_conversations', 'initial_conversations'),
  external_select: one('selected_option', 'initial_option'),
  static_select: { ...one('selected_option', 'initial_option'), options: true },
  radio_buttons: { ...one('selected_option', 'initial_option'), options: true },
  multi_static_select: { ...several('selected_options', 'initial_options'), options: true },
  checkboxes: { ...several('selected_options', 'initial_options'), options: true },
  multi_external_select: several('selected_options', 'initial_options'),
  file_input: several('files', 'initial_files'),
};

export function keepsAnswer(element: JsonObject): boolean {
  return Object.hasOwn(kinds, String(element['type']));
}

/** The answer a choice makes, as payloads carry it. `undefined`: the element does not offer it. */
export function answerOf(element: JsonObject, choice: Choice): JsonObject | undefined {
  const type = String(element['type']);
  if (type === 'overflow') {
    const option = optionOf(element, choice);
    return option === undefined ? undefined : { type, selected_option: option };
  }
  if (type === 'feedback_buttons') {
    const values = [element['positive_button'], element['negative_button']].map(
      (button) => isObject(button) && button['value'],
    );
    return values.includes(String(choice)) ? { type, value: choice } : undefined;
  }
  const kind = kinds[type];
  if (kind === undefined) return undefined;
  if (kind.options !== true) return { type, [kind.member]: choice };
  if (kind.several !== true) {
    const option = optionOf(element, choice);
    return option === undefined ? undefined : { type, [kind.member]: option };
  }
  const chosen = (Array.isArray(choice) ? choice : [choice]).map((one) => optionOf(element, one));
  return chosen.includes(undefined) ? undefined : { type, [kind.member]: chosen };
}

/** What an element holds before anybody touches it. */
function initialAnswer(element: JsonObject): JsonObject {
  const type = String(element['type']);
  const kind = kinds[type];
  if (kind === undefined) return { type };
  return { type, [kind.member]: element[kind.starts] ?? (kind.several === true ? [] : null) };
}

/** Whether an answer says nothing. */
export function isEmpty(answer: JsonObject | undefined): boolean {
  return Object.entries(answer ?? {})
    .filter(([key]) => key !== 'type')
    .every(
      ([, value]) => value === null || value === '' || (Array.isArray(value) && value.length === 0),
    );
}

/** `state.values` of a surface: what is known of every element that keeps an answer, else what it starts with. */
export function valuesOf(blocks: readonly JsonObject[], known: ViewValues): ViewValues {
  const entries = blocks.flatMap((block) => {
    const blockId = String(block['block_id']);
    const answers = elementsIn(block)
      .filter(keepsAnswer)
      .map((element) => {
        const actionId = String(element['action_id']);
        return [actionId, known[blockId]?.[actionId] ?? initialAnswer(element)] as const;
      });
    return answers.length === 0 ? [] : [[blockId, Object.fromEntries(answers)] as const];
  });
  return Object.fromEntries(entries);
}

function optionOf(element: JsonObject, choice: unknown): JsonObject | undefined {
  const groups = Array.isArray(element['option_groups']) ? element['option_groups'] : [];
  const options = [element['options'], ...groups.map((group: JsonObject) => group['options'])];
  return options
    .flat()
    .find((option): option is JsonObject => isObject(option) && option['value'] === choice);
}
