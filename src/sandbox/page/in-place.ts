import { element } from './element.ts';

/** A piece of the page, drawn anew only when its `key` is another. */
export type Item = { readonly key: string; readonly draw: () => Node[] };

/** Draws only what has changed, keyed item by item: somebody may be about to press a button. */
export function fill(place: HTMLElement, items: readonly Item[]): void {
  const known = new Map(
    [...place.children].map((child) => [
      (child as HTMLElement).dataset['key'] ?? '',
      child as HTMLElement,
    ]),
  );
  let before: Element | null = null;
  for (const { key, draw } of items) {
    let box = known.get(key);
    if (box === undefined) {
      box = element('div');
      box.dataset['key'] = key;
      box.append(...draw());
    }
    const next: Element | null =
      before === null ? place.firstElementChild : before.nextElementSibling;
    if (next !== box) place.insertBefore(box, next);
    before = box;
    known.delete(key);
  }
  for (const left of known.values()) left.remove();
}

/** What is drawn in each place. */
const drawn = new WeakMap<HTMLElement, string>();

/** Draws the whole of a place where its key has changed; the focus, and what was unfolded, stay. */
export function redraw(place: HTMLElement, { key, draw }: Item): void {
  if (drawn.get(place) === key) return;
  drawn.set(place, key);
  const held = document.activeElement;
  const focus =
    held instanceof HTMLElement && place.contains(held) ? held.dataset['focus'] : undefined;
  const open = [...place.querySelectorAll('details')].map((details) => details.open);
  place.replaceChildren(...draw());
  // Newest first: what was open keeps its place from the end.
  const fresh = [...place.querySelectorAll('details')];
  open.reverse().forEach((isOpen, i) => {
    const details = fresh[fresh.length - 1 - i];
    if (details !== undefined) details.open = isOpen;
  });
  if (focus !== undefined)
    place.querySelector<HTMLElement>(`[data-focus="${focus}"]`)?.focus({ preventScroll: true });
}

/** A card is drawn anew under the very finger that pressed it: gives the focus back to the same button of the new one. */
export function heldFocus(): () => void {
  const held = document.activeElement;
  const ts = held?.closest<HTMLElement>('.message')?.dataset['ts'];
  if (!(held instanceof HTMLElement) || ts === undefined) return () => {};
  const { action, block } = held.dataset;
  return () => {
    if (held.isConnected) return;
    const box = document.querySelector<HTMLElement>(`.message[data-ts="${ts}"]`);
    const same = [...(box?.querySelectorAll<HTMLElement>('[data-action]') ?? [])].find(
      ({ dataset }) => dataset['action'] === action && dataset['block'] === block,
    );
    (same ?? box?.querySelector<HTMLElement>('[data-action]'))?.focus({ preventScroll: true });
  };
}
