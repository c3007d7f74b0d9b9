import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import nunjucks from 'nunjucks';
import type { Language } from '../../../schemas/language.js';
import type { FieldError } from './field-errors.js';
import { inert } from './inert.js';
import type { Texts } from './texts.js';
import type { Times } from './times.js';

/** What a template is given beside its data. */
export interface RenderedWith {
  readonly language: Language;
  readonly t: Texts;
  readonly times: Times;
}

/** Renders a template as HTML. Texts in the data are inert and escaped; only templates write HTML. */
export type Render = (template: string, data: Readonly<Record<string, unknown>>, by: RenderedWith) => string;

/** Makes the renderer of the templates in a folder, which may use the macros of govuk-frontend. */
export function createRender(templates: string): Render {
  const require = createRequire(import.meta.url);
  const macros = dirname(dirname(require.resolve('govuk-frontend/dist/govuk/all.mjs')));
  const environment = new nunjucks.Environment(
    [templates, macros].map((folder) => new nunjucks.FileSystemLoader(folder)),
    { autoescape: true, throwOnUndefined: false, trimBlocks: true, lstripBlocks: true },
  );
  environment.addGlobal('errorOf', (errors: readonly FieldError[] = [], field: string, t: Texts) => {
    const found = errors.find((error) => error.field === field);
    return found && { text: found.text, visuallyHiddenText: t('errors.prefix') };
  });
  return (template, data, { language, t, times }) =>
    environment.render(`${template}.njk`, {
      ...inert(data),
      language,
      t,
      moment: (iso: string) => times.moment(iso),
      hour: (iso: string) => times.hour(iso),
    });
}

/** Folder of what the pages are made of. */
export const webFolder = (root: string, name: 'templates' | 'texts' | 'assets'): string =>
  join(root, 'gateway/web', name);
