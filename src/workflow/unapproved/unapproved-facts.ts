import type { Instant } from '../../shared/time.ts';
import type { UnapprovedFinding } from '../../tracking/unapproved-images.ts';

/** What the one message of a cluster says. */
export type UnapprovedFacts = {
  readonly cluster: string;
  readonly environment: string;
  readonly isProtected: boolean;
  /** Amiable only observes there: it proposes nothing. */
  readonly observesOnly: boolean;
  /** What stands now; empty once it is over. */
  readonly findings: readonly UnapprovedFinding[];
  /** EC2NodeClasses of earlier findings of which nobody can say now what they are to run. */
  readonly notChecked?: readonly { readonly nodeClass: string; readonly reason: string }[];
  /** When the first of them was seen. */
  readonly since?: Instant;
  /** Since when the cluster cannot be seen. */
  readonly unseen?: Instant;
};
