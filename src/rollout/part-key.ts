import type { Part } from './wave.ts';

/** Names a pull request: the same number may be taken in two repositories. */
export function partKey({ repository, number }: Pick<Part, 'repository' | 'number'>): string {
  return `${repository}#${number}`;
}
