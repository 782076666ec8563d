import type { Clock } from '../../../shared/time.ts';
import type { Answer, Outgoing, Transport } from './transport.ts';

/** How the network treats the next deliveries. */
export type DeliverySwitches = {
  /** Delivers the next `times` payloads twice, the second right after the first. */
  duplicate(times?: number): void;
  /** Holds the next `times` payloads back for `ms` of the stand-in's clock. */
  delay(ms: number, times?: number): void;
  /** Loses the next `times` payloads on their way. */
  drop(times?: number): void;
  /** Gathers the next `count` payloads and delivers them in reverse order. */
  reorder(count: number): void;
};

type Treatment =
  | { readonly kind: 'duplicate' | 'drop' }
  | { readonly kind: 'delay'; readonly ms: number };

/** A transport whose deliveries can be doubled, held back, lost and turned round. */
export function withSwitches(
  transport: Transport,
  clock: Clock,
): { readonly transport: Transport; readonly switches: DeliverySwitches } {
  let treatments: Treatment[] = [];
  let gather = 0;
  let gathered: { readonly outgoing: Outgoing; readonly settle: (answer: Answer) => void }[] = [];
  const order = (treatment: Treatment, times: number) => {
    treatments = [...treatments, ...Array.from({ length: times }, () => treatment)];
  };

  /** The last comes first; each waits for the one before it, so that the order is certain. */
  const deliverReversed = async () => {
    const all = gathered.toReversed();
    gather = 0;
    gathered = [];
    for (const { outgoing, settle } of all) settle(await transport.send(outgoing));
  };

  const send = async (outgoing: Outgoing): Promise<Answer> => {
    if (gather > 0)
      return new Promise((settle) => {
        gathered.push({ outgoing, settle });
        if (gathered.length >= gather) void deliverReversed();
      });
    const [treatment, ...rest] = treatments;
    treatments = rest;
    switch (treatment?.kind) {
      case undefined:
        return transport.send(outgoing);
      case 'drop':
        return { acknowledged: false, reason: 'connection_failed' };
      case 'delay':
        await clock.sleep(treatment.ms);
        return transport.send(outgoing);
      case 'duplicate': {
        const first = transport.send(outgoing);
        await transport.send(outgoing);
        return first;
      }
    }
  };

  return {
    transport: { send },
    switches: {
      duplicate: (times = 1) => order({ kind: 'duplicate' }, times),
      delay: (ms, times = 1) => order({ kind: 'delay', ms }, times),
      drop: (times = 1) => order({ kind: 'drop' }, times),
      reorder: (count) => {
        gather = count;
      },
    },
  };
}
