import { z } from 'zod';
import { demo } from './demo-world.ts';
import type { StandIns } from './stand-ins.ts';

const Values = z.record(z.string(), z.record(z.string(), z.unknown()));

/** What `POST /sandbox/act` takes; described in docs/sandbox-api.md and stable. */
const Act = z.union([
  z.object({
    user: z.string(),
    message_ts: z.string(),
    action_id: z.string(),
    block_id: z.string().optional(),
    value: z.string().optional(),
  }),
  z.object({ user: z.string(), view_id: z.string(), values: Values }),
  z.object({
    user: z.string(),
    view_id: z.string(),
    action_id: z.string(),
    block_id: z.string().optional(),
    value: z.string().optional(),
  }),
  z.object({
    user: z.string(),
    command: z.string(),
    text: z.string(),
    channel: z.string().optional(),
  }),
  z.object({ user: z.string(), thread_ts: z.string(), text: z.string() }),
  z.object({
    github: z.string(),
    pull: z.number().int(),
    do: z.enum(['merge', 'close', 'push', 'review']),
  }),
  z.looseObject({ cluster: z.string(), do: z.string() }),
]);
type Act = z.infer<typeof Act>;

/** What came of it, once it was acknowledged. */
export type Acted = {
  readonly ok: boolean;
  readonly ack: boolean;
  readonly view?: unknown;
  readonly error?: unknown;
};

/** Does what a person in the sandbox does: in Slack, on GitHub, or to a cluster. */
export async function act(standIns: StandIns, body: unknown): Promise<Acted> {
  const parsed = Act.safeParse(body);
  if (!parsed.success) return { ok: false, ack: false, error: z.prettifyError(parsed.error) };
  const what = parsed.data;
  try {
    if ('cluster' in what) return inCluster(standIns, what);
    if ('github' in what) return onGitHub(standIns, what);
    return await inSlack(standIns, what);
  } catch (cause) {
    return { ok: false, ack: false, error: cause instanceof Error ? cause.message : String(cause) };
  }
}

function inCluster(
  { kubernetes }: StandIns,
  { cluster, ...what }: Extract<Act, { cluster: string }>,
): Acted {
  kubernetes.act(cluster, what as unknown as Parameters<typeof kubernetes.act>[1]);
  return { ok: true, ack: true };
}

function onGitHub(
  { github }: StandIns,
  { github: user, pull, do: what }: Extract<Act, { github: string }>,
): Acted {
  const repository = github.repository(demo.repository);
  switch (what) {
    case 'merge':
      repository.merge(user, pull, { bypass: true });
      break;
    case 'close':
      repository.close(user, pull);
      break;
    case 'review':
      repository.review(user, pull, 'APPROVED');
      break;
    case 'push': {
      const branch = repository.pulls().find(({ number }) => number === pull)?.head.branch;
      if (branch === undefined) throw new Error(`There is no pull request #${pull}`);
      repository.push(user, branch, 'notes.txt', 'a commit by somebody else\n');
      break;
    }
  }
  return { ok: true, ack: true };
}

async function inSlack(
  { slack }: StandIns,
  what: Exclude<Act, { cluster: string } | { github: string }>,
): Promise<Acted> {
  if ('values' in what) {
    const { errors, ...outcome } = await slack.submit({
      user: what.user,
      viewId: what.view_id,
      values: what.values as Parameters<typeof slack.submit>[0]['values'] & object,
    });
    return errors === undefined ? outcome : { ...outcome, error: errors };
  }
  if ('action_id' in what) {
    const place = 'message_ts' in what ? { messageTs: what.message_ts } : { viewId: what.view_id };
    const select = menuOf(slack, what);
    return slack.click({
      user: what.user,
      actionId: what.action_id,
      ...place,
      ...(what.block_id === undefined || what.block_id === '' ? {} : { blockId: what.block_id }),
      ...(what.value === undefined
        ? {}
        : select
          ? { selected: what.value }
          : { value: what.value }),
      expectView:
        /^rollout:(reject|snooze|rollback|details)$/.test(what.action_id) ||
        (select && what.value === 'note'),
    });
  }
  if ('command' in what) {
    return slack.command({
      ...what,
      channel: what.channel ?? demo.channel.id,
      expectView: /^\s*(rollback\b|reject(\s+\S+)?\s*$)/i.test(what.text),
    });
  }
  return slack.mention({
    user: what.user,
    threadTs: what.thread_ts,
    // The stand-in mentions the bot by its id, as Slack's own composer makes it of the name.
    text: what.text.replace(/^\s*@amiable\b\s*/, ''),
  });
}

/** Whether the element is a menu: its value is chosen, a button's is carried. */
function menuOf(
  slack: StandIns['slack'],
  what: { readonly action_id: string; readonly message_ts?: string },
): boolean {
  const message = slack.messages().find(({ ts }) => ts === what.message_ts);
  return new RegExp(`"type":"overflow","action_id":"${what.action_id}"`).test(
    JSON.stringify(message?.blocks ?? []),
  );
}
