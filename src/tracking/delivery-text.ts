import { assertNever } from '../shared/assert-never.ts';
import { isoOf } from '../shared/time.ts';
import type { Delivery } from './delivery.ts';
import type { ApplicationView } from './types.ts';

/** Other differences that are named; the rest is counted. */
const mostNamed = 3;
const longest = 160;

/**
 * What one Application says of a change on its way, in Argo CD's words, shortened. Outside text: escape it.
 * @param moved what the change itself moves there, as `EC2NodeClass default`: other differences are not its own.
 */
export function deliveryText(
  application: ApplicationView,
  delivery: Delivery,
  moved: readonly string[],
): string {
  const { name, sync, health, revision, parent } = application;
  const said = (words: string) => words.trim().slice(0, longest);
  switch (delivery.kind) {
    case 'synced':
      return `${name}: ${sync}, ${health}`;
    case 'waiting':
      return revision === undefined
        ? `${name}: ${sync}; the merge is not compared yet`
        : `${name}: ${sync} at ${revision.slice(0, 7)}, without the merge as far as known`;
    case 'syncing':
      return delivery.words === undefined || delivery.words === ''
        ? `${name}: ${sync}, Argo CD has yet to sync it`
        : `${name}: ${said(delivery.words)}`;
    case 'failed':
      return `${name}: the sync failed: ${said(delivery.words)}`;
    case 'sync-window': {
      const { words, opensAt, manual } = delivery.held;
      const until = opensAt === undefined ? '' : `; it is open from ${isoOf(opensAt)}`;
      const by = manual ? '; a sync by hand is allowed' : '';
      return `${name}: OutOfSync, held by a sync window (${said(words)})${until}${by}`;
    }
    case 'out-of-sync-manual': {
      const others = (application.outOfSync ?? []).filter((one) => !moved.includes(one));
      const set = parent?.kind === 'ApplicationSet' ? `, or its ApplicationSet ${parent.name}` : '';
      return `${name}: OutOfSync, and auto-sync is off: somebody has to sync it in Argo CD${set}${othersText(others)}`;
    }
    case 'degraded':
      return `${name}: ${health}: ${said(delivery.words)}`;
    case 'comparison-error':
      return `${name}: ComparisonError: ${said(delivery.words)}`;
    case 'follows-another':
      return `${name}: ${said(delivery.words)}`;
    default:
      return assertNever(delivery);
  }
}

function othersText(others: readonly string[]): string {
  if (others.length === 0) return '';
  const rest = others.length - mostNamed;
  const named = others.slice(0, mostNamed).join(', ');
  return `; a full sync would also change ${named}${rest > 0 ? ` and ${rest} more` : ''}`;
}
