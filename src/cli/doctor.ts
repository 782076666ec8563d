import { composeClusters } from '../compose/clusters.ts';
import { composeSlack } from '../compose/slack.ts';
import { composeStore } from '../compose/store.ts';
import { composeWorld } from '../compose/world.ts';
import type { Config } from '../config/config.ts';
import { systemClock } from '../shared/clock.ts';
import { silentLog } from '../workflow/log.ts';
import { slotsOfAlias } from '../workflow/plan-change.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';

/** One thing that was tried. `missing`: what to do about it; absent: it works. */
type Finding = { readonly what: string; readonly missing?: string };

/** Tries each read once, changes nothing, and says what is missing, all of it at once. */
export async function doctor(config: Config, { out }: Output): Promise<void> {
  const clock = systemClock;
  const log = silentLog;
  const findings: Finding[] = [];
  const attempt = async (what: string, read: () => Promise<string | undefined>): Promise<void> => {
    try {
      const missing = await read();
      findings.push(missing === undefined ? { what } : { what, missing });
    } catch (cause) {
      findings.push({ what, missing: reasonOf(cause) });
    }
  };
  const records = await composeStore(config, { clock, log }).catch((cause: unknown) => {
    findings.push({ what: 'records', missing: reasonOf(cause) });
    return undefined;
  });
  const clusters = composeClusters(config, { clock, log });
  try {
    if (records !== undefined) {
      await attempt('records: the table can be read', async () => {
        await records.store.heads.open();
        return undefined;
      });
    }
    const slack = await composeSlack(config, { clock, log, onFatal() {} }).catch(
      (cause: unknown) => {
        findings.push({ what: 'Slack: the bot token', missing: reasonOf(cause) });
        return undefined;
      },
    );
    if (slack !== undefined) {
      findings.push({ what: 'Slack: the bot token' });
      for (const { name, approval, recovery } of config.environments) {
        for (const [who, rule] of [
          ['approvers', approval],
          ['people who may stop', recovery],
        ] as const) {
          await attempt(`Slack: ${who} of ${name}`, async () => {
            const members = await slack.people.members(rule);
            if (members.length === 0)
              return 'nobody is found: check the ids, and the scopes users:read and usergroups:read';
            return members.length < rule.count
              ? `${members.length} people count, ${rule.count} are needed`
              : undefined;
          });
        }
      }
    }
    if (records !== undefined && slack !== undefined) {
      const world = composeWorld(config, {
        clock,
        log,
        store: records.store,
        slack: slack.messenger,
        people: slack.people,
        clusters,
      });
      for (const { repository, branch } of config.repositories) {
        await attempt(`GitHub: ${repository} ${branch}`, async () =>
          (await world.github.head(repository, branch)) === undefined
            ? `there is no branch ${branch}, or the App is not installed there`
            : undefined,
        );
      }
      await attempt('GitHub: pins in the watched files', async () => {
        const { pins, problems } = await world.pins.read();
        const movable = pins.filter(({ pin }) => pin.editable).length;
        if (problems.length > 0) {
          return problems
            .map(({ repository, path, reason }) => `${repository} ${path}: ${reason}`)
            .join('; ');
        }
        return movable === 0
          ? 'no pin that can be moved was found: check repositories[].files'
          : undefined;
      });
      for (const cluster of world.fleet.clusters) {
        await attempt(
          `AWS: images for ${cluster.name} (${cluster.region}, ${cluster.kubernetes})`,
          async () => {
            const found = await world.images.recommended(slotsOfAlias(cluster));
            return found.length === 0 ? 'no AL2023 image is published for it' : undefined;
          },
        );
      }
    }
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
    await records?.close();
  }
  for (const { what, missing } of findings) {
    out(missing === undefined ? `ok       ${what}` : `missing  ${what}: ${missing}`);
  }
  const missing = findings.filter((finding) => finding.missing !== undefined).length;
  if (missing > 0)
    throw new CommandError(`${missing} of ${findings.length} things are missing.`, 1);
  out(`All ${findings.length} things work.`);
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
