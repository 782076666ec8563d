/** How a package moved. `unknown`: at least one side is not told by the notes, which is not "unchanged". */
export type Change =
  | 'unchanged'
  | 'patch'
  | 'minor'
  /** Another line of the same thing: kernel 6.1 to 6.12, containerd 1.7 to 2.1, NVIDIA 570 to 580. */
  | 'series'
  | 'downgrade'
  | 'added'
  | 'removed'
  | 'unknown';

/** One package of one kind of image. `null`: not in the image, or (with `unknown`) not told. */
export type PackageChange = {
  /** Without a series: `kernel`, never `kernel6.12`. */
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly change: Change;
};

/** A kind of image that nodes move to, and what it replaces: one row of the table that everything else points to. */
export type ImageMove = {
  /** Kubernetes minor, such as `1.35`. */
  readonly kubernetes: string;
  /** EKS `AMITypes` value such as `AL2023_x86_64_STANDARD`; a variant such as `aws-k8s-1.35` for Bottlerocket. */
  readonly amiType: string;
  /** Release that runs now, such as `al2023@v20251108`; `unknown` where it cannot be told. */
  readonly from: string;
  /** How many clusters make this move. */
  readonly clusters: number;
  /** Their names, as many as are kept; absent: not told. */
  readonly names?: readonly string[];
};

/** A package move and the images (indexes into `images`) that make it. Unchanged packages are not listed. */
export type PackageMove = PackageChange & { readonly images: readonly number[] };

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'unknown';

/** A vulnerability the move fixes: the package was below `fixedIn` and no longer is. */
export type CveFixed = {
  /** `CVE-…`, `GHSA-…`, or the advisory's own id where it names neither. */
  readonly id: string;
  readonly severity: Severity;
  readonly package: string;
  readonly fixedIn: string;
  /** `ALAS2023-2025-…` or `BRSA-…`. */
  readonly advisory: string;
  /** Page of the advisory; always https on a host of AWS or GitHub. */
  readonly url?: string;
  /** CISA lists it as exploited; absent: not listed, or the list was not read. */
  readonly exploited?: true;
};

export type SeverityCounts = Readonly<Record<Severity, number>>;

/** What the move fixes. "Not checked" never reads as "none". */
export type SecurityFacts =
  | { readonly status: 'not-checked'; readonly reason: string }
  | {
      readonly status: 'checked';
      /** All that were found, counted once each by id, also those cut from `fixed`. */
      readonly counts: SeverityCounts;
      /** Worst first. */
      readonly fixed: readonly (CveFixed & { readonly images: readonly number[] })[];
      /** Ids that a backward move brings back. */
      readonly reopened: readonly string[];
      /** Packages that moved but that no feed speaks of, or whose versions are not known. */
      readonly unchecked: readonly string[];
    };

export type RiskLevel = 'low' | 'medium' | 'high';

/** One rule that spoke, with what it saw. */
export type RiskReason = {
  readonly rule: string;
  readonly level: RiskLevel;
  /** A clause without a full stop: `containerd moves from 1.7 to 2.1`. May quote version strings: escape it. */
  readonly text: string;
  /** Ids of the facts behind it. */
  readonly facts: readonly string[];
};

/** The highest level of the reasons; `low` with no reason means that every rule was quiet. */
export type Risk = {
  readonly level: RiskLevel;
  readonly reasons: readonly RiskReason[];
  /** Set when the model asked for more than the rules did. */
  readonly raisedBy?: 'model';
};

/** A statement of the model that names its facts, all of which exist. Plain text, untrusted: escape it. */
export type Claim = { readonly text: string; readonly facts: readonly string[] };

export type AiSummary = {
  readonly sentence: Claim;
  /** At most three. */
  readonly bullets: readonly Claim[];
  /** What a reviewer should look at. */
  readonly guidance?: Claim;
  /** What the model says it could not tell; these cite facts where there are any. */
  readonly unknowns: readonly Claim[];
  /** How many statements were dropped because they cited nothing or named what is not in the facts. */
  readonly dropped: number;
  readonly model: string;
  readonly promptVersion: string;
};

/** Why there is no AI summary. */
export type NoSummaryReason =
  | 'off'
  | 'timeout'
  | 'throttled'
  | 'intervened'
  | 'nonsense'
  | 'over-budget'
  /** Every model that was asked is past its end of life. */
  | 'end-of-life'
  | 'unavailable';

/** What the words of a model cost. */
export type ModelUsage = {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** How long it took, in ms of real time. */
  readonly ms: number;
  /** In US dollars; absent: the configuration names no price. */
  readonly usd?: number;
  /** Nothing was asked: the same facts had been explained before. */
  readonly kept?: true;
};

/** What the release notes said beside the tables. Titles and callouts are untrusted: escape them. */
export type NotesFacts =
  | { readonly status: 'missing'; readonly reason: string }
  | {
      readonly status: 'found';
      readonly title: string;
      readonly url: string;
      readonly callouts: readonly string[];
      readonly pullRequests: readonly { readonly number: number; readonly title: string }[];
      /** The notes say that this very release was withdrawn. */
      readonly recalled: boolean;
    };

/** All that is known of a release for the clusters that would take it; the model explains only this. */
export type ReleaseFacts = {
  /** Such as `al2023@v20260714`. */
  readonly release: string;
  readonly notes: NotesFacts;
  readonly images: readonly ImageMove[];
  readonly packages: readonly PackageMove[];
  readonly security: SecurityFacts;
  /** Releases between the oldest that runs and this one, newest first; of withdrawn ones `recalled` is true. */
  readonly between: readonly {
    readonly release: string;
    readonly recalled: boolean;
    readonly callouts: readonly string[];
  }[];
  /** Running releases (of `images[].from`) that were withdrawn. */
  readonly recalledPredecessors: readonly string[];
  /** Days until the end of standard support of the oldest minor concerned; negative: over. Absent: not known. */
  readonly supportEndsInDays?: { readonly kubernetes: string; readonly days: number };
  /** What would be replaced; absent: not known. */
  readonly blastRadius?: { readonly clusters: number; readonly nodes: number };
  /** What could not be told, in words of ours. */
  readonly unknowns: readonly string[];
};

/** A statement with an id that a claim can cite. `untrusted`: its text quotes outsiders. */
export type Fact = {
  /** `P1` package, `C1` vulnerability, `S1` security as a whole, `I1` image, `N1` notes, `R1` between, `K1` risk, `U1` unknown, `A1` asked about and not compared. */
  readonly id: string;
  readonly text: string;
  readonly url?: string;
  readonly untrusted?: true;
};

/**
 * What `AnalysisCompleted` stores: JSON, under 8 KB, and all that the card, thread, Details and pull request need.
 * Lists are cut worst first; `left` counts what was cut.
 */
export type Analysis = {
  readonly v: 1;
  readonly release: string;
  readonly notes: NotesFacts;
  readonly images: readonly ImageMove[];
  readonly packages: readonly PackageMove[];
  readonly security: SecurityFacts;
  readonly risk: Risk;
  readonly between: readonly { readonly release: string; readonly recalled: boolean }[];
  readonly unknowns: readonly string[];
  /** Facts that the reasons and the summary cite, so that a reader can look them up. */
  readonly sources: readonly Fact[];
  readonly summary:
    | ({ readonly kind: 'ai' } & AiSummary)
    | { readonly kind: 'none'; readonly reason: NoSummaryReason };
  /** Absent: no model was asked. */
  readonly usage?: ModelUsage;
  readonly recalledPredecessors?: readonly string[];
  readonly supportEndsInDays?: NonNullable<ReleaseFacts['supportEndsInDays']>;
  readonly blastRadius?: NonNullable<ReleaseFacts['blastRadius']>;
  readonly left: {
    readonly images: number;
    readonly packages: number;
    readonly cves: number;
    readonly between: number;
    readonly callouts: number;
    readonly pullRequests: number;
    /** Absent: none, or nobody counted. */
    readonly unknowns?: number;
    readonly reasons?: number;
    readonly sources?: number;
  };
};
