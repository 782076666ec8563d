import type { DecisionLine } from './decision-line.ts';

/** Whose decisions are asked for; absent: everybody's about everything. */
export type HistoryOf =
  | { readonly cluster: string }
  | { readonly environment: string }
  | { readonly slack: string }
  | undefined;

/** The lines that concern a cluster, an environment or a person; what concerns the whole fleet concerns each of them. */
export function historyOf(lines: readonly DecisionLine[], of: HistoryOf): readonly DecisionLine[] {
  if (of === undefined) return lines;
  if ('slack' in of) return lines.filter(({ slack }) => slack === of.slack);
  if ('environment' in of) {
    const streams = new Set(
      lines.filter((one) => one.environment === of.environment).map(({ stream }) => stream),
    );
    return lines.filter(
      ({ stream, environment }) =>
        stream === 'global' ||
        (streams.has(stream) && (environment ?? of.environment) === of.environment),
    );
  }
  const streams = new Set(
    lines
      .filter(({ clusters }) => clusters?.includes(of.cluster) === true)
      .map(({ stream }) => stream),
  );
  return lines.filter(
    ({ stream, clusters }) =>
      (stream === 'global' || streams.has(stream)) && (clusters?.includes(of.cluster) ?? true),
  );
}
