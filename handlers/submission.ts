import { z } from 'zod';
import type { CardKey } from '../blocks/card-key.ts';
import { decodeCardKey } from '../blocks/card-key.ts';
import { inputs } from '../blocks/modals.ts';
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

/** A submitted modal of ours, read. */
export type ReadSubmission = {
  /** The same for every delivery of one press of the button; a second press, after an error, has another. */
  readonly deliveryKey: string;
  readonly by: SlackUserId;
  readonly key: CardKey;
  /** What stands in an input; empty when it was left empty. */
  text(input: keyof typeof inputs): string;
  /** Seconds since 1970; `undefined` when none was picked. */
  time(input: keyof typeof inputs): number | undefined;
  choice(input: keyof typeof inputs): string | undefined;
  ticked(input: keyof typeof inputs): boolean;
};

/** @throws Error for a view that is not ours. */
export function readSubmission(body: unknown): ReadSubmission {
  const { user, view, trigger_id: trigger } = Submission.parse(body);
  const key = decodeCardKey(view.private_metadata);
  if (key === undefined) throw new Error('a submitted view carried no key of ours');
  const field = (input: keyof typeof inputs) =>
    view.state.values[inputs[input].block]?.[inputs[input].action];
  return {
    deliveryKey: `view:${trigger}`,
    by: user.id,
    key,
    text: (input) => (field(input)?.value ?? '').trim(),
    time: (input) => field(input)?.selected_date_time ?? undefined,
    ticked: (input) => (field(input)?.selected_options?.length ?? 0) > 0,
    choice: (input) => field(input)?.selected_option?.value,
  };
}
