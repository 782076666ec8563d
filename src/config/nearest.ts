import { editDistance } from '../shared/edit-distance.ts';

/** The known word that was probably meant, by edit distance, letters' case aside; `undefined`: none is near. */
function nearest(word: string, known: readonly string[]): string | undefined {
  const given = word.slice(0, 64).toLowerCase();
  let best: string | undefined;
  let least = Math.max(2, Math.ceil(given.length / 2)) + 1;
  for (const candidate of known) {
    const distance = editDistance(given, candidate.toLowerCase());
    if (distance < least && distance < candidate.length) [best, least] = [candidate, distance];
  }
  return best;
}

/** ` Did you mean x?`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant === undefined || meant === word ? '' : ` Did you mean ${meant}?`;
}
