import { graphql } from './graphql/protocol.js';
import { rest } from './rest/protocol.js';
import { soap } from './soap/protocol.js';
import { sql } from './sql/protocol.js';
import { xroad } from './xroad/protocol.js';

/** Every protocol that a register may speak. */
export const PROTOCOLS = [
  rest, // REST/JSON
  graphql, // a federated GraphQL service
  sql, // a PostgreSQL database
  soap, // SOAP behind SHEP
  xroad, // REST behind X-Road
] as const;
