import { createHash } from 'node:crypto';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { Tab } from './tabs.js';

/** The page, and the policy (CSP Level 3) under which a browser runs nothing but it and reaches no one but its own server. */
export interface Page {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

/** GraphiQL in one document: scripts, styles and workers are in it, nothing is loaded from anywhere. */
export function graphiqlPage(tabs: readonly Tab[]): Page {
  // The first tab takes its variables and headers from the page, not from its own definition.
  const [first] = tabs;
  const shown = {
    ...(first === undefined ? {} : { variables: first.variables, headers: first.headers }),
    defaultTabs: [...tabs],
    shouldPersistHeaders: true,
  };
  const html = renderGraphiQL({ title: 'Tereze: the demo country', endpoint: '/graphql', ...shown });
  const policy = [
    "default-src 'none'",
    `script-src ${scriptHashes(html).join(' ')} blob:`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return { html, contentSecurityPolicy: policy.join('; ') };
}

/** Hashes of the scripts that stand in the page: no other one runs. */
function scriptHashes(html: string): readonly string[] {
  return [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  );
}
