import { drawBlocks, textOf } from './blocks.ts';
import { element } from './element.ts';
import { failureText, thrownText } from './failure.ts';
import type { Acted, Block, View } from './state.ts';

/** Values of a submitted view, by block and action. */
export type Values = Record<string, Record<string, unknown>>;

/** Shows a view as a modal. `submit` answers what Slack answered: errors stay under their fields, with what was typed. */
export function showModal(
  dialog: HTMLDialogElement,
  view: View,
  submit: (values: Values) => Promise<Acted>,
): void {
  const title = element('h3', '', textOf(view.title));
  title.id = 'modal-title';
  // The browser begins at the first thing that can be focused: a link far down would scroll there.
  title.tabIndex = -1;
  const form = element('form');
  const errors = new Map<string, HTMLElement>();
  const read: ((values: Values) => void)[] = [];
  for (const block of view.blocks) {
    if (block.type !== 'input') {
      // Our modals hold no buttons: what they show is only read.
      form.append(drawBlocks([block], () => {}));
      continue;
    }
    const { box, error, collect } = drawInput(block);
    form.append(box);
    errors.set(block.block_id ?? '', error);
    read.push(collect);
  }
  const failure = element('p', 'failed');
  failure.setAttribute('role', 'alert');
  form.append(failure);
  const cancel = element('button', '', textOf(view.close) || 'Close');
  cancel.type = 'button';
  cancel.addEventListener('click', () => dialog.close());
  const row = element('div', 'row', cancel);
  // A modal that is only read has no button to submit it.
  if (view.submit !== null) {
    const send = element('button', 'primary', view.submit.text);
    send.type = 'submit';
    row.append(send);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      send.disabled = true;
      const values: Values = {};
      for (const collect of read) collect(values);
      const taken = (acted: Acted) => {
        for (const field of form.querySelectorAll('[aria-invalid]'))
          field.removeAttribute('aria-invalid');
        for (const error of [failure, ...errors.values()]) error.textContent = '';
        if (acted.ok && acted.error === undefined) {
          // Slack may show another view in its place, which the page has drawn by now.
          if (acted.view === undefined) dialog.close();
          return;
        }
        const told = acted.error;
        const fields = typeof told === 'object' && told !== null ? Object.entries(told) : [];
        for (const [block, said] of fields) {
          const error = errors.get(block);
          if (error !== undefined) error.textContent = String(said);
          error?.parentElement?.querySelector('textarea')?.setAttribute('aria-invalid', 'true');
        }
        form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
        if (fields.length === 0) failure.textContent = failureText(acted) ?? 'It was not done.';
      };
      void submit(values)
        .then(taken)
        .catch((cause: unknown) => {
          failure.textContent = thrownText(cause);
        })
        .finally(() => {
          send.disabled = false;
        });
    });
  }
  form.append(row);
  dialog.replaceChildren(title, form);
  if (!dialog.open) dialog.showModal();
  form.querySelector<HTMLElement>('textarea, input, select')?.focus({ preventScroll: true });
}

function drawInput(block: Block): {
  box: HTMLElement;
  error: HTMLElement;
  collect: (values: Values) => void;
} {
  const part = block.element;
  const blockId = block.block_id ?? '';
  const actionId = part?.action_id ?? '';
  const id = `input-${blockId}`;
  const label = element(
    'label',
    '',
    textOf(block.label) + (block.optional === true ? ' (optional)' : ''),
  );
  label.htmlFor = id;
  const error = element('p', 'failed');
  error.setAttribute('role', 'alert');
  const put = (values: Values, value: unknown) => {
    values[blockId] = { [actionId]: value };
  };
  const hint = block.hint === undefined ? [] : [element('p', 'hint', block.hint.text)];
  for (const said of hint) said.id = `${id}-hint`;
  if (part?.type === 'radio_buttons') {
    const group = element('fieldset');
    group.append(element('legend', '', textOf(block.label)));
    for (const option of part.options ?? []) {
      const radio = element('input');
      radio.type = 'radio';
      radio.name = id;
      radio.value = option.value;
      radio.checked = option.value === part.initial_option?.value;
      group.append(element('label', 'radio', radio, ' ', option.text.text));
    }
    const collect = (values: Values) => {
      const chosen = group.querySelector<HTMLInputElement>('input:checked')?.value;
      if (chosen !== undefined) put(values, chosen);
    };
    return { box: element('div', '', group, ...hint, error), error, collect };
  }
  // Slack draws a menu of many; boxes say the same.
  if (part?.type === 'checkboxes' || part?.type === 'multi_static_select') {
    const initial = new Set(part.initial_options?.map(({ value }) => value));
    const group = element('fieldset');
    group.append(element('legend', '', textOf(block.label)));
    for (const option of part.options ?? []) {
      const box = element('input');
      box.type = 'checkbox';
      box.value = option.value;
      box.checked = initial.has(option.value);
      group.append(element('label', 'radio', box, ' ', option.text.text));
    }
    const collect = (values: Values) => {
      const ticked = [...group.querySelectorAll<HTMLInputElement>('input:checked')];
      // Somebody may have taken away what stood there at first.
      if (ticked.length > 0 || initial.size > 0)
        put(
          values,
          ticked.map(({ value }) => value),
        );
    };
    return { box: element('div', '', group, ...hint, error), error, collect };
  }
  if (part?.type === 'static_select') {
    const select = element('select');
    select.id = id;
    for (const option of part.options ?? []) {
      const first = option.value === part.initial_option?.value;
      select.append(new Option(option.text.text, option.value, first, first));
    }
    const collect = (values: Values) => put(values, select.value);
    return { box: element('div', '', label, select, ...hint, error), error, collect };
  }
  if (part?.type === 'datetimepicker') {
    const input = element('input');
    input.type = 'datetime-local';
    input.id = id;
    if (part.initial_date_time !== undefined) input.value = localValue(part.initial_date_time);
    const collect = (values: Values) => {
      const at = Date.parse(input.value);
      if (!Number.isNaN(at)) put(values, Math.floor(at / 1000));
    };
    return { box: element('div', '', label, input, ...hint, error), error, collect };
  }
  const input = element('textarea');
  input.id = id;
  error.id = `${id}-error`;
  input.setAttribute('aria-describedby', [error, ...hint].map((one) => one.id).join(' '));
  if (part?.max_length !== undefined) input.maxLength = part.max_length;
  const collect = (values: Values) => {
    if (input.value !== '') put(values, input.value);
  };
  return { box: element('div', '', label, input, error, ...hint), error, collect };
}

function localValue(seconds: number): string {
  const at = new Date(seconds * 1000);
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
