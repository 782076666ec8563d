import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { RepositoryName } from '../../shared/ids.ts';

/**
 * Whether GitHub signed these bytes with our secret, in constant time. An empty secret verifies nothing.
 * `signature` is the header `X-Hub-Signature-256`.
 */
export function verifyGitHubWebhook(
  secret: string,
  rawBody: string | Uint8Array,
  signature: string | undefined,
): boolean {
  if (secret === '' || signature === undefined) return false;
  const wanted = Buffer.from(
    `sha256=${createHmac('sha256', secret).update(rawBody).digest('hex')}`,
  );
  const given = Buffer.from(signature);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** What a webhook is about: enough to know whom to wake. */
export type WebhookSubject = {
  readonly repository: RepositoryName;
  readonly branch?: string;
  readonly pullRequest?: number;
};

const From = z.object({ repository: z.object({ full_name: RepositoryName }) });
const Push = From.extend({ ref: z.string() });
const PullRequestEvent = From.extend({
  number: z.number(),
  pull_request: z.object({ head: z.object({ ref: z.string() }) }),
});
const StatusEvent = From.extend({ branches: z.array(z.object({ name: z.string() })) });
const CheckRunEvent = From.extend({
  check_run: z.object({
    check_suite: z.object({ head_branch: z.string().nullable() }),
    pull_requests: z.array(z.object({ number: z.number() })),
  }),
});

/** Reads a verified webhook's parsed body; `undefined` for events that concern nothing of ours. */
export function parseWebhook(event: string, body: unknown): WebhookSubject | undefined {
  switch (event) {
    case 'push': {
      const push = Push.safeParse(body).data;
      return push && subject(push, /^refs\/heads\/(.+)$/.exec(push.ref)?.[1]);
    }
    case 'pull_request':
    case 'pull_request_review': {
      const given = withNumber(body);
      const pull = PullRequestEvent.safeParse(given).data;
      return pull && subject(pull, pull.pull_request.head.ref, pull.number);
    }
    case 'status': {
      const status = StatusEvent.safeParse(body).data;
      return status && subject(status, status.branches[0]?.name);
    }
    case 'check_run': {
      const check = CheckRunEvent.safeParse(body).data;
      const run = check?.check_run;
      return check && subject(check, run?.check_suite.head_branch, run?.pull_requests[0]?.number);
    }
    default:
      return undefined;
  }
}

function subject(
  { repository }: z.infer<typeof From>,
  branch: string | null | undefined,
  pullRequest?: number,
): WebhookSubject {
  return {
    repository: repository.full_name,
    ...(branch && { branch }),
    ...(pullRequest !== undefined && { pullRequest }),
  };
}

/** A review's payload has the number only inside its pull request. */
function withNumber(body: unknown): unknown {
  const inner = z.object({ pull_request: z.object({ number: z.number() }) }).safeParse(body).data;
  return inner && typeof body === 'object' ? { number: inner.pull_request.number, ...body } : body;
}
