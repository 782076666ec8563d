import type { KitFeed } from '../../analysis/bottlerocket-facts.ts';
import type { Feed } from '../../analysis/eks-facts.ts';

/** Security advisories as far as they can be read. Never throws: what could not be read says so, with the reason. */
export type Advisories = {
  /** ALAS of Amazon Linux 2023. */
  amazonLinux(): Promise<Feed>;
  /** Those of Bottlerocket's kits. */
  bottlerocket(): Promise<KitFeed>;
};
