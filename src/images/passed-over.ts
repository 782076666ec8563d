import { assertNever } from '../shared/assert-never.ts';
import { isoOf } from '../shared/time.ts';
import type { PassedOver } from './offer.ts';
import type { ImageSlot } from './types.ts';

/** Why a release that is newer than a pin is not offered, as a clause. Quotes the configuration: escape it. */
export function whyPassedOver(passed: PassedOver): string {
  switch (passed.because) {
    case 'recalled':
      return `withdrawn, ${passed.reason}`;
    case 'denied':
      return `denied, ${passed.reason}${passed.link === undefined ? '' : ` (${passed.link})`}`;
    case 'too-young':
      return `too young until ${isoOf(passed.eligibleAt)}`;
    case 'incomplete': {
      const missing = passed.missing.map(slotWords);
      const more = missing.length > 3 ? ` and ${missing.length - 3} more` : '';
      return `not published yet: ${missing.slice(0, 3).join(', ')}${more}`;
    }
    default:
      return assertNever(passed);
  }
}

/** `x86_64 nvidia for Kubernetes 1.35 in eu-west-1`. */
function slotWords({ architecture, variant, kubernetes, region, line }: ImageSlot): string {
  const of = line === undefined ? '' : `${line} `;
  return `${of}${architecture} ${variant} for Kubernetes ${kubernetes} in ${region}`;
}
