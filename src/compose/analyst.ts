import { createAdvisories } from '../adapters/feeds/create-advisories.ts';
import { createKitNotes } from '../adapters/feeds/create-kit-notes.ts';
import type { Config } from '../config/config.ts';
import type { Asking } from '../workflow/analysis/ask-model.ts';
import { createSpending } from '../workflow/analysis/spending.ts';
import { createAnalyst } from '../workflow/analyst.ts';
import type { Advisories } from '../workflow/ports/advisories.ts';
import type { Analyst } from '../workflow/ports/analyst.ts';
import type { ReleaseNotes } from '../workflow/ports/git-host.ts';
import type { KitNotesSource } from '../workflow/ports/kit-notes.ts';
import type { Memory } from '../workflow/ports/store.ts';
import type { World } from '../workflow/world.ts';
import { modelOf } from './model.ts';

type Seen = Pick<World, 'clock' | 'log' | 'fleet' | 'clusters' | 'images'> & {
  readonly memory: Memory;
};

/** The analyst with the model the configuration names; without one it tells the facts alone. */
export function composeAnalyst(
  config: Config,
  { notes, asking, ...seen }: Seen & { readonly notes: ReleaseNotes; readonly asking?: Asking },
): Analyst {
  const { notes: eks, bottlerocketNotes: bottlerocket } = config.analysis;
  return createAnalyst({
    ...seen,
    notes,
    repositories: { eks, bottlerocket },
    advisories: composeAdvisories(config, seen),
    kitNotes: composeKitNotes(config, seen),
    ...(asking === undefined ? {} : { asking }),
  });
}

/** The feeds that the configuration names. */
export function composeAdvisories(
  config: Config,
  { clock, log }: Pick<Seen, 'clock' | 'log'>,
): Advisories {
  const { amazonLinux, bottlerocket, exploited, every } = config.analysis.advisories;
  return createAdvisories({
    clock,
    log,
    everyMs: every,
    ...(amazonLinux === undefined ? {} : { amazonLinux }),
    ...(bottlerocket === undefined ? {} : { bottlerocket }),
    ...(exploited === undefined ? {} : { exploited }),
  });
}

/** The changelogs of Bottlerocket's kits, as far as the configuration names them. */
export function composeKitNotes(
  config: Config,
  { clock, log }: Pick<Seen, 'clock' | 'log'>,
): KitNotesSource {
  const { core, kernel, every } = config.analysis.kitNotes;
  return createKitNotes({
    clock,
    log,
    everyMs: every,
    ...(core === undefined ? {} : { core }),
    ...(kernel === undefined ? {} : { kernel }),
  });
}

/** The model with what it may cost and where its answers are kept; `undefined` while it is switched off. */
export function composeAsking(
  config: Config,
  { clock, log, memory }: Pick<Seen, 'clock' | 'log' | 'memory'>,
): Asking | undefined {
  const model = modelOf(config, { clock, log });
  if (model === undefined) return undefined;
  const { budget, price, maxTokens, timeout } = config.analysis.bedrock;
  return {
    model,
    memory,
    clock,
    log,
    maxTokens,
    timeoutMs: timeout,
    spending: createSpending(memory, {
      budget: {
        timeMs: budget.time,
        tokens: budget.tokens,
        ...(budget.usd === undefined ? {} : { usd: budget.usd }),
      },
      ...(price === undefined ? {} : { price }),
    }),
  };
}
