import { clamp, escapeMrkdwn, oneLine } from '../src/shared/text.ts';
import { localTime } from './times.ts';

/** A sentence on a blocker, with its times in the reader's own zone. */
export function blockerLine(sentence: string, max = 300): string {
  return withLocalTimes(escapeMrkdwn(clamp(oneLine(sentence), max)));
}

/** Turns instants in ISO 8601 into the reader's own time; the text is escaped already. */
export function withLocalTimes(escaped: string): string {
  return escaped.replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, (iso) => {
    const at = Date.parse(iso);
    return Number.isNaN(at) ? iso : localTime(at);
  });
}
