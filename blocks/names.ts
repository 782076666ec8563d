import { named } from './phrases.ts';

/** A person's name in plain text: a live mention on a card would notify them of everything that follows. */
export function nameOf(names: ReadonlyMap<string, string>, person: string | undefined): string {
  if (person === undefined) return 'somebody';
  return named(names.get(person) ?? person);
}
