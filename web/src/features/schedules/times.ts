export type Rhythm = 'daily' | 'workdays' | 'weekly' | 'monthly' | 'own';

/** The cron rule of a rhythm at a time of day such as `08:30`. */
export function cronOf(rhythm: Exclude<Rhythm, 'own'>, time: string, weekday: string, day: string): string {
  const [hours, minutes] = time.split(':').map(Number);
  if (hours === undefined || minutes === undefined || Number.isNaN(hours) || Number.isNaN(minutes)) return '';
  const at = `${minutes} ${hours}`;
  switch (rhythm) {
    case 'daily':
      return `${at} * * *`;
    case 'workdays':
      return `${at} * * 1-5`;
    case 'weekly':
      return `${at} * * ${weekday}`;
    case 'monthly':
      return `${at} ${day} * *`;
  }
}
