import { element } from './element.ts';
import { failureText, thrownText } from './failure.ts';
import type { Acted } from './state.ts';

/** Does what a press is for; meanwhile it cannot be pressed again, and afterwards what went wrong stands in its row. */
export async function press(button: HTMLElement, act: () => Promise<Acted>): Promise<void> {
  // Not `disabled`: that would take the focus away from who pressed it by keyboard.
  if (button.getAttribute('aria-disabled') === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  const row = button.parentElement;
  for (const old of row?.querySelectorAll(':scope > .failed') ?? []) old.remove();
  const failure = await act().then(failureText, thrownText);
  button.removeAttribute('aria-disabled');
  if (failure === undefined) return;
  const told = element('span', 'failed', `⚠ ${failure}`);
  told.setAttribute('role', 'alert');
  row?.append(told);
}
