import type { User } from './state.ts';

const names = new Map<string, string>();

/** From now on mentions of these people show their names. */
export function nameMentions(users: readonly User[]): void {
  for (const { id, name } of users) names.set(id, name);
}

/** What stands between `<` and `>`, as Slack shows it: `@U0ANN` as `@Ann Lee`, what has a label by that. */
export function mentionText(target: string, label: string | undefined): string {
  const name = names.get(target.slice(1));
  if (target.startsWith('@') && name !== undefined) return `@${name}`;
  if (label !== undefined) return /^[@#]/.test(label) ? label : `${target.slice(0, 1)}${label}`;
  return target.startsWith('!') ? `@${target.slice(1)}` : target;
}
