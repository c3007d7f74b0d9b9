/**
 * Makes what the officers' pages send beside HTML: one style sheet from govuk-frontend, and one script. Both are committed,
 * so that an installation needs neither compiler; CI makes them again and compares.
 */
import { build } from 'esbuild';
import { resolve } from 'node:path';
import * as sass from 'sass';

const WEB = resolve(import.meta.dirname, '../../gateway/web');

/** Resolves with the text of `assets/page.css`. */
export async function pageStyle() {
  const { css } = await sass.compileAsync(resolve(WEB, 'style/page.scss'), {
    loadPaths: [resolve(WEB, '../../node_modules/govuk-frontend/dist')],
    style: 'compressed',
    charset: false,
    quietDeps: true,
    silenceDeprecations: ['import', 'global-builtin', 'if-function'],
  });
  return `${css}\n`;
}

/** Resolves with the text of `assets/verify.js`. */
export async function verifyScript() {
  const { outputFiles } = await build({
    entryPoints: [resolve(WEB, 'client/verify.ts')],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
  });
  return outputFiles[0].text;
}
