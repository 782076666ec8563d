import { findPins } from '../pins/find-pins.ts';
import { movePins, pinAllNow } from '../pins/move-pin.ts';
import type { Pin } from '../pins/types.ts';
import type { PinEdit } from '../rollout/change.ts';
import { gitBlobSha } from '../shared/git-blob.ts';
import type { RepositoryName } from '../shared/ids.ts';
import { clamp } from '../shared/text.ts';
import type { GitReads } from './ports/git-host.ts';
import { pinLabel } from './watched-pins.ts';

/** A file as the pull request must have it. */
export type ExpectedFile = {
  readonly path: string;
  readonly content: Uint8Array;
  readonly blob: string;
  /** The blob it replaces. */
  readonly baseBlob: string;
};

/** Pins named in one detail. */
const mostNamed = 5;

export type Expected =
  | {
      readonly kind: 'files';
      readonly files: readonly ExpectedFile[];
      readonly leftAlone: readonly string[];
    }
  /** Every pin was moved by somebody else: there is nothing left for us to do. */
  | { readonly kind: 'overtaken'; readonly detail: string }
  /** What was approved is not what would be changed now. */
  | { readonly kind: 'changed'; readonly detail: string };

/**
 * What the edits make of the files as they are at `commit`. On the way back (`lenient`) a pin somebody edited since is
 * left alone and named, and changes around it do not matter.
 */
export async function expectedFiles(
  github: GitReads,
  {
    repository,
    commit,
    edits,
    lenient,
  }: {
    readonly repository: RepositoryName;
    readonly commit: string;
    readonly edits: readonly PinEdit[];
    readonly lenient: boolean;
  },
): Promise<Expected> {
  const tree = new Map((await github.files(repository, commit)).map((file) => [file.path, file]));
  const paths = [...new Set(edits.map(({ path }) => path))].sort();
  const blobs = paths.flatMap((path) => tree.get(path)?.blob ?? []);
  const contents = await github.read(repository, blobs);
  const files: ExpectedFile[] = [];
  const leftAlone: string[] = [];
  for (const path of paths) {
    const file = tree.get(path);
    const content = file === undefined ? undefined : contents.get(file.blob);
    if (file === undefined || content === undefined) {
      if (!lenient) return { kind: 'changed', detail: `${path} is gone` };
      leftAlone.push(path);
      continue;
    }
    if (file.mode !== '100644')
      return { kind: 'changed', detail: `${path} has Git mode ${file.mode}` };
    const found = findPins(path, content);
    if (found.kind === 'refused') return { kind: 'changed', detail: `${path}: ${found.reason}` };
    const moves: { pin: Pin; value: string }[] = [];
    for (const edit of edits.filter((one) => one.path === path)) {
      const judged = judge(edit, found.pins, lenient);
      if (judged.kind === 'changed')
        return { kind: 'changed', detail: `${path}: ${judged.detail}` };
      if (judged.kind === 'leave') leftAlone.push(`${path}: ${judged.detail}`);
      else moves.push({ pin: judged.pin, value: edit.to });
    }
    if (moves.length === 0) continue;
    // A change holds pins of one kind: those that name a release, or those that follow every publication.
    const pinsNow = moves.every(({ pin }) => pin.floating === true);
    const moved = (pinsNow ? pinAllNow : movePins)(path, content, moves);
    if (moved.kind === 'refused') return { kind: 'changed', detail: `${path}: ${moved.reason}` };
    files.push({
      path,
      content: moved.content,
      blob: gitBlobSha(moved.content),
      baseBlob: file.blob,
    });
  }
  if (files.length === 0) return { kind: 'overtaken', detail: someOf(leftAlone) };
  // Half a change is not what was approved; half a way back is better than none.
  if (!lenient && leftAlone.length > 0) return { kind: 'overtaken', detail: someOf(leftAlone) };
  return { kind: 'files', files, leftAlone };
}

/** A few of them, and how many more: it goes on record, which holds no list of a thousand files. */
function someOf(details: readonly string[]): string {
  const shown = clamp(details.slice(0, mostNamed).join('; '), 1000);
  const more = details.length - mostNamed;
  return more > 0 ? `${shown}; and ${more} more` : shown;
}

type Judged =
  | { readonly kind: 'move'; readonly pin: Pin }
  | { readonly kind: 'leave'; readonly detail: string }
  | { readonly kind: 'changed'; readonly detail: string };

function judge(edit: PinEdit, pins: readonly Pin[], lenient: boolean): Judged {
  const pin = pins.find((one) => pinLabel(one) === edit.object && one.kind === edit.kind);
  if (pin === undefined) {
    const detail = `${edit.object} no longer has this pin`;
    return { kind: lenient ? 'leave' : 'changed', detail };
  }
  if (pin.value !== edit.from) {
    return { kind: 'leave', detail: `${edit.object} names ${pin.value} now` };
  }
  if (!pin.editable && pin.floating !== true)
    return { kind: 'changed', detail: pin.reason ?? 'the pin cannot be moved' };
  if (!lenient && pin.rest !== edit.rest) {
    return { kind: 'changed', detail: `${edit.object} was changed around the pin` };
  }
  return { kind: 'move', pin };
}
