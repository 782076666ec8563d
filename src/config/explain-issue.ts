import type { z } from 'zod';
import type { Finding } from './config-error.ts';
import { didYouMean } from './nearest.ts';
import { looksSecret, mayHoldSecret, referencePrefix } from './secret.ts';

type Issue = z.core.$ZodIssue;

/**
 * Says what zod found: key, value, what is allowed. Values are shown as they are written in the file (`written`), never
 * as they are once variables are put in (`expanded`).
 */
export function explainIssues(
  issues: readonly Issue[],
  written: unknown,
  expanded: unknown,
): Finding[] {
  return issues.flatMap((issue) => explain(issue, [], written, expanded));
}

function explain(
  issue: Issue,
  above: readonly PropertyKey[],
  written: unknown,
  expanded: unknown,
): Finding[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(', ');
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `is not a known key.${didYouMean(key, known)} Known here: ${issue.message}.`,
    }));
  }
  if (issue.code === 'invalid_union') {
    const meant = issue.errors.filter((branch) => !branch.some(isOfAnotherKind));
    const [only] = meant;
    if (only !== undefined && meant.length === 1) {
      return only.flatMap((inner) => explain(inner, path, written, expanded));
    }
  }
  if (issue.code === 'custom' && issue.params?.['sentence'] === true) {
    return [{ path, message: issue.message }];
  }
  const given = valueAt(written, path);
  if (given === undefined) return [{ path, message: `is missing: it must be ${issue.message}.` }];
  if (given === null) return [{ path, message: `is empty: it must be ${issue.message}.` }];
  const put =
    given === valueAt(expanded, path) || typeof given === 'object' ? '' : ', once resolved';
  return [
    { path, message: `${shown(path, given)} is not allowed${put}: it must be ${issue.message}.` },
  ];
}

/** The value given is another kind of thing than this branch of a union is about. */
function isOfAnotherKind({ code, path }: Issue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
}

function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  let value = tree;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part))
      return undefined;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[part];
  }
  return value;
}

function shown(path: readonly PropertyKey[], value: unknown): string {
  const text = JSON.stringify(value);
  if (typeof value === 'object') {
    const short = text.length <= 60 && !mayHoldSecret(path) && !looksSecret(text);
    return short ? text : Array.isArray(value) ? 'a list' : 'a mapping';
  }
  if (mayHoldSecret(path) && !isPointer(String(value))) return 'the value given (not shown)';
  if (looksSecret(text)) return 'the value given (it looks like a secret and is not shown)';
  return text.length <= 80 ? text : `${text.slice(0, 76)}…"`;
}

/** Says where a secret is without being one. */
function isPointer(text: string): boolean {
  return /^\$\{\w*\}$/.test(text) || (text.startsWith(referencePrefix) && !looksSecret(text));
}
