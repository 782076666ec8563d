import { failureText, thrownText } from './failure.ts';
import type { Acted } from './state.ts';

/** What is typed into a composer, as a body for `POST /sandbox/act`, or what Slack says instead of sending it. */
type Typed = { readonly body: object } | { readonly refused: string };

/** As Slack reads it: a slash begins a command, and there are none in threads; everything else is a message. */
function readTyped(typed: string, threadTs: string | undefined): Typed {
  const command = /^(\/\S*)\s*([\s\S]*)$/.exec(typed);
  if (command === null)
    return { body: { say: typed, ...(threadTs === undefined ? {} : { thread_ts: threadTs }) } };
  const [, name = '', text = ''] = command;
  return threadTs === undefined
    ? { body: { command: name, text } }
    : { refused: `${name} is not supported in threads. Sorry!` };
}

/** Lets a form send what is typed. What was not sent stays in it, with the reason below. */
export function compose({
  form,
  threadOf,
  act,
  sent,
}: {
  readonly form: HTMLFormElement;
  /** The thread it writes in; `undefined`: the channel. */
  readonly threadOf: () => string | undefined;
  readonly act: (body: object) => Promise<Acted>;
  readonly sent: () => void;
}): void {
  const input = form.querySelector('input');
  const told = form.querySelector('.failed');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const typed = input?.value.trim() ?? '';
    if (input === null || told === null || typed === '') return;
    told.textContent = '';
    const what = readTyped(typed, threadOf());
    if ('refused' in what) {
      told.textContent = what.refused;
      return;
    }
    input.value = '';
    const tell = (failure: string | undefined) => {
      if (failure === undefined) return sent();
      told.textContent = failure;
      if (input.value === '') input.value = typed;
    };
    void act(what.body)
      .then((acted) =>
        acted.error === 'no_such_command' ? notACommand(typed) : failureText(acted),
      )
      .catch(thrownText)
      .then(tell);
  });
}

function notACommand(typed: string): string {
  return `${typed.split(/\s/)[0]} is not a valid command. All messages that start with “/” are read as commands; Amiable's is /ami.`;
}
