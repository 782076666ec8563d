import { z } from 'zod';
import { RepositoryName } from '../shared/ids.ts';

/** Milliseconds since 1970, as every time in an event; a duration's name ends in `Ms`. */
export const at = z.number();
/** What every event about one environment carries. */
export const inEnvironment = { environment: z.string(), at };
/** What every event about one wave carries. */
export const inWave = { ...inEnvironment, wave: z.string() };
/** What every event about one pull request of a wave carries. */
export const ofPullRequest = {
  ...inWave,
  repository: RepositoryName,
  number: z.number().int(),
};
