import { z } from 'zod';
import { RepositoryName } from '../shared/ids.ts';
import { isLoopback } from '../shared/loopback.ts';
import { durationForm, parseDuration } from './duration.ts';
import { referencePrefix, type Secret, secretOf } from './secret.ts';

// The leaves of the schema. Each schema's zod message is one phrase that completes "must be …"; the sentence around it,
// with the key and the value given, is written in `explain-issue.ts`.

/** A mapping with these keys and no others. For unknown keys the message is the list of known ones. */
export function section<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? known : `a mapping with the keys ${known}`,
  });
}

export function listOf<Item extends z.ZodType>(item: Item, allowed: string) {
  return z.array(item, { error: () => allowed });
}

/** Text that matches `pattern`. */
export function text(pattern: RegExp, allowed: string) {
  return z.string({ error: () => allowed }).regex(pattern, { error: () => allowed });
}

export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, { error: () => `one of ${values.join(', ')}` });
}

/** A whole number; digits in text count too, because `${PORT}` is always text. */
export function wholeNumber(min: number, max: number) {
  const allowed = `a whole number from ${min} to ${max}`;
  return z
    .union([z.number({ error: () => allowed }), text(/^\d{1,16}$/, allowed)], {
      error: () => allowed,
    })
    .transform(Number)
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, {
      error: () => allowed,
    })
    .meta({ amiable: { type: 'integer', minimum: min, maximum: max } });
}

/** A number, decimals allowed; digits in text count too. */
export function amount(min: number, max: number) {
  const allowed = `a number from ${min} to ${max}`;
  return z
    .union([z.number({ error: () => allowed }), text(/^\d{1,10}(\.\d{1,10})?$/, allowed)], {
      error: () => allowed,
    })
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error: () => allowed })
    .meta({ amiable: { type: 'number', minimum: min, maximum: max } });
}

export function flag() {
  const allowed = 'true or false';
  return z
    .union([z.boolean(), oneOf(['true', 'false'])], { error: () => allowed })
    .transform((value) => value === true || value === 'true')
    .meta({ amiable: { type: 'boolean' } });
}

/** Milliseconds, written as a duration; `min` and `max` are inclusive and written the same way. */
export function duration(min = '0s', max = '365d') {
  const allowed = `${durationForm}, from ${min} to ${max}`;
  const [least, most] = [parseDuration(min) ?? 0, parseDuration(max) ?? 0];
  return z
    .string({ error: () => allowed })
    .refine(
      (value) => {
        const ms = parseDuration(value);
        return ms !== undefined && ms >= least && ms <= most;
      },
      { error: () => allowed },
    )
    .transform((value) => parseDuration(value) ?? 0)
    .meta({ amiable: { type: 'string', pattern: '^(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?$' } });
}

/** Milliseconds, or `never`. */
export function durationOrNever() {
  const allowed = `${durationForm}, or never`;
  return z
    .string({ error: () => allowed })
    .refine((value) => value === 'never' || parseDuration(value) !== undefined, {
      error: () => allowed,
    })
    .transform((value) => (value === 'never' ? 'never' : (parseDuration(value) ?? 0)))
    .meta({
      amiable: { type: 'string', pattern: '^(never|(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?)$' },
    });
}

/** An http(s) address; without user and password in it, which would end up in logs. */
export function address() {
  const allowed = 'an http:// or https:// address without user and password';
  return z.string({ error: () => allowed }).refine(isPlainAddress, { error: () => allowed });
}

/** An address, or `off`: `undefined` then. https, since what is read there is believed; http only on this machine. */
export function addressOrOff() {
  const allowed = 'an https:// address without user and password, or off';
  return z
    .string({ error: () => allowed })
    .refine((value) => value === 'off' || isSecureAddress(value), { error: () => allowed })
    .transform((value) => (value === 'off' ? undefined : value));
}

function isSecureAddress(value: string): boolean {
  if (!isPlainAddress(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || isLoopback(hostname);
}

function isPlainAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
}

/** A secret: the value itself, which `fits` once it is in `normal` form, or a reference to AWS Secrets Manager. */
export function secret(
  fits: RegExp,
  allowed: string,
  normal: (value: string) => string = (value) => value.trim(),
) {
  const phrase = `${allowed}, or ${referencePrefix}<arn or name>`;
  return z
    .string({ error: () => phrase })
    .refine(
      (value) =>
        value.startsWith(referencePrefix) ? isReference(value) : fits.test(normal(value)),
      { error: () => phrase },
    )
    .transform((value): Secret => secretOf(normal(value)))
    .meta({ writeOnly: true });
}

/** Names as Secrets Manager allows them, ARNs included, and the key of a JSON secret behind `#`. */
function isReference(value: string): boolean {
  return /^secretsmanager:[A-Za-z0-9/_+=.@:-]{1,2048}(#[^#]{1,256})?$/.test(value);
}

/** The credentials that open Secrets Manager cannot be kept in it. */
export function directSecret(allowed: string) {
  return z
    .string({ error: () => allowed })
    .refine((value) => value.trim() !== '' && !value.startsWith(referencePrefix), {
      error: () => `${allowed}, given directly or as \${VARIABLE}`,
    })
    .transform((value): Secret => secretOf(value.trim()))
    .meta({ writeOnly: true });
}

/** A repository on GitHub. */
export function repository() {
  const allowed = 'a repository as owner/name';
  return z
    .string({ error: () => allowed })
    .refine((value) => RepositoryName.safeParse(value).success, { error: () => allowed })
    .transform((value) => RepositoryName.parse(value));
}

/** Name of a cluster or an environment: it goes into branch names and stands in file paths. */
export function name(of: string) {
  return text(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    `the name of ${of}: 1 to 63 of a-z, 0-9 and -, neither first nor last a -`,
  );
}

/** A Slack channel by id: names change, ids do not. */
export function channel() {
  return text(/^[CG][A-Z0-9]{2,20}$/, 'a channel id such as C0123ABCDEF, not a name');
}

/** An AWS region of any partition, such as `eu-central-1` or `us-gov-west-1`. */
export function region() {
  return text(/^[a-z]{2,4}(-[a-z]{2,12}){1,3}-\d{1,2}$/, 'an AWS region such as eu-central-1');
}

/**
 * What must hold between the keys of one mapping, told as a whole sentence about `path`. It is looked at also when a
 * key is wrong by itself, so that one run shows everything; the mapping may then hold values as they were written.
 */
export function relation<Value extends object>(
  holds: (value: Value) => boolean,
  path: readonly string[],
  sentence: string,
) {
  return z.refine<Value>(holds, {
    error: () => sentence,
    path: [...path],
    params: { sentence: true },
    when: ({ value }) => typeof value === 'object' && value !== null,
  });
}
