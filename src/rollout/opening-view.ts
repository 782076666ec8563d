import { z } from 'zod';

/** What the look that opened a rollout saw of images and pins. Lists are bounded; what they leave out is counted. */
export const OpeningView = z.object({
  /** The release's images that the pins need, all of them there: one row for each region, minor and line. */
  matrix: z.array(
    z.object({
      region: z.string(),
      kubernetes: z.string(),
      /** Such as `x86_64 standard`. */
      has: z.array(z.string()),
    }),
  ),
  /** Newer releases that were not offered, newest first, each with a clause that says why. */
  passedOver: z.array(z.object({ release: z.string(), why: z.string() })),
  /** Pins that stay as they are, with a clause that says why. */
  leftAlone: z.array(
    z.object({ repository: z.string(), path: z.string(), line: z.number(), reason: z.string() }),
  ),
  /** Files that several environments read, with those: they move with the last. */
  shared: z
    .array(
      z.object({
        path: z.string(),
        environments: z.array(z.string()),
        /** How it is known, where the configuration does not say so. */
        because: z.string().optional(),
      }),
    )
    .optional(),
  moreRows: z.number().optional(),
  moreLeftAlone: z.number().optional(),
});
export type OpeningView = z.infer<typeof OpeningView>;
