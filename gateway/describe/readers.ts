import type { DatabaseReader, DescriptionReader } from './reader.js';

/** The languages that `tereze register new --from` reads, one a line. A reader is loaded only when it is asked for. */
export const READERS: Readonly<Record<string, () => Promise<DescriptionReader>>> = {
  openapi: async () => (await import('./openapi/reader.js')).openapiReader,
  graphql: async () => (await import('./graphql/reader.js')).graphqlReader,
  wsdl: async () => (await import('./wsdl/reader.js')).wsdlReader,
};

/** The kinds that are read from a live database, one a line. They run in the command's own process. */
export const DATABASE_READERS: Readonly<Record<string, () => Promise<DatabaseReader>>> = {
  table: async () => (await import('./table/reader.js')).tableReader,
};
