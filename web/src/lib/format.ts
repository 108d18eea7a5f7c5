/** How long each is in seconds, and how many make one of the next. */
const UNITS: [unit: Intl.RelativeTimeFormatUnit, length: number, less: number][] = [
  ['minute', 60, 60],
  ['hour', 3_600, 24],
  ['day', 86_400, 30],
  ['month', 2_592_000, 12],
];
const YEAR = 31_536_000;

/** "3 minutes ago", in the language given; seconds are rounded to tens. */
export function relativeTime(instant: string, now: number, locale: string): string {
  const seconds = (Date.parse(instant) - now) / 1000;
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const tens = Math.round(seconds / 10) * 10;
  if (Math.abs(tens) < 60) return format.format(tens, 'second');
  for (const [unit, length, less] of UNITS) {
    const count = Math.round(seconds / length);
    if (Math.abs(count) < less) return format.format(count, unit);
  }
  return format.format(Math.round(seconds / YEAR), 'year');
}

export function absoluteTime(instant: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(instant));
}

export function duration(ms: number, locale: string): string {
  const [value, unit] = ms < 1000 ? [ms, 'millisecond'] : ms < 60_000 ? [ms / 1000, 'second'] : [ms / 60_000, 'minute'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(value);
}

export function bytes(count: number, locale: string): string {
  const [value, unit] = count < 1e6 ? [count / 1e3, 'kilobyte'] : count < 1e9 ? [count / 1e6, 'megabyte'] : [count / 1e9, 'gigabyte'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(value);
}

export function number(value: number, locale: string): string {
  return new Intl.NumberFormat(locale).format(value);
}
