import type { Offer } from '../images/offer.ts';
import { whyPassedOver } from '../images/passed-over.ts';
import type { OpeningView } from '../rollout/opening-view.ts';
import type { Placed } from './placed-pins.ts';
import type { WatchProblem } from './watched-pins.ts';

const mostRows = 60;
const mostPassedOver = 5;
const mostLeftAlone = 10;

/** What is worth remembering of the look that opened a rollout: small enough for an event. */
export function openingView(
  { matrix, passedOver }: Pick<Extract<Offer, { kind: 'offer' }>, 'matrix' | 'passedOver'>,
  problems: readonly WatchProblem[],
  behind: readonly Pick<Placed, 'at'>[] = [],
): OpeningView {
  const shared = new Map(
    behind.flatMap(({ at }) =>
      at.shared === undefined
        ? []
        : [
            [
              at.path,
              {
                path: at.path,
                environments: [...at.shared],
                ...(at.sharedBecause !== undefined && { because: at.sharedBecause.slice(0, 300) }),
              },
            ],
          ],
    ),
  );
  const rows = new Map<string, { region: string; kubernetes: string; has: string[] }>();
  for (const { slot, image } of matrix) {
    if (image === undefined) continue;
    const { region, kubernetes, architecture, variant, line } = slot;
    const key = `${region} ${kubernetes}`;
    const row = rows.get(key) ?? { region, kubernetes, has: [] };
    row.has.push(`${line === undefined ? '' : `${line} `}${architecture} ${variant}`);
    rows.set(key, row);
  }
  const all = [...rows.values()].sort((a, b) =>
    `${a.region} ${a.kubernetes}` < `${b.region} ${b.kubernetes}` ? -1 : 1,
  );
  const pins = problems.filter(
    (problem): problem is WatchProblem & { line: number } => problem.line !== undefined,
  );
  const moreRows = all.length - mostRows;
  const moreLeftAlone = pins.length - mostLeftAlone;
  return {
    matrix: all.slice(0, mostRows),
    passedOver: passedOver
      .slice(0, mostPassedOver)
      .map((passed) => ({ release: passed.release, why: whyPassedOver(passed).slice(0, 300) })),
    leftAlone: pins.slice(0, mostLeftAlone).map(({ repository, path, line, reason }) => ({
      repository,
      path,
      line,
      reason: reason.slice(0, 300),
    })),
    ...(shared.size > 0 && { shared: [...shared.values()].slice(0, mostLeftAlone) }),
    ...(moreRows > 0 && { moreRows }),
    ...(moreLeftAlone > 0 && { moreLeftAlone }),
  };
}
