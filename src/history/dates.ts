import type { Words } from './words.js';

/** Day/month/year and the hour, the same in both languages and in every version of the locale data. */
export function dateWriter(timeZone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone, day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
  });
  return (at) => {
    const { day = '', month = '', year = '', hour = '', minute = '', second = '' } = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return `${day}/${month}/${year} ${hour}:${minute}:${second}`;
  };
}

/** A duration in milliseconds as somebody says it: the largest unit, rounded down. */
export function durationInWords(ms: number, { duration }: Words): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return duration.moments;
  if (minutes < 60) return duration.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? duration.hours(hours) : duration.days(Math.floor(hours / 24));
}
