/** Languages of public texts. */
export type Language = 'kk' | 'ru' | 'en';

const LANGUAGES: readonly Language[] = ['kk', 'ru', 'en'];
const MAX_RANGES = 20;

/** The language that a client asks for (RFC 9110, section 12.5.4); English when it asks for none that there is. */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  if (acceptLanguage === undefined) return 'en';
  const ranges = acceptLanguage.split(',').slice(0, MAX_RANGES).map(readRange);
  const wanted = ranges.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
  for (const { tag } of wanted) {
    const found = LANGUAGES.find((language) => tag === language || tag.startsWith(`${language}-`));
    if (found !== undefined) return found;
  }
  return 'en';
}

function readRange(range: string): { tag: string; weight: number } {
  const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
  return { tag, weight: /^[01](?:\.[0-9]{0,3})?$/.test(quality) ? Number(quality) : 0 };
}
