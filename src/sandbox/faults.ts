/** Which stand-in misbehaves. */
export type FaultService = 'slack' | 'github' | 'aws' | 'kubernetes' | 'dynamodb' | 'paging';

/**
 * How: `lost-reply` does what was asked and cuts the connection instead of answering; `rate-limited` answers as the real
 * system limits; `error-500` does nothing and fails; `hang` does nothing and never answers; `cut-watch` ends open
 * streams; `gone-410` expires the watch's resource version.
 */
export type FaultKind =
  | 'lost-reply'
  | 'rate-limited'
  | 'error-500'
  | 'hang'
  | 'cut-watch'
  | 'gone-410';

export type Fault = {
  readonly service: FaultService;
  readonly kind: FaultKind;
  /** Part of the request's description, such as `POST /repos/acme/gitops/pulls` or `chat.postMessage`; absent: any. */
  readonly match?: string;
  /** How many requests it hits. */
  readonly times: number;
};

/** The faults ordered of one stand-in. A stand-in asks before each request it serves. */
export class Faults {
  readonly #service: FaultService;
  #ordered: { kind: FaultKind; match: string | undefined; left: number }[] = [];
  readonly #listeners = new Set<(kind: FaultKind, request: string) => void>();

  constructor(service: FaultService) {
    this.#service = service;
  }

  order({ service, kind, match, times }: Fault): void {
    if (service === this.#service) this.#ordered.push({ kind, match, left: times });
  }

  /** The fault that hits this request, counted as used; `undefined`: serve it well. */
  take(request: string, kinds?: readonly FaultKind[]): FaultKind | undefined {
    const hit = this.#ordered.find(
      ({ kind, match }) =>
        (match === undefined || request.includes(match)) &&
        (kinds === undefined || kinds.includes(kind)),
    );
    if (hit === undefined) return undefined;
    hit.left -= 1;
    this.#ordered = this.#ordered.filter(({ left }) => left > 0);
    for (const listener of this.#listeners) listener(hit.kind, request);
    return hit.kind;
  }

  /** As `take`, but only of faults whose `match` names this kind of request: one service may be several servers. */
  takeMatching(request: string, kind: string): FaultKind | undefined {
    return this.#ordered.some(({ match }) => match?.startsWith(kind))
      ? this.take(request)
      : undefined;
  }

  /** Calls back whenever a fault hits, before its effect is seen outside; returns how to stop. */
  onHit(listener: (kind: FaultKind, request: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
