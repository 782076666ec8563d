import { count, listed } from './phrases.ts';

/** Pods that move with their volumes. */
export type Volumes = {
  readonly withVolume?: number;
  /** Those that come up in one zone alone, by zone; absent: not read. */
  readonly boundTo?: ReadonlyMap<string, number>;
};

/** `3 pods with volumes that are bound to one zone (2 in eu-west-1a, 1 in eu-west-1b)`; `undefined`: none. */
export function volumesText(all: readonly Volumes[]): string | undefined {
  const zones = new Map<string, number>();
  for (const { boundTo = new Map() } of all)
    for (const [zone, pods] of boundTo) zones.set(zone, (zones.get(zone) ?? 0) + pods);
  const named = [...zones].sort(([a], [b]) => (a < b ? -1 : 1));
  const bound = named.reduce((sum, [, pods]) => sum + pods, 0);
  const unknown = all
    .filter(({ boundTo }) => boundTo === undefined)
    .reduce((sum, { withVolume = 0 }) => sum + withVolume, 0);
  const where = listed(
    named.map(([zone, pods]) => `${pods} in ${zone}`),
    3,
  );
  const parts = [
    ...(bound === 0
      ? []
      : [`${count(bound, 'pod')} with volumes that are bound to one zone (${where})`]),
    ...(unknown === 0
      ? []
      : [`${count(unknown, 'pod')} with volumes, which may be bound to a zone`]),
  ];
  return parts.length === 0 ? undefined : parts.join('; ');
}
