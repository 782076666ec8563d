import type { JsonObject } from '../blocks/check.ts';
import { limits } from '../limits.ts';
import type { ViewValues } from '../views.ts';
import { isEmpty } from './choose.ts';

/** What Slack's client says under each field before it lets a modal be submitted; empty: nothing to say. */
export function complaintsAbout(
  blocks: readonly JsonObject[],
  values: ViewValues,
): Readonly<Record<string, string>> {
  const found = blocks
    .filter((block) => block['type'] === 'input')
    .flatMap((block) => {
      const element = block['element'] as JsonObject;
      const blockId = String(block['block_id']);
      const answer = values[blockId]?.[String(element['action_id'])];
      const says = isEmpty(answer)
        ? block['optional'] === true
          ? undefined
          : 'Please complete this required field.'
        : complaint(element, String(answer?.['value'] ?? ''));
      return says === undefined ? [] : [[blockId, says] as const];
    });
  return Object.fromEntries(found);
}

function complaint(element: JsonObject, typed: string): string | undefined {
  const length = [...typed].length;
  switch (element['type']) {
    case 'plain_text_input': {
      const min = Number(element['min_length'] ?? 0);
      const max = Number(element['max_length'] ?? limits.input.typed);
      if (length < min) return `Must be at least ${min} characters.`;
      return length > max ? `Must be at most ${max} characters.` : undefined;
    }
    case 'number_input': {
      const value = Number(typed);
      if (!Number.isFinite(value)) return 'Enter a number.';
      if (element['is_decimal_allowed'] !== true && !Number.isInteger(value))
        return 'Enter a whole number.';
      if (value < Number(element['min_value'] ?? Number.NEGATIVE_INFINITY))
        return 'Number is too small.';
      return value > Number(element['max_value'] ?? Number.POSITIVE_INFINITY)
        ? 'Number is too large.'
        : undefined;
    }
    case 'email_text_input':
      return /^\S+@\S+\.\S+$/.test(typed) ? undefined : 'Enter a valid email.';
    case 'url_text_input':
      return /^https?:\/\//.test(typed) && URL.canParse(typed) ? undefined : 'Enter a valid URL.';
    default:
      return undefined;
  }
}
