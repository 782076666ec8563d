import type { State } from './state.ts';

/** Lets the reader be anybody who can sign in, and says what each may do. */
export function fillPeople(who: HTMLSelectElement, { slack, environments }: State): void {
  if (who.options.length > 0) return;
  for (const { id, name, isBot, isGuest, deleted } of slack.users) {
    if (isBot || deleted) continue;
    const approves = environments
      .filter(({ approvers }) => approvers.includes(id))
      .map((one) => one.name);
    const role = isGuest
      ? 'guest'
      : approves.length === 0
        ? 'no rights'
        : `approves ${approves.join(', ')}`;
    who.append(new Option(`${name} (${role})`, id));
  }
}
