import { z } from 'zod';
import { unknownValue } from './expand-variables.ts';

// What the cross-checks look at, read leniently: whatever is wrong with one key, the others are still compared, so that
// one run shows every error. Wrong values are `undefined` here and reported by the schema.

const word = z
  .string()
  .refine((value) => value !== unknownValue)
  .optional()
  .catch(undefined);

function entries<Shape extends z.ZodRawShape>(shape: Shape) {
  const entry = z.object(shape);
  return z.array(z.unknown().transform((value) => entry.safeParse(value).data)).catch([]);
}

function part<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object(shape).optional().catch(undefined);
}

export const Outline = z
  .object({
    repositories: entries({ repository: word, files: z.array(z.unknown()).catch([]) }),
    clusters: entries({
      name: word,
      environment: word,
      api: part({
        server: word,
        kubeconfig: word,
        context: word,
        inCluster: z.unknown().optional(),
      }),
      argocd: part({ cluster: word }),
    }),
    environments: entries({
      name: word,
      mode: word,
      after: z.array(word).catch([]),
      waves: z.array(z.unknown()).catch([]),
      expedite: part({ minimumAge: word }),
    }),
    people: entries({ slack: word, github: word, aws: z.array(word).catch([]) }),
    groups: entries({ id: word }),
    detection: part({ every: word, jitter: word, minimumAge: word }),
  })
  .catch({
    repositories: [],
    clusters: [],
    environments: [],
    people: [],
    groups: [],
    detection: undefined,
  });
export type Outline = z.infer<typeof Outline>;
