import type { Node } from 'yaml';
import { commentsOf } from './comment-hints.ts';
import type { Draft, Host } from './draft.ts';
import { reasonAgainst } from './editable.ts';
import { LimitError, maxPins } from './limits.ts';
import { floatingAlias } from './pin-syntax.ts';
import { type Budget, restOfObject, restOfText } from './rest-hash.ts';
import type { SourceText } from './source-text.ts';
import type { Pin, PinHint } from './types.ts';

type Judged = {
  readonly draft: Draft;
  readonly hint?: PinHint | undefined;
  readonly reason?: string | undefined;
  readonly floating: boolean;
};

/** Works out what only the whole file tells: order, repeats, comments, editability, hashes, lines and bytes. */
export function finishPins(source: SourceText, drafts: readonly Draft[]): readonly Pin[] {
  if (drafts.length > maxPins) throw new LimitError(`the file holds more than ${maxPins} pins`);
  const comments = commentsOf(source);
  const judged = once(drafts).flatMap((draft): Judged[] => {
    const comment = comments.get(source.lineAt(draft.shownAt ?? draft.start));
    if (comment?.kind === 'ignore') return [];
    return [judge(draft, comment?.hint)];
  });
  const restOf = restsOf(source, judged);
  const seen = new Map<string, number>();
  return judged.map((one) => pinOf(source, one, restOf(one), seen));
}

/** In the order of the file, each place once; what was reached through an anchor yields to what stands there. */
function once(drafts: readonly Draft[]): readonly Draft[] {
  const byPlace = new Map<string, Draft>();
  for (const draft of drafts) {
    const place = `${draft.start}-${draft.end}-${draft.kind}`;
    const before = byPlace.get(place);
    if (before === undefined || before.echo === true) byPlace.set(place, draft);
  }
  return [...byPlace.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}

function judge(draft: Draft, hint: PinHint | undefined): Judged {
  const { kind, value, doubt } = draft;
  const standing = doubt?.settledByComment === true && hint !== undefined ? undefined : doubt;
  const reason = reasonAgainst(kind, value, hint) ?? standing?.reason;
  const floating =
    kind === 'alias' &&
    standing === undefined &&
    floatingAlias.test(value) &&
    !value.startsWith('windows');
  return { draft, hint, reason, floating };
}

/** Hashes each enclosing object, and the file, once. Only values that may be moved are left out of a hash. */
function restsOf(source: SourceText, judged: readonly Judged[]): (one: Judged) => string {
  const movable = judged.filter(({ reason, floating }) => reason === undefined || floating);
  const holes = new Map<Node, string>();
  for (const { draft } of movable) {
    if (draft.scope.kind === 'object') holes.set(draft.scope.scalar, draft.scope.remainder);
  }
  for (const [host, inside] of byHost(movable)) {
    holes.set(
      host.scalar,
      textWithout(source.text.slice(host.start, host.end), host.start, inside),
    );
  }
  const budget: Budget = { spent: 0 };
  const objects = new Map<Node, string>();
  let file: string | undefined;
  return ({ draft: { scope } }) => {
    if (scope.kind === 'file') {
      file ??= restOfText(
        source.text,
        movable.map(({ draft }) => draft),
      );
      return file;
    }
    const known = objects.get(scope.object);
    if (known !== undefined) return known;
    const rest = restOfObject(scope.tree, scope.object, holes, budget);
    objects.set(scope.object, rest);
    return rest;
  };
}

function byHost(movable: readonly Judged[]): ReadonlyMap<Host, readonly Draft[]> {
  const hosts = new Map<Host, Draft[]>();
  for (const { draft } of movable) {
    for (const host of draft.hosts ?? []) hosts.set(host, [...(hosts.get(host) ?? []), draft]);
  }
  return hosts;
}

/** A string that holds pins, as it is written, without them; `drafts` are in the order of the file. */
function textWithout(text: string, from: number, drafts: readonly Draft[]): string {
  let at = 0;
  let rest = '';
  for (const { start, end } of drafts) {
    rest += `${text.slice(at, start - from)}\u0000`;
    at = end - from;
  }
  return rest + text.slice(at);
}

function pinOf(
  source: SourceText,
  { draft, hint, reason, floating }: Judged,
  rest: string,
  seen: Map<string, number>,
): Pin {
  const { kind, value, start, end, object, nodeClass } = draft;
  const shown = draft.shownAt ?? start;
  const line = source.lineAt(shown);
  const label = `${object ?? ''}#${draft.path}`;
  const count = (seen.get(label) ?? 0) + 1;
  seen.set(label, count);
  const path = count === 1 ? draft.path : `${draft.path} (${count})`;
  return {
    kind,
    value,
    line: line + 1,
    column: shown - source.lineStart(line) + 1,
    range: { start: source.byteAt(start), end: source.byteAt(end) },
    ...(path === '' ? {} : { path }),
    ...(object === undefined ? {} : { object }),
    ...(nodeClass === undefined ? {} : { nodeClass }),
    editable: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
    ...(floating ? { floating } : {}),
    rest,
    ...(hint === undefined ? {} : { hint }),
  };
}
