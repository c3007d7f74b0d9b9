import type { DescriptionReader } from './reader.js';

/** The languages that `tereze register new --from` reads, one a line. A reader is loaded only when it is asked for. */
export const READERS: Readonly<Record<string, () => Promise<DescriptionReader>>> = {
  openapi: async () => (await import('./openapi/reader.js')).openapiReader,
};
