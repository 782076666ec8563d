/**
 * A text for a terminal with its instants (ISO 8601, in UTC) in the reader's own zone, as `2026-11-20 11:14 GMT+1`; in UTC it
 * stays as it is.
 * @param timeZone IANA name.
 */
export function localTimes(text: string, timeZone: string): string {
  if (timeZone === 'UTC') return text;
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  });
  return text.replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, (iso) => {
    const at = Date.parse(iso);
    if (Number.isNaN(at)) return iso;
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
    return `${of('year')}-${of('month')}-${of('day')} ${of('hour')}:${of('minute')} ${of('timeZoneName')}`;
  });
}
