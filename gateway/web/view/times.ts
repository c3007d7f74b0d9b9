import type { Language } from '../../../schemas/language.js';

/** Times as people read them, in one zone. */
export interface Times {
  /** Returns a moment with date and time; the text as it is if it is no time. */
  moment(iso: string): string;
  /** Returns the hour of a moment: day and hour. */
  hour(iso: string): string;
  /** Name of the zone with its offset at this moment: `Asia/Almaty (GMT+5)`. */
  zoneAt(now: Date): string;
}

/** English as it is written outside the United States: the day before the month. */
const LOCALES: Readonly<Record<Language, string>> = { kk: 'kk', ru: 'ru', en: 'en-GB' };

/** Makes times of a language and zone. Everyone who reads a page reads the same zone, wherever they are. */
export function createTimes(language: Language, timeZone: string): Times {
  const moments = new Intl.DateTimeFormat(LOCALES[language], { timeZone, dateStyle: 'medium', timeStyle: 'medium' });
  const hours = new Intl.DateTimeFormat(LOCALES[language], {
    timeZone,
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
  const zones = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'shortOffset' });
  const written = (format: Intl.DateTimeFormat, iso: string): string => {
    const at = Date.parse(iso);
    return Number.isNaN(at) ? iso : format.format(at);
  };
  return {
    moment: (iso) => written(moments, iso),
    hour: (iso) => written(hours, iso),
    zoneAt: (now) => {
      const offset = zones.formatToParts(now).find(({ type }) => type === 'timeZoneName')?.value ?? '';
      return `${timeZone} (${offset})`;
    },
  };
}
