import { z } from 'zod';
import { ClusterAct, clusterDeeds } from './cluster-act.ts';

const pressed = {
  action_id: z.string(),
  block_id: z.string().optional(),
  value: z.string().optional(),
};
const InMessage = z.object({ user: z.string(), message_ts: z.string(), ...pressed });
const InView = z.object({ user: z.string(), view_id: z.string(), ...pressed });
const Submission = z.object({
  user: z.string(),
  view_id: z.string(),
  values: z.record(z.string(), z.record(z.string(), z.unknown())),
});
const Command = z.object({
  user: z.string(),
  command: z.string(),
  text: z.string(),
  channel: z.string().optional(),
});
const Mention = z.object({ user: z.string(), thread_ts: z.string(), text: z.string() });
const Saying = z.object({
  user: z.string(),
  say: z.string(),
  thread_ts: z.string().optional(),
  channel: z.string().optional(),
});

const gitHubDeeds = ['merge', 'close', 'push', 'review'] as const;
const OnGitHub = z.object({
  github: z.string(),
  pull: z.number().int(),
  do: z.enum(gitHubDeeds),
});

const MovePin = z.object({
  github: z.string(),
  do: z.literal('move-pin'),
  cluster: z.string(),
  to: z.string(),
});

/** What `POST /sandbox/act` takes; described in docs/sandbox-api.md and stable. */
export type Act =
  | { readonly kind: 'press'; readonly press: z.infer<typeof InMessage> | z.infer<typeof InView> }
  | { readonly kind: 'submit'; readonly submission: z.infer<typeof Submission> }
  | { readonly kind: 'command'; readonly command: z.infer<typeof Command> }
  | { readonly kind: 'mention'; readonly mention: z.infer<typeof Mention> }
  | { readonly kind: 'say'; readonly saying: z.infer<typeof Saying> }
  | { readonly kind: 'github'; readonly onGitHub: z.infer<typeof OnGitHub> }
  | { readonly kind: 'move-pin'; readonly moving: z.infer<typeof MovePin> }
  | { readonly kind: 'cluster'; readonly cluster: string; readonly what: ClusterAct };

/** The act, or why the body is none. */
export type ParsedAct =
  | { readonly ok: true; readonly act: Act }
  | { readonly ok: false; readonly error: string };

/** What a body is meant to be shows by one member each; the error is then about that shape alone. */
export function parseAct(body: unknown): ParsedAct {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return refused(shapes);
  if ('cluster' in body && !('github' in body)) return clusterAct(body);
  if ('github' in body) {
    if ('do' in body && body.do === 'move-pin')
      return parsed(MovePin, body, (moving) => ({ kind: 'move-pin', moving }));
    const known = gitHubDeeds.some((deed) => 'do' in body && deed === body.do);
    return known
      ? parsed(OnGitHub, body, (onGitHub) => ({ kind: 'github', onGitHub }))
      : refused(`do is one of ${gitHubDeeds.join(', ')}, move-pin on GitHub`);
  }
  if ('values' in body) {
    return parsed(Submission, body, (submission) => ({ kind: 'submit', submission }));
  }
  if ('action_id' in body) {
    return 'message_ts' in body
      ? parsed(InMessage, body, (press) => ({ kind: 'press', press }))
      : parsed(InView, body, (press) => ({ kind: 'press', press }));
  }
  if ('command' in body) return parsed(Command, body, (command) => ({ kind: 'command', command }));
  if ('say' in body) return parsed(Saying, body, (saying) => ({ kind: 'say', saying }));
  if ('thread_ts' in body) {
    return parsed(Mention, body, (mention) => ({ kind: 'mention', mention }));
  }
  return refused(shapes);
}

const shapes =
  'The body holds none of action_id, values, command, say, thread_ts, github, cluster: docs/sandbox-api.md has the shapes';

function clusterAct(body: object): ParsedAct {
  const known = clusterDeeds.some((deed) => 'do' in body && deed === body.do);
  if (!known) return refused(`do is one of ${clusterDeeds.join(', ')} for a cluster`);
  const cluster = z.object({ cluster: z.string() }).safeParse(body);
  if (!cluster.success) return refused(z.prettifyError(cluster.error));
  return parsed(ClusterAct, body, (what) => ({
    kind: 'cluster',
    cluster: cluster.data.cluster,
    what,
  }));
}

function parsed<T>(schema: z.ZodType<T>, body: object, actOf: (data: T) => Act): ParsedAct {
  const found = schema.safeParse(body);
  return found.success
    ? { ok: true, act: actOf(found.data) }
    : refused(z.prettifyError(found.error));
}

function refused(error: string): ParsedAct {
  return { ok: false, error };
}
