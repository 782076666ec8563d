import { composeAdvisories } from '../compose/analyst.ts';
import { composeClusters } from '../compose/clusters.ts';
import { bedrockOf, modelIdsOf } from '../compose/model.ts';
import { composeReads } from '../compose/reads.ts';
import { composeSlack } from '../compose/slack.ts';
import { composeStore } from '../compose/store.ts';
import type { Config } from '../config/config.ts';
import { slotsOfAlias } from '../images/alias-slots.ts';
import { systemClock } from '../shared/clock.ts';
import { clusterNow } from '../workflow/control-planes.ts';
import { silentLog } from '../workflow/log.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';
import { whyTooFew } from './why-too-few.ts';

/** Tries one read. `read` says what is missing; nothing when it works. */
type Attempt = (what: string, read: () => Promise<string | undefined>) => Promise<void>;

/**
 * Tries each read once, changes nothing, and says what is missing, all of it at once: what does not work keeps nothing
 * else from being tried.
 * @throws CommandError (1) when anything is missing.
 */
export async function doctor(config: Config, { out }: Output): Promise<void> {
  const findings: { readonly what: string; readonly missing?: string }[] = [];
  const attempt: Attempt = async (what, read) => {
    const missing = await read().catch(reasonOf);
    findings.push(missing === undefined ? { what } : { what, missing });
  };
  await tryRecords(config, attempt);
  await trySlack(config, attempt);
  await tryReads(config, attempt);
  await tryClusters(config, attempt);
  await tryAnalysis(config, attempt);
  for (const { what, missing } of findings) {
    out(missing === undefined ? `ok       ${what}` : `missing  ${what}: ${missing}`);
  }
  const missing = findings.filter((finding) => finding.missing !== undefined).length;
  if (missing > 0) {
    throw new CommandError(`${missing} of ${findings.length} things are missing.`, 1);
  }
  out(`All ${findings.length} things work.`);
}

const seen = { clock: systemClock, log: silentLog };

async function tryRecords(config: Config, attempt: Attempt): Promise<void> {
  const { store } = config;
  const what = store.kind === 'dynamodb' ? `table ${store.table}` : store.folder;
  await attempt(`records: ${what}`, async () => {
    const records = await composeStore(config, seen);
    try {
      await records.store.heads.open();
      return undefined;
    } catch (cause) {
      const reason = reasonOf(cause);
      return reason.includes('ResourceNotFoundException')
        ? `there is no such table: make it with amiable table create (${reason})`
        : reason;
    } finally {
      await records.close();
    }
  });
}

async function trySlack(config: Config, attempt: Attempt): Promise<void> {
  let slack: Awaited<ReturnType<typeof composeSlack>> | undefined;
  await attempt('Slack: the bot token', async () => {
    slack = await composeSlack(config, { ...seen, onFatal() {} });
    return undefined;
  });
  if (slack === undefined) return;
  const { people } = slack;
  for (const { name, approval, recovery } of config.environments) {
    for (const [who, rule] of [
      ['approvers', approval],
      ['people who may stop', recovery],
    ] as const) {
      // Where nothing is ever asked, nobody need be named.
      if (rule.users.length + rule.groups.length === 0) continue;
      await attempt(`Slack: ${who} of ${name}`, () => whyTooFew(people, rule));
    }
  }
}

async function tryReads(config: Config, attempt: Attempt): Promise<void> {
  const { fleet, github, images, controlPlanes, pins } = composeReads(config, seen);
  for (const { repository, branch } of config.repositories) {
    await attempt(`GitHub: ${repository} ${branch}`, async () =>
      (await github.head(repository, branch)) === undefined
        ? `there is no branch ${branch}, or the App is not installed there`
        : undefined,
    );
  }
  await attempt('GitHub: pins in the watched files', async () => {
    const { pins: found, problems } = await pins.read();
    if (problems.length > 0) {
      return problems
        .map(({ repository, path, reason }) => `${repository} ${path}: ${reason}`)
        .join('; ');
    }
    return found.some(({ pin }) => pin.editable)
      ? undefined
      : 'no pin that can be moved was found: check repositories[].files';
  });
  for (const cluster of fleet.clusters) {
    const { name, region, kubernetes } = cluster;
    const place = `${region}, ${kubernetes ?? 'as EKS says'}`;
    await attempt(`AWS: images for ${name} (${place})`, async () => {
      const slots = slotsOfAlias('al2023', await clusterNow(controlPlanes, cluster));
      return (await images.recommended(slots)).length === 0
        ? 'no AL2023 image is published for it'
        : undefined;
    });
  }
}

async function tryClusters(config: Config, attempt: Attempt): Promise<void> {
  const clusters = composeClusters(config, seen);
  try {
    for (const { name, argocd } of config.clusters) {
      await attempt(`Kubernetes: ${name}`, async () => {
        const { missing } = await clusters.access(name);
        return missing.length === 0 ? undefined : `the ClusterRole lacks ${missing.join(', ')}`;
      });
      if (argocd === undefined) continue;
      await attempt(`Argo CD: ${argocd.application} for ${name}`, async () =>
        (await clusters.application(name)) === undefined
          ? `there is no Application ${argocd.namespace}/${argocd.application}`
          : undefined,
      );
    }
  } finally {
    await clusters.close();
  }
}

/** The feeds and the models. A model is asked for one word, since nothing else tells whether it would answer. */
async function tryAnalysis(config: Config, attempt: Attempt): Promise<void> {
  const advisories = composeAdvisories(config, seen);
  const { amazonLinux, bottlerocket } = config.analysis.advisories;
  if (amazonLinux !== undefined) {
    await attempt('advisories of Amazon Linux', async () =>
      whyUnavailable(await advisories.amazonLinux()),
    );
  }
  if (bottlerocket !== undefined) {
    await attempt('advisories of Bottlerocket', async () =>
      whyUnavailable(await advisories.bottlerocket()),
    );
  }
  const models = modelIdsOf(config);
  if (models.length === 0) return;
  const bedrock = bedrockOf(config, systemClock);
  for (const id of models) {
    await attempt(`Bedrock: ${id}`, async () => {
      const why = await bedrock.probe(id);
      return why?.reason === 'end-of-life'
        ? 'it is past its end of life: name another in analysis.bedrock.model or fallback'
        : why?.message;
    });
  }
  const { guardrail } = config.analysis.bedrock;
  if (guardrail === undefined) return;
  await attempt(`Bedrock: guardrail ${guardrail.id}`, async () => {
    await bedrock.applyGuardrail('ready', 'INPUT');
    return undefined;
  });
}

function whyUnavailable(feed: { readonly status: string; readonly reason?: string }) {
  return feed.status === 'unavailable' ? feed.reason : undefined;
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
