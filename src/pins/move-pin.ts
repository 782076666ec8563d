import { reasonAgainst } from './editable.ts';
import { findPinsThoroughly } from './find-pins.ts';
import { impossibleDate } from './impossible-date.ts';
import { parameterWithoutRelease } from './parameter-syntax.ts';
import type { Pin, PinMove } from './types.ts';

/** What a pin is to say from now on. */
export type Move = { readonly pin: Pin; readonly value: string };

/**
 * Replaces one pin's value and no other byte.
 * @returns the new content, or why it must not be: see `movePins`.
 */
export function movePin(path: string, content: Uint8Array, pin: Pin, value: string): PinMove {
  return movePins(path, content, [{ pin, value }]);
}

/** Pins a floating alias (`al2023@latest`) to a release: the only edit of a pin that is not editable. */
export function pinNow(path: string, content: Uint8Array, pin: Pin, value: string): PinMove {
  return pinAllNow(path, content, [{ pin, value }]);
}

/** As `pinNow`, several of one file at once. */
export function pinAllNow(path: string, content: Uint8Array, moves: readonly Move[]): PinMove {
  const fixed = moves.find(({ pin }) => pin.floating !== true);
  if (fixed !== undefined) return refused(`line ${fixed.pin.line} holds no floating alias`);
  return move(path, content, moves);
}

/**
 * Replaces the values of several pins of one file and no other byte, then reads the file again: it must hold the same
 * pins with the intended values and nothing else, else the edit is refused.
 * @param path the file's path, as given to `findPins`.
 * @param moves pins as `findPins` found them in exactly this content.
 * @returns the new content, the same when every value already stands there; or why it must not be: a pin that cannot be
 * moved, is not in this content, or a value that its kind does not allow or that belongs to another family.
 */
export function movePins(path: string, content: Uint8Array, moves: readonly Move[]): PinMove {
  for (const { pin } of moves) {
    if (!pin.editable) return refused(`line ${pin.line}: ${pin.reason ?? 'cannot be moved'}`);
  }
  return move(path, content, moves);
}

function move(path: string, content: Uint8Array, moves: readonly Move[]): PinMove {
  const before = findPinsThoroughly(path, content);
  if (before.kind === 'refused') return before;
  const wanted = new Map<number, string>();
  for (const { pin, value } of moves) {
    const index = before.pins.findIndex((one) => samePlace(one, pin));
    if (index === -1) return refused(`line ${pin.line}: the file no longer holds this pin`);
    if (wanted.has(index)) return refused(`line ${pin.line}: the pin is moved twice`);
    const against = againstValue(pin, value);
    if (against !== undefined) return refused(`line ${pin.line}: ${against}`);
    wanted.set(index, value);
  }
  const moved = replaceRanges(content, before.pins, wanted);
  const after = findPinsThoroughly(path, moved);
  if (after.kind === 'refused') return refused(`after the edit ${after.reason}`);
  const difference = unintended(
    { content, pins: before.pins },
    { content: moved, pins: after.pins },
    wanted,
  );
  return difference === undefined ? { kind: 'moved', content: moved } : refused(difference);
}

/** True when a pin is exactly what was found before, the hash of what surrounds it aside. */
function samePlace(found: Pin, pin: Pin): boolean {
  return (
    found.range.start === pin.range.start &&
    found.range.end === pin.range.end &&
    found.kind === pin.kind &&
    found.value === pin.value &&
    found.editable === pin.editable
  );
}

/** What some reader of YAML takes for a boolean, null, a number or a date: EC2 allows such names, and nobody gives them. */
const noText = /^(?:true|false|yes|no|on|off|null|[-+]?\.(?:inf|nan)|[-+]?\.?\d[\da-fox_.+-]*)$/i;

function againstValue(pin: Pin, value: string): string | undefined {
  if (value === pin.value) return undefined;
  const against = reasonAgainst(pin.kind, value, pin.hint);
  if (against !== undefined) return `${JSON.stringify(value)} cannot be its value: ${against}`;
  const day = impossibleDate(pin.kind, value);
  if (day !== undefined)
    return `${JSON.stringify(value)} cannot be its value: there is no day ${day}`;
  if (pin.kind === 'ssmParameter') {
    return parameterWithoutRelease(pin.value) === parameterWithoutRelease(value)
      ? undefined
      : `${value} is of another image than ${pin.value}`;
  }
  if (pin.kind === 'name' && noText.test(value)) {
    return `${JSON.stringify(value)} cannot be its value: YAML reads it as no text without quotes`;
  }
  if (pin.kind !== 'alias') return undefined;
  const [from, to] = [familyIn(pin.value), familyIn(value)];
  return from === to ? undefined : `${value} belongs to another family than ${pin.value}`;
}

/** The part of an alias before the version; empty for a version that stands alone. */
function familyIn(alias: string): string {
  return alias.includes('@') ? alias.slice(0, alias.indexOf('@')) : '';
}

function replaceRanges(
  content: Uint8Array,
  pins: readonly Pin[],
  wanted: ReadonlyMap<number, string>,
): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const [index, { range }] of pins.entries()) {
    const value = wanted.get(index);
    if (value === undefined) continue;
    parts.push(content.subarray(at, range.start), Buffer.from(value, 'utf8'));
    at = range.end;
  }
  parts.push(content.subarray(at));
  return new Uint8Array(Buffer.concat(parts));
}

type Reading = { readonly content: Uint8Array; readonly pins: readonly Pin[] };

/** What the file says differently besides the wanted values; `undefined` when nothing. */
function unintended(
  before: Reading,
  after: Reading,
  wanted: ReadonlyMap<number, string>,
): string | undefined {
  if (before.pins.length !== after.pins.length) {
    return 'the edit would change which pins the file holds';
  }
  const values = new Set(wanted.values());
  for (const [index, was] of before.pins.entries()) {
    const is = after.pins[index];
    if (is === undefined) return 'the edit would change which pins the file holds';
    const value = wanted.get(index);
    // An alias of a moved anchor says what the anchor says; its own text stays.
    const follows =
      values.has(is.value) &&
      !was.editable &&
      !is.editable &&
      textAt(before, was) === textAt(after, is);
    const asExpected =
      value === undefined
        ? was.editable === is.editable && (was.value === is.value || follows)
        : is.value === value && (is.editable || value === was.value);
    if (!asExpected) return `the edit would make line ${is.line} say ${JSON.stringify(is.value)}`;
    if (!sameSurroundings(was, is)) {
      return `the edit would change more than the value on line ${was.line}`;
    }
  }
  return undefined;
}

function textAt({ content }: Reading, { range }: Pin): string {
  return Buffer.from(content.subarray(range.start, range.end)).toString('utf8');
}

function sameSurroundings(was: Pin, is: Pin): boolean {
  return (
    was.kind === is.kind &&
    was.line === is.line &&
    was.path === is.path &&
    was.object === is.object &&
    was.nodeClass === is.nodeClass &&
    was.rest === is.rest
  );
}

function refused(reason: string): PinMove {
  return { kind: 'refused', reason };
}
