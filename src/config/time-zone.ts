import { z } from 'zod';

/** An IANA time zone. */
export function timeZone() {
  const allowed = 'a time zone such as Europe/Berlin';
  return z.string({ error: () => allowed }).refine(isTimeZone, { error: () => allowed });
}

// Node 22 also takes offsets such as +01:00, which know no summer time.
function isTimeZone(value: string): boolean {
  if (!/^[A-Za-z]/.test(value)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch (cause) {
    if (cause instanceof RangeError) return false;
    throw cause;
  }
}
