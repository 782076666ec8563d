import type { OnAction } from './blocks.ts';
import { drawClusters } from './clusters.ts';
import { compose } from './composer.ts';
import { fill, heldFocus, redraw } from './in-place.ts';
import { nameMentions } from './mentions.ts';
import { ephemeralItem, messageItem, rootItem } from './messages.ts';
import { showModal } from './modal.ts';
import { mrkdwn } from './mrkdwn.ts';
import { fillPeople } from './people.ts';
import { press } from './press.ts';
import type { OnDeed } from './pulls.ts';
import { drawPulls } from './pulls.ts';
import type { Acted, Ephemeral, State } from './state.ts';

function byId<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no #${id}`);
  return found as T;
}

const who = byId<HTMLSelectElement>('who');
const feed = byId('feed');
const replies = byId('replies');
const modal = byId<HTMLDialogElement>('modal');
const panes = document.querySelector<HTMLElement>('.panes');

let state: State | undefined;
let openThread: string | undefined;
/** Who was told what Amiable said to them alone, and which. */
let said: string | undefined;

async function post(path: string, body: object): Promise<Acted> {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as Acted;
}

async function act(body: object): Promise<Acted> {
  const acted = await post('/sandbox/act', body);
  if (acted.view !== undefined) {
    const view = acted.view;
    showModal(modal, view, (values) => act({ user: who.value, view_id: view.id, values }));
  }
  await refresh();
  return acted;
}

function onAction(messageTs: string): OnAction {
  return ({ actionId, blockId, value, button }) => {
    const body = { message_ts: messageTs, action_id: actionId, block_id: blockId, value };
    void press(button, () => act({ user: who.value, ...body }));
  };
}

const onDeed: OnDeed = (button, body) => void press(button, () => act(body));

function openThreadOf(root: string): void {
  openThread = root;
  show('thread');
  if (state !== undefined) draw(state);
}

/** What Amiable says to one person alone is shown to the eye and told to screen readers, once. */
function announce(newest: Ephemeral | undefined): void {
  const key = `${who.value} ${newest?.ts ?? ''}`;
  if (said === key) return;
  const first = said?.startsWith(`${who.value} `) !== true;
  said = key;
  if (first || newest === undefined) return;
  byId('told').textContent = mrkdwn(newest.text).textContent;
  document
    .querySelector(`.message.ephemeral[data-ts="${newest.ts}"]`)
    ?.scrollIntoView({ block: 'nearest' });
}

function draw(now: State): void {
  const mine = who.value;
  const bot = now.slack.users.find(({ isBot }) => isBot)?.id;
  const roots = now.slack.messages.filter(
    ({ thread_ts, ts, reply_broadcast }) =>
      thread_ts === undefined || thread_ts === ts || reply_broadcast === true,
  );
  const inThread = (ts: string) =>
    now.slack.messages.filter((message) => message.thread_ts === ts && message.ts !== ts);
  // What people say in the channel has no thread yet, nor has what is told of a hold or a freeze.
  openThread ??= (
    roots.findLast(({ user, ts }) => user === bot && inThread(ts).length > 0) ??
    roots.findLast(({ user }) => user === bot) ??
    roots.at(-1)
  )?.ts;
  const private_ = now.slack.ephemerals.filter(({ user }) => user === mine);
  const inTime = (a: { ts: string }, b: { ts: string }) => Number(a.ts) - Number(b.ts);
  const mineHere = private_.filter(({ thread_ts }) => thread_ts === undefined);
  const reading = { users: now.slack.users, onAction, openThread, open: openThreadOf };
  const held = heldFocus();
  fill(
    feed,
    [
      ...roots.map((message) =>
        rootItem(message, inThread(message.thread_ts ?? message.ts).length, reading),
      ),
      ...mineHere.map((message) => ephemeralItem(message, reading)),
    ].sort(inTime),
  );
  const ts = openThread;
  const mineThere = private_.filter(({ thread_ts }) => ts !== undefined && thread_ts === ts);
  const told = ts === undefined ? [] : inThread(ts);
  const atEnd = replies.scrollTop + replies.clientHeight >= replies.scrollHeight - 40;
  fill(
    replies,
    [
      ...told.map((message) => messageItem(message, reading)),
      ...mineThere.map((message) => ephemeralItem(message, reading)),
    ].sort(inTime),
  );
  byId('no-replies').hidden = told.length + mineThere.length > 0;
  if (atEnd) toEnd(replies);
  // A picture has no height before it is there, and would be below the end.
  for (const picture of replies.querySelectorAll<HTMLImageElement>('img.picture'))
    if (atEnd && !picture.complete)
      picture.addEventListener('load', () => toEnd(replies), { once: true });
  held();
  announce([...mineHere, ...mineThere].sort(inTime).at(-1));
  redraw(byId('clusters'), {
    key: JSON.stringify([now.clusters, now.images]),
    draw: () => drawClusters(now, onDeed),
  });
  redraw(byId('pulls'), {
    key: JSON.stringify(now.github.pulls),
    draw: () => drawPulls(now.github.pulls, onDeed),
  });
  byId('empty').hidden = roots.length + mineHere.length > 0;
  byId('clock').textContent =
    `${new Date(now.now).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  byId('speed').textContent = paceText(now.speed);
  byId('link').textContent = now.service?.running === false ? 'Amiable is stopped' : '';
}

function toEnd(place: HTMLElement): void {
  place.scrollTop = place.scrollHeight;
}

function paceText(speed: number): string {
  if (speed === 1) return 'real time';
  return speed > 1 ? `time runs ${speed} times faster` : `time runs at ${speed} of its pace`;
}

async function refresh(): Promise<void> {
  try {
    const answer = await fetch('/sandbox/state');
    state = (await answer.json()) as State;
    fillPeople(who, state);
    nameMentions(state.slack.users);
    draw(state);
  } catch {
    byId('link').textContent = 'The sandbox does not answer';
  }
}

function show(pane: string): void {
  if (panes !== null) panes.dataset['shown'] = pane;
  for (const tab of document.querySelectorAll<HTMLElement>('.tabs button')) {
    tab.setAttribute('aria-pressed', String(tab.dataset['pane'] === pane));
  }
  // What is hidden cannot be scrolled: the newest comes into sight with the pane.
  if (pane === 'thread') toEnd(replies);
}

for (const tab of document.querySelectorAll<HTMLElement>('.tabs button')) {
  tab.addEventListener('click', () => show(tab.dataset['pane'] ?? 'slack'));
}
who.addEventListener('change', () => (state === undefined ? undefined : draw(state)));

compose({
  form: byId<HTMLFormElement>('command'),
  threadOf: () => undefined,
  act: (body) => act({ user: who.value, ...body }),
  sent: () => toEnd(feed),
});
compose({
  form: byId<HTMLFormElement>('reply'),
  threadOf: () => openThread,
  act: (body) => act({ user: who.value, ...body }),
  sent: () => toEnd(replies),
});

void refresh();
setInterval(() => void refresh(), 700);
