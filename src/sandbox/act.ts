import { demo, demoEksCluster, demoPath } from './demo-world.ts';
import type { Act } from './parse-act.ts';
import { parseAct } from './parse-act.ts';
import type { StandIns } from './stand-ins.ts';

/** What came of it, once it was acknowledged. */
export type Acted = {
  readonly ok: boolean;
  readonly ack: boolean;
  readonly view?: unknown;
  readonly error?: unknown;
};

/** Does what a person in the sandbox does: in Slack, on GitHub, or to a cluster. */
export async function act(standIns: StandIns, body: unknown): Promise<Acted> {
  const parsed = parseAct(body);
  return parsed.ok
    ? carryOut(standIns, parsed.act)
    : { ok: false, ack: false, error: parsed.error };
}

/** As `act`, of what is known to be one. What cannot be done is told in `error`. */
export async function carryOut(standIns: StandIns, what: Act): Promise<Acted> {
  try {
    return await done(standIns, what);
  } catch (cause) {
    return { ok: false, ack: false, error: cause instanceof Error ? cause.message : String(cause) };
  }
}

async function done(standIns: StandIns, what: Act): Promise<Acted> {
  const { slack } = standIns;
  switch (what.kind) {
    case 'cluster':
      standIns.kubernetes.act(what.cluster, what.what);
      if (what.what.do === 'upgrade-control-plane')
        upgradeInEks(standIns, what.cluster, what.what.to);
      return { ok: true, ack: true };
    case 'github':
      return onGitHub(standIns, what.onGitHub);
    case 'move-pin':
      return movePin(standIns, what.moving);
    case 'press':
      return press(slack, what.press);
    case 'submit':
      return submit(slack, what.submission);
    case 'command': {
      const { command } = what;
      return slack.command({
        ...command,
        channel: command.channel ?? demo.channel.id,
        expectView: /^\s*(rollback\b|reject(\s+\S+)?\s*$)/i.test(command.text),
      });
    }
    case 'mention':
      return slack.mention({
        user: what.mention.user,
        threadTs: what.mention.thread_ts,
        // The stand-in mentions the bot by its id, as Slack's own composer makes it of the name.
        text: what.mention.text.replace(/^\s*@amiable\b\s*/, ''),
      });
    case 'say': {
      const { user, say, thread_ts: threadTs, channel = demo.channel.id } = what.saying;
      return slack.say({
        user,
        text: say,
        ...(threadTs === undefined ? { channel } : { threadTs }),
      });
    }
  }
}

/** EKS says what the control plane runs: Karpenter hears it from the API server, and Amiable from EKS. */
function upgradeInEks({ aws }: StandIns, name: string, version: string): void {
  const cluster = demo.clusters.find((one) => one.name === name);
  if (cluster !== undefined) aws.putCluster(cluster.region, demoEksCluster(name, version));
}

/** A commit on the branch itself, as an administrator may push it: nobody is asked. */
function movePin(
  { github }: StandIns,
  { github: user, cluster: name, to }: Extract<Act, { kind: 'move-pin' }>['moving'],
): Acted {
  const cluster = demo.clusters.find((one) => one.name === name);
  if (cluster === undefined) throw new Error(`There is no cluster ${name}`);
  const repository = github.repository(demo.repository);
  const path = demoPath(cluster.environment, name);
  const text = repository.filesAt(repository.headOf(demo.branch) ?? '').get(path) ?? '';
  const moved = text
    .replace(/^( +)- id: \S+/m, `$1- alias: ${to}`)
    .replace(/alias: \S+/, `alias: ${to}`)
    .replace(/^ {2}amiFamily: .*\n/m, '');
  if (moved === text) throw new Error(`The pin of ${name} says so already`);
  repository.push(user, demo.branch, path, moved);
  return { ok: true, ack: true };
}

function onGitHub(
  { github }: StandIns,
  { github: user, pull, do: what }: Extract<Act, { kind: 'github' }>['onGitHub'],
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

async function submit(
  slack: StandIns['slack'],
  what: Extract<Act, { kind: 'submit' }>['submission'],
): Promise<Acted> {
  const { errors, ...outcome } = await slack.submit({
    user: what.user,
    viewId: what.view_id,
    values: what.values as Parameters<typeof slack.submit>[0]['values'] & object,
  });
  return errors === undefined ? outcome : { ...outcome, error: errors };
}

async function press(
  slack: StandIns['slack'],
  what: Extract<Act, { kind: 'press' }>['press'],
): Promise<Acted> {
  const place = 'message_ts' in what ? { messageTs: what.message_ts } : { viewId: what.view_id };
  const select = menuOf(slack, what);
  return slack.click({
    user: what.user,
    actionId: what.action_id,
    ...place,
    ...(what.block_id === undefined || what.block_id === '' ? {} : { blockId: what.block_id }),
    ...(what.value === undefined ? {} : select ? { selected: what.value } : { value: what.value }),
    expectView:
      /^(rollout:(reject|snooze|rollback|details)|recovery:open)$/.test(what.action_id) ||
      (select && what.value === 'note'),
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
