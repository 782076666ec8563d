import { element } from './element.ts';
import type { Element } from './state.ts';

let made = 0;

/**
 * The dots, and the menu they open: nothing is done before an item is pressed. A `<select>` would do what the arrows only
 * pass over.
 */
export function overflowMenu(
  { options = [] }: Element,
  choose: (value: string, button: HTMLElement) => void,
): { readonly dots: HTMLButtonElement; readonly menu: HTMLElement } {
  const dots = element('button', 'overflow', '⋯');
  dots.type = 'button';
  dots.setAttribute('aria-label', 'More actions');
  dots.setAttribute('aria-haspopup', 'menu');
  const menu = element('div', 'menu');
  made += 1;
  menu.id = `menu-${made}`;
  menu.popover = 'auto';
  menu.setAttribute('role', 'menu');
  const items = options.map(({ text, value }) => {
    const item = element('button', '', text.text);
    item.type = 'button';
    item.setAttribute('role', 'menuitem');
    item.addEventListener('click', () => {
      menu.hidePopover();
      choose(value, dots);
    });
    return item;
  });
  menu.append(...items);
  dots.popoverTargetElement = menu;
  menu.addEventListener('toggle', (event) => {
    if (event.newState !== 'open') return;
    const at = dots.getBoundingClientRect();
    const left = Math.min(at.left, window.innerWidth - menu.offsetWidth - 8);
    const below = at.bottom + menu.offsetHeight + 8 <= window.innerHeight;
    menu.style.left = `${Math.max(8, left)}px`;
    menu.style.top = `${below ? at.bottom + 4 : at.top - menu.offsetHeight - 4}px`;
    items[0]?.focus();
  });
  menu.addEventListener('keydown', (event) => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const now = items.indexOf(document.activeElement as HTMLButtonElement);
    items.at((now + step) % items.length)?.focus();
  });
  return { dots, menu };
}
