import type { Comment } from './comment-hints.ts';
import type { Doubt, Draft } from './draft.ts';
import type { Language } from './language.ts';
import { refuseTooMany } from './limits.ts';
import type { TextLine } from './text-lines.ts';
import type { TextValue } from './text-value.ts';
import type { TextView } from './text-view.ts';
import type { PinKind } from './types.ts';

/** One reading of a text that does not parse. */
export type TextReading = {
  readonly view: TextView;
  readonly lines: readonly TextLine[];
  readonly language: Language;
  readonly prefix: string;
  readonly drafts: Draft[];
  /** What our comments say of the values on the line of an offset in the file. */
  commentAt(offset: number): Comment | undefined;
};

/** Records a pin; `at` is the offset its line starts at. */
export function emitText(
  { view, drafts, prefix }: TextReading,
  {
    kind,
    found,
    at,
    path,
    doubt,
    owner = {},
  }: {
    readonly kind: PinKind;
    readonly found: TextValue;
    readonly at: number;
    readonly path: string;
    readonly doubt?: Doubt | undefined;
    readonly owner?: { readonly object?: string; readonly nodeClass?: string };
  },
): void {
  const start = at + found.start;
  const end = start + found.value.length;
  const literal = found.literal && view.exact(start, end);
  const judged = literal ? doubt : { reason: 'not one plain literal', settledByComment: false };
  refuseTooMany(drafts);
  drafts.push({
    kind,
    value: found.value,
    start: view.at(start),
    end: view.at(end - 1) + 1,
    path: `${prefix}${path}`,
    ...owner,
    ...(judged === undefined ? {} : { doubt: judged }),
    scope: { kind: 'file' },
  });
}
