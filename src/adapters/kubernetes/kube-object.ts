import { z } from 'zod';
import type { Instant } from '../../shared/time.ts';
import type { ConditionView } from '../../tracking/types.ts';

/** The parts of a Kubernetes object that every view of ours needs; the API server itself guarantees the name. */
export const Metadata = z.object({
  name: z.string().min(1),
  namespace: z.string().optional(),
  uid: z.string().default(''),
  generation: z.number().int().default(0),
  creationTimestamp: z.string().nullish(),
  deletionTimestamp: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
});

export const Condition = z.object({
  type: z.string(),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.string().default(''),
  message: z.string().default(''),
  observedGeneration: z.number().int().optional(),
  lastTransitionTime: z.string().nullish(),
});
export type Condition = z.infer<typeof Condition>;

/** Reads an object's name where the rest of it makes no sense to us. */
export const Named = z.object({
  metadata: z.object({ name: z.string().min(1), namespace: z.string().optional() }),
});

export function isTrue(conditions: readonly Condition[], type: string): boolean {
  return conditions.some((condition) => condition.type === type && condition.status === 'True');
}

/** A condition as tracking sees it. */
export function conditionView(condition: Condition): ConditionView {
  const { type, status, reason, message, observedGeneration, lastTransitionTime } = condition;
  const since = instantOf(lastTransitionTime);
  return {
    type,
    status,
    reason,
    message,
    ...(observedGeneration !== undefined && { observedGeneration }),
    ...(since !== undefined && { since }),
  };
}

/** Reads a time as Kubernetes writes it; `undefined` for what is none. */
export function instantOf(text: string | null | undefined): Instant | undefined {
  const at = text === undefined || text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

/** An object read, or why it could not be: then `value` says the least that is safe to believe. */
export type Read<T> = { readonly value: T; readonly trouble?: string };

/** @throws Error when not even the name can be read: then the whole answer is not what we think it is. */
export function readWith<Schema extends z.ZodType, T>(
  schema: Schema,
  object: unknown,
  { view, unreadable }: { view: (parsed: z.infer<Schema>) => T; unreadable: (name: string) => T },
): Read<T> {
  const parsed = schema.safeParse(object);
  if (parsed.success) return { value: view(parsed.data) };
  const named = Named.safeParse(object);
  if (!named.success) throw new Error('the API server sent an object without a name');
  const issue = parsed.error.issues[0];
  const trouble = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}`;
  return { value: unreadable(named.data.metadata.name), trouble };
}
