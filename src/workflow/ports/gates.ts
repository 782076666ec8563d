/** What one alarm of somebody's own says of a cluster. */
export type GateReading = {
  readonly name: string;
  /** `no-data`: it answers, and has nothing to judge by; that is no more a check than no answer. */
  readonly verdict: 'well' | 'breached' | 'no-data' | 'not-checked';
  /** In a sentence without a full stop; holds outside words. */
  readonly evidence: string;
};

/** Alarms that the configuration names for an environment. Never throws: one that does not answer is not checked. */
export type Gates = (environment: string, cluster: string) => Promise<readonly GateReading[]>;
