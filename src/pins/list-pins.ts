import type { PinFindings, PinKind } from './types.ts';

/** One pin as `amiable pins list --json` prints it. */
export type PinRow = {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
  readonly kind: PinKind;
  readonly value: string;
  /** The EC2NodeClass, or null. */
  readonly nodeclass: string | null;
  readonly editable: boolean;
  /** Why it cannot be moved, or null. */
  readonly reason: string | null;
};

/** The rows of one file; none for a file that was refused, whose reason the caller shows beside them. */
export function listPins(file: string, findings: PinFindings): readonly PinRow[] {
  if (findings.kind === 'refused') return [];
  return findings.pins.map(({ line, column, kind, value, nodeClass, editable, reason }) => ({
    file,
    line,
    column,
    kind,
    value,
    nodeclass: nodeClass ?? null,
    editable,
    reason: reason ?? null,
  }));
}
