/** The least that a configuration must say. */
export const LEAST_CONFIG = `version: 1
environment: test
server:
  public_url: http://127.0.0.1:4000
authentication:
  audience: http://127.0.0.1:4000/graphql
  issuers:
    - issuer: http://127.0.0.1:4101
      jwks_uri: http://127.0.0.1:4101/jwks
policies:
  secret_file: secret
registers: {}
audit: { origin: log.example.kz/tereze }
`;

/** One as production would have it. */
export const PRODUCTION_CONFIG = `version: 1
server:
  public_url: https://tereze.example
state:
  anchor: { disk: { kind: directory, directory: anchor } }
authentication:
  audience: https://tereze.example/graphql
  issuers:
    - issuer: https://id.example
      jwks_uri: https://id.example/jwks
policies:
  secret_file: secret
registers: {}
audit:
  origin: log.example.kz/tereze
  durability: single_node
  anchor: none
  identity: none
`;
