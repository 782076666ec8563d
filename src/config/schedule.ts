import { Cron } from 'croner';

export const scheduleForm =
  "days and a time such as 'Mon 09:00', 'Mon-Fri 08:30' or '09:00' (every day), or five cron fields";

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Five cron fields (minute, hour, day, month, weekday) of `Mon 09:00`, `Mon,Thu 9:00`, `09:00` or of cron itself. `undefined`: neither. */
export function parseSchedule(text: string): string | undefined {
  const match = /^(?:(\S+)\s+)?(\d{1,2}):(\d{2})$/.exec(text.trim());
  if (match === null) return isCron(text.trim()) ? text.trim().split(/\s+/).join(' ') : undefined;
  const [, dayPart, hours = '', minutes = ''] = match;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const weekdays = dayPart === undefined ? '*' : weekdayField(dayPart);
  return weekdays === undefined ? undefined : `${Number(minutes)} ${Number(hours)} * * ${weekdays}`;
}

/** `Mon`, `Mon,Thu` or `Mon-Fri`, long names too; a range may run over the weekend. */
function weekdayField(text: string): string | undefined {
  const numbers: number[] = [];
  for (const part of text.split(',')) {
    const [from, to = from, ...more] = part.split('-').map(weekday);
    if (from === undefined || to === undefined || more.length > 0) return undefined;
    for (let day = from; ; day = (day + 1) % 7) {
      numbers.push(day);
      if (day === to) break;
    }
  }
  return [...new Set(numbers)].sort((a, b) => a - b).join(',');
}

function weekday(text: string): number | undefined {
  const index = days.indexOf(text.slice(0, 3).toLowerCase());
  return index !== -1 && /^[a-z]{3}(s|nes|rs|ur)?(day)?$/i.test(text) ? index : undefined;
}

// Five fields only: with a field for seconds, a slip posts every second.
function isCron(text: string): boolean {
  if (text.split(/\s+/).length !== 5) return false;
  try {
    return new Cron(text, { paused: true }).nextRun() !== null;
  } catch {
    return false;
  }
}
