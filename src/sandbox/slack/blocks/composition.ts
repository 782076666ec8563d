import { limits } from '../limits.ts';
import {
  both,
  byType,
  type Check,
  fine,
  flag,
  isObject,
  list,
  may,
  need,
  object,
  oneOf,
  problem,
  string,
  url,
} from './check.ts';

/** A `plain_text` object of 1 to `max` code points. */
export function plainText(max: number): Check {
  return byType(() => ({
    plain_text: object({
      type: need(oneOf('plain_text')),
      text: need(string(max)),
      emoji: may(flag),
    }),
  }));
}

/** A `mrkdwn` object of 1 to `max` code points. */
export function mrkdwn(max: number): Check {
  return byType(() => ({
    mrkdwn: object({ type: need(oneOf('mrkdwn')), text: need(string(max)), verbatim: may(flag) }),
  }));
}

/** Either text object. */
export function anyText(max: number): Check {
  const checks = { plain_text: plainText(max), mrkdwn: mrkdwn(max) };
  return byType(() => checks);
}

export const confirm: Check = object({
  title: may(plainText(limits.confirm.title)),
  text: need(anyText(limits.confirm.text)),
  confirm: may(plainText(limits.confirm.button)),
  deny: may(plainText(limits.confirm.button)),
  style: may(oneOf('primary', 'danger')),
});

const optionFields = {
  value: need(string(limits.option.value)),
  description: may(plainText(limits.option.description)),
};

/** An option of a menu. */
export const option: Check = object({
  ...optionFields,
  text: need(plainText(limits.option.text)),
});

/** An option of check boxes or radio buttons, whose texts may be `mrkdwn`. */
export const boxOption: Check = object({
  text: need(anyText(limits.option.text)),
  value: need(string(limits.option.value)),
  description: may(anyText(limits.option.description)),
});

/** An option of an overflow menu, which may be a link. */
export const overflowOption: Check = object({
  ...optionFields,
  text: need(plainText(limits.option.text)),
  url: may(url(limits.option.url)),
});

export const optionGroup: Check = object({
  label: need(plainText(limits.option.text)),
  options: need(list(option, { max: limits.options.select })),
});

/** A file of ours, named by `id` or by `url`, never by both. Whether it exists is asked elsewhere. */
const slackFile: Check = both(
  object({ id: may(string(255)), url: may(string(3_000)) }),
  exactlyOne('id', 'url'),
);

const imageSource = {
  image_url: may(url(limits.image.url)),
  slack_file: may(slackFile),
};

export const imageElement: Check = both(
  object({
    type: need(oneOf('image')),
    alt_text: need(string(limits.image.alt)),
    ...imageSource,
  }),
  exactlyOne('image_url', 'slack_file'),
);

export const imageBlock: Check = both(
  object({
    type: need(oneOf('image')),
    block_id: may(string(limits.id)),
    alt_text: need(string(limits.image.alt)),
    title: may(plainText(limits.image.title)),
    ...imageSource,
  }),
  exactlyOne('image_url', 'slack_file'),
);

/** Exactly one of the members is there. */
export function exactlyOne(...names: readonly string[]): Check {
  return (value, at) => {
    const there = names.filter((name) => isObject(value) && value[name] !== undefined);
    return there.length === 1
      ? fine
      : problem(`must define either ${names.map((name) => `\`${name}\``).join(' or ')}`, at);
  };
}

/** At least one of the members is there. */
export function anyOf(...names: readonly string[]): Check {
  return (value, at) =>
    names.some((name) => isObject(value) && value[name] !== undefined)
      ? fine
      : problem(`must define either ${names.map((name) => `\`${name}\``).join(' or ')}`, at);
}
