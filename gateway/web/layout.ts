import { LANGUAGES, type Language } from '../../schemas/language.js';
import type { Assets } from './assets.js';
import type { PageRequest } from './page.js';
import type { OfficerSession } from './session.js';

/** Names of the languages, each in itself. */
const NAMES: Readonly<Record<Language, string>> = { kk: 'Қазақша', ru: 'Русский', en: 'English' };

/** Pages of the navigation, by the template that shows them. */
const NAVIGATION = [
  { name: 'search', templates: ['search', 'request', 'entry'] },
  { name: 'person', templates: ['person', 'found', 'ask'] },
  { name: 'approvals', templates: ['approvals'] },
] as const;

export interface LayoutFacts extends Pick<PageRequest, 'language' | 'target' | 't' | 'times'> {
  readonly template: string;
  readonly session: OfficerSession | undefined;
  readonly assets: Assets;
  readonly now: Date;
}

/** Returns what every page shows around its content. */
export function layoutData({ language, target, t, times, template, session, assets, now }: LayoutFacts): object {
  return {
    languages: LANGUAGES.map((one) => ({
      lang: one,
      text: NAMES[one],
      ...(one === language ? { current: true } : { href: inLanguage(target, one) }),
    })),
    navigation:
      session === undefined
        ? []
        : NAVIGATION.map(({ name, templates }) => ({
            href: `/${language}/${name}`,
            text: t(`layout.${name}`),
            current: templates.some((one) => one === template),
          })),
    home: `/${language}/search`,
    officer: session?.officer.subject,
    formToken: session?.formToken,
    zone: times.zoneAt(now),
    style: assets.href('page.css'),
    icon: assets.href('icon.svg'),
    script: assets.href('verify.js'),
  };
}

/** The same address in another language. An address without one leads to the first page. */
function inLanguage(target: string, language: Language): string {
  const [, first, ...rest] = target.split('/');
  return LANGUAGES.some((one) => one === first) ? ['', language, ...rest].join('/') : `/${language}/search`;
}
