import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file that is the same for everyone. */
export interface Asset {
  readonly type: string;
  readonly body: Buffer;
  readonly caching: string;
}

/** Style and scripts of the pages. */
export interface Assets {
  /** Returns the address of a file, which changes with its content. */
  href(name: AssetName): string;
  /** Returns the file at an address, or undefined. */
  find(target: string): Asset | undefined;
}

const TYPES = {
  'page.css': 'text/css; charset=utf-8',
  'verify.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;
export type AssetName = keyof typeof TYPES;

/** Reads the files of a folder, which never change while the process runs. */
export function readAssets(folder: string): Assets {
  const files = (Object.keys(TYPES) as AssetName[]).map((name) => {
    const body = readFileSync(join(folder, name));
    const digest = createHash('sha256').update(body).digest('hex').slice(0, 16);
    const asset: Asset = { type: TYPES[name], body, caching: 'public, max-age=31536000, immutable' };
    return { name, href: `/assets/${digest}/${name}`, asset };
  });
  const byHref = new Map(files.map(({ href, asset }) => [href, asset]));
  const hrefs = new Map(files.map(({ name, href }) => [name, href]));
  return { href: (name) => hrefs.get(name) ?? '', find: (target) => byHref.get(target) };
}
