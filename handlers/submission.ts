import { z } from 'zod';
import type { CardKey } from '../blocks/card-key.ts';
import { decodeCardKey } from '../blocks/card-key.ts';
import { inputs } from '../blocks/modal.ts';
import { SlackUserId } from '../src/shared/ids.ts';

const Field = z.object({
  value: z.string().nullish(),
  selected_date_time: z.number().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_options: z.array(z.object({ value: z.string() })).nullish(),
});

/** The parts of a `view_submission` that are read. Source: Slack, interaction payloads. */
const Submission = z.object({
  trigger_id: z.string(),
  user: z.object({ id: SlackUserId }),
  view: z.object({
    id: z.string(),
    private_metadata: z.string(),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), Field)) }),
  }),
});

/** What somebody filled in. */
export type Filled = {
  /** The same for every delivery of one press of the button; a second press, after an error, has another. */
  readonly deliveryKey: string;
  readonly by: SlackUserId;
  /** What we gave the modal when it was opened. */
  readonly metadata: string;
  /** What stands in an input; empty when it was left empty. */
  text(input: keyof typeof inputs): string;
  /** Seconds since 1970; `undefined` when none was picked. */
  time(input: keyof typeof inputs): number | undefined;
  choice(input: keyof typeof inputs): string | undefined;
  /** Of an input that takes several; empty when none was picked. */
  choices(input: keyof typeof inputs): readonly string[];
  ticked(input: keyof typeof inputs): boolean;
};

/** A submitted modal of one rollout, read. */
export type ReadSubmission = Filled & { readonly key: CardKey };

export function readFilled(body: unknown): Filled {
  const { user, view, trigger_id: trigger } = Submission.parse(body);
  const field = (input: keyof typeof inputs) =>
    view.state.values[inputs[input].block]?.[inputs[input].action];
  const choices = (input: keyof typeof inputs) =>
    (field(input)?.selected_options ?? []).map(({ value }) => value);
  return {
    deliveryKey: `view:${trigger}`,
    by: user.id,
    metadata: view.private_metadata,
    text: (input) => (field(input)?.value ?? '').trim(),
    time: (input) => field(input)?.selected_date_time ?? undefined,
    ticked: (input) => choices(input).length > 0,
    choice: (input) => field(input)?.selected_option?.value,
    choices,
  };
}

/** @throws Error for a view that is not ours. */
export function readSubmission(body: unknown): ReadSubmission {
  const filled = readFilled(body);
  const key = decodeCardKey(filled.metadata);
  if (key === undefined) throw new Error('a submitted view carried no key of ours');
  return { ...filled, key };
}
