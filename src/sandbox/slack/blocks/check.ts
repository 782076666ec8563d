/** What is wrong with a payload, and where, as a JSON pointer from its root. */
export type Problem = { readonly message: string; readonly pointer: string };

/** Says everything that is wrong with `value`, found at the pointer `at`. */
export type Check = (value: unknown, at: string) => readonly Problem[];

type Field = { readonly check: Check; readonly needed: boolean };

export type JsonObject = { readonly [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const fine: readonly Problem[] = [];

export function problem(message: string, pointer: string): readonly Problem[] {
  return [{ message, pointer }];
}

export const need = (check: Check): Field => ({ check, needed: true });
export const may = (check: Check): Field => ({ check, needed: false });

/** A string of `min` to `max` code points, both inclusive. */
export function string(max: number, min = 1): Check {
  return (value, at) => {
    if (typeof value !== 'string') return problem('must be a string', at);
    const length = [...value].length;
    if (length > max) return problem(`must be less than ${max + 1} characters`, at);
    return length < min ? problem(`must be more than ${min - 1} characters`, at) : fine;
  };
}

export const flag: Check = (value, at) =>
  typeof value === 'boolean' ? fine : problem('must be a boolean', at);

/** A whole number between two bounds, both inclusive. */
export function whole(min: number, max: number): Check {
  return (value, at) =>
    Number.isInteger(value) && Number(value) >= min && Number(value) <= max
      ? fine
      : problem(`must be an integer from ${min} to ${max}`, at);
}

export const finite: Check = (value, at) =>
  Number.isFinite(value) ? fine : problem('must be a number', at);

export function oneOf(...values: readonly unknown[]): Check {
  return (value, at) =>
    values.includes(value) ? fine : problem(`must be one of: ${values.join(', ')}`, at);
}

export function matching(pattern: RegExp, says: string): Check {
  return (value, at) =>
    typeof value === 'string' && pattern.test(value) ? fine : problem(says, at);
}

/** An address with a scheme, at most `max` code points. */
export function url(max: number): Check {
  return both(string(max), (value, at) =>
    URL.canParse(String(value)) ? fine : problem('must be a valid URL', at),
  );
}

/** A list of `min` to `max` items, both inclusive. */
export function list(item: Check, { min = 1, max }: { min?: number; max: number }): Check {
  return (value, at) => {
    if (!Array.isArray(value)) return problem('must be an array', at);
    if (value.length > max) return problem(`no more than ${max} items allowed`, at);
    if (value.length < min) return problem(`must have at least ${min} items`, at);
    return value.flatMap((member, i) => item(member, `${at}/${i}`));
  };
}

/** An object with these fields and no others: Slack refuses what it does not know. */
export function object(fields: Readonly<Record<string, Field>>): Check {
  return (value, at) => {
    if (!isObject(value)) return problem('must provide an object', at);
    const unknown = Object.keys(value)
      .filter((key) => !(key in fields))
      .flatMap((key) => problem(`invalid additional property: ${key}`, at));
    const inside = Object.entries(fields).flatMap(([key, { check, needed }]) => {
      if (value[key] !== undefined) return check(value[key], `${at}/${key}`);
      return needed ? problem(`missing required field: ${key}`, at) : fine;
    });
    return [...unknown, ...inside];
  };
}

/** Both checks; the second looks only at what the first let pass. */
export function both(first: Check, second: Check): Check {
  return (value, at) => {
    const found = first(value, at);
    return found.length > 0 ? found : second(value, at);
  };
}

/** Chooses the check by the member `type`. */
export function byType(checks: () => Readonly<Record<string, Check>>): Check {
  return (value, at) => {
    if (!isObject(value)) return problem('must provide an object', at);
    const { type } = value as { type?: unknown };
    if (typeof type !== 'string') return problem('missing required field: type', at);
    const check = Object.hasOwn(checks(), type) ? checks()[type] : undefined;
    return check === undefined ? problem(`unsupported type: ${type}`, at) : check(value, at);
  };
}
