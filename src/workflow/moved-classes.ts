import type { Change } from '../rollout/change.ts';
import { isElsewhere } from '../tracking/resolution.ts';
import type { NodeClassView } from '../tracking/types.ts';
import { intendedSelector } from './node-classes.ts';

/**
 * EC2NodeClasses of a wave that no longer say what was merged, so that its nodes do not come to run it, or do not stay:
 * a sentence each, with outside names. Empty: all say it.
 */
export function movedClasses(
  change: Change,
  cluster: string,
  {
    names,
    live,
    wanted,
  }: {
    /** EC2NodeClasses that the change moves there. */
    readonly names: ReadonlySet<string>;
    readonly live: readonly NodeClassView[];
    readonly wanted: ReadonlySet<string>;
  },
): readonly string[] {
  if (names.size === 0) return ['no EC2NodeClass says what was merged now'];
  return [...names].flatMap((name) => {
    const nodeClass = live.find((one) => one.name === name);
    if (nodeClass === undefined) return [`there is no EC2NodeClass ${name} now`];
    return isElsewhere(nodeClass, wanted, intendedSelector(change, cluster, name))
      ? [`EC2NodeClass ${name} says ${saidBy(nodeClass)} now, not what was merged`]
      : [];
  });
}

function saidBy({ terms }: NodeClassView): string {
  const said = terms.flatMap(({ alias, id, name }) => alias ?? id ?? name ?? []);
  return said.length === 0 ? 'something else' : said.slice(0, 3).join(', ');
}
