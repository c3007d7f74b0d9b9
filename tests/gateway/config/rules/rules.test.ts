import { expect } from 'chai';
import { ConfigError } from '../../../../gateway/config/config-error.js';
import { parseConfig } from '../../../../gateway/config/read-config.js';
import { LEAST_CONFIG, PRODUCTION_CONFIG } from '../example.js';

const AGENCIES = `authentication:
  agencies:
    - { id: housing, bin: "000140000002", name: Housing }
    - { id: social, bin: "000240000006", name: Social }
  systems:
    - { client_id: housing, kind: system, agency: housing }
    - { client_id: window, kind: citizen }
`;

describe('rules across keys', () => {
  it('hold for the examples', () => {
    expect(breaches(LEAST_CONFIG)).to.deep.equal([]);
    expect(breaches(PRODUCTION_CONFIG)).to.deep.equal([]);
    expect(breaches(withAgencies())).to.deep.equal([]);
  });

  describe('namedLogs', () => {
    const audited = (keys: string, config = LEAST_CONFIG): string =>
      config.replace(/^audit:.*$/m, keys === '' ? '' : `audit: ${keys}`);
    const MISSING =
      'audit.origin is missing: receipts and checkpoints name the logs by it, such as `log.example.kz/tereze`; choose it once, it never changes';

    it('demands the name of the installation outside a demo, and in a demo of one that signs', () => {
      for (const keys of ['', '{ key_file: k }', '{ batch: 7 }'])
        expect(breaches(audited(keys)), keys).to.deep.equal([MISSING]);
      const demo = LEAST_CONFIG.replace('environment: test', 'environment: demo');
      expect(breaches(audited('', demo))).to.deep.equal([]);
      expect(breaches(audited('{ key_file: k }', demo))).to.deep.equal([MISSING]);
      expect(breaches(audited('{ key_file: k, origin: log.example.kz/tereze }'))).to.deep.equal([]);
    });

    for (const origin of [
      'https://log.example.kz/tereze',
      'log.example.kz',
      'log.example.kz/a b',
      'log.example.kz/a+b',
    ])
      it(`refuses the name ${origin}`, () => {
        expect(breaches(audited(`{ origin: "${origin}" }`)).join()).to.include(
          'audit.origin must be a host with a path',
        );
      });
  });

  it('servedLog: an address of its own, for checkpoints that are signed', () => {
    const served = (port: number, keys = 'key_file: k, '): string =>
      LEAST_CONFIG.replace('server:\n', `server:\n  log: { port: ${port} }\n`).replace('audit: {', `audit: { ${keys}`);
    expect(breaches(served(4_444))).to.deep.equal([]);
    expect(breaches(served(4_000))).to.deep.equal(['server.log.port must differ from server.port']);
    expect(breaches(served(4_001))).to.deep.equal(['server.log.port must differ from server.operations.port']);
    expect(breaches(served(4_444, ''))).to.deep.equal([
      'server.log serves signed checkpoints: name the key in audit.key_file',
    ]);
  });

  describe('registeredOfficers and officersAddress', () => {
    const ISSUER = 'http://127.0.0.1:4101';
    const officersOf = (people: string, rest = ''): string =>
      `${withAgencies()}officers: { audience: audit, clients: [desk], people: [${people}] ${rest} }\n`;
    const officer = (changes: string): string =>
      `{ issuer: "${ISSUER}", subject: o1, agency: housing, roles: [search], ${changes} }`;

    it('hold for officers of known agencies and issuers', () => {
      expect(breaches(officersOf(officer('')))).to.deep.equal([]);
      expect(breaches(officersOf(officer('').replace('[search]', '[documents]')))).to.deep.equal([]);
    });

    for (const [what, people, problem] of [
      ['an unknown issuer', officer('').replace(ISSUER, 'http://127.0.0.1:1'), 'issuer names no issuer'],
      ['an unknown agency', officer('').replace('housing', 'tax'), 'agency names no agency'],
      ['an officer who is there twice', `${officer('')}, ${officer('')}`, 'subject is registered twice'],
      ['documents beside another role', officer('').replace('[search]', '[documents, search]'), 'goes with no other'],
      ['a role twice', officer('').replace('[search]', '[search, search]'), 'must name each role once'],
      ['a number of a person as subject', officer('').replace('o1', '"880514391012"'), 'must be plain text'],
      ['no role', officer('').replace('[search]', '[]'), 'roles'],
    ] as const)
      it(`refuse ${what}`, () => {
        expect(breaches(officersOf(people)).join()).to.include(problem);
      });

    const address = (keys: string, officers: string): string =>
      LEAST_CONFIG.replace('  public_url:', `  audit: { public_url: "http://127.0.0.1:4002"${keys} }\n  public_url:`) +
      officers;

    it('refuse an address without audience or client, on a port of another, and the audience of callers', () => {
      expect(breaches(address('', ''))).to.deep.equal([
        'officers.audience is missing: server.audit takes tokens for this audience only',
        'officers.clients is missing: with server.audit, officers sign in through a client',
      ]);
      const known = 'officers: { audience: audit, clients: [desk] }\n';
      expect(breaches(address('', known))).to.deep.equal([]);
      expect(
        breaches(address('', 'officers: { audience: audit, clients: [desk], cli_client: other }\n')),
      ).to.deep.equal(['officers.cli_client is none of officers.clients']);
      expect(breaches(address(', port: 4000', known))).to.deep.equal([
        'server.audit.port must differ from server.port',
      ]);
      expect(breaches(address(', port: 4001', known))).to.deep.equal([
        'server.audit.port must differ from server.operations.port',
      ]);
      expect(breaches(`${LEAST_CONFIG}officers: { audience: "http://127.0.0.1:4000/graphql" }\n`)).to.deep.equal([
        'officers.audience must differ from authentication.audience',
      ]);
    });

    it('refuse a page whose client or issuer is not known, and one with several workers', () => {
      const known = 'officers: { audience: audit, clients: [desk] }\n';
      const page = (keys: string): readonly string[] => breaches(address(`, page: { ${keys} }`, known));
      expect(page('client_id: desk')).to.deep.equal([]);
      expect(page('client_id: other')).to.deep.equal(['server.audit.page.client_id is not one of officers.clients']);
      expect(page('client_id: desk, issuer: "http://127.0.0.1:1"')).to.deep.equal([
        'server.audit.page.issuer is not one of authentication.issuers',
      ]);
      const crowded = address(', page: { client_id: desk }', known).replace(
        '  public_url:',
        '  workers: 2\n  public_url:',
      );
      expect(breaches(crowded).join()).to.include('server.audit.page needs server.workers: 1');
    });

    it('refuse a plain-http address in production', () => {
      const text = PRODUCTION_CONFIG.replace(
        '  public_url:',
        '  audit: { public_url: "http://a.example" }\n  public_url:',
      );
      expect(breaches(`${text}officers: { audience: audit, clients: [desk] }\n`)).to.deep.equal([
        'server.audit.public_url must be https in `environment: production`',
      ]);
    });
  });

  describe('sinks', () => {
    const withSinks = (sinks: string, config: string): readonly string[] =>
      breaches(
        config
          .replace(/^audit: \{/m, `audit: { sinks: { ${sinks} },`)
          .replace(/^audit:$/m, `audit:\n  sinks: { ${sinks} }`),
      );
    const PLAIN = 'siem: { kind: https, url: "http://siem.example/x" }';

    it('are https in production, or on this machine', () => {
      expect(withSinks(PLAIN, LEAST_CONFIG)).to.deep.equal([]);
      expect(withSinks(PLAIN, PRODUCTION_CONFIG)).to.deep.equal([
        'audit.sinks.siem.url must be https, or on a loopback address, in `environment: production`',
      ]);
      for (const url of ['https://siem.example/x', 'http://127.0.0.1:8080/x'])
        expect(withSinks(`siem: { kind: https, url: "${url}" }`, PRODUCTION_CONFIG)).to.deep.equal([]);
    });

    for (const [sink, problem] of [
      ['Siem: { kind: file, file: x }', 'audit.sinks.Siem'],
      ['siem: { kind: kafka }', 'audit.sinks.siem.kind'],
      ['siem: { kind: https, url: "ftp://siem.example" }', 'audit.sinks.siem.url'],
      ['siem: { kind: https, url: "http://siem.example", tls: { ca_file: c } }', 'needs an https address in url'],
      ['siem: { kind: https, url: "https://siem.example", tls: { cert_file: c } }', 'key_file'],
      ['siem: { kind: syslog, host: h, port: 0 }', 'audit.sinks.siem.port'],
      ['siem: { kind: syslog, host: h, hostname: "two words" }', 'audit.sinks.siem.hostname'],
      ['siem: { kind: file }', 'audit.sinks.siem.file'],
      ['siem: { kind: file, file: x, path: y }', 'path'],
    ] as const)
      it(`refuse ${sink}`, () => {
        expect(withSinks(sink, LEAST_CONFIG).join('; ')).to.include(problem);
      });
  });

  describe('encryptedConnections', () => {
    const LIMITS_OF_REACH = `registers:
  population: { protocol: rest, url: "http://population.example", api_key_file: k }
  address: { protocol: graphql, url: "https://address.example/graphql", token_file: k }
  signed: { protocol: soap, url: "http://shep.example/sync", sender_id: s, password_file: k, key_file: k, register_key_file: k }
  sidecar: { protocol: rest, url: "http://127.0.0.1:8080", api_key_file: k }
  property: { protocol: sql, host: db.example, port: 5432, database: d, user: u, password_file: k }
  local: { protocol: sql, host: 127.0.0.1, port: 5432, database: d, user: u, password_file: k }
  encrypted: { protocol: sql, host: db.example, port: 5432, database: d, user: u, password_file: k, tls_ca_file: ca }
  system: { protocol: sql, host: db.example, port: 5432, database: d, user: u, password_file: k, tls: {} }
  tokens: { protocol: rest, url: "https://r.example", auth: { type: oauth2, token_url: "http://t.example/t", client_id: c, client_auth: client_secret_post, secret_file: k } }
  issuer: { protocol: xroad, url: "https://r.example", client: KZ/GOV/1/a, auth: { type: oauth2, issuer: "http://i.example", client_id: c, client_auth: client_secret_post, secret_file: k } }
`;
    const reaching = (config: string): string =>
      config
        .replace('registers: {}\n', LIMITS_OF_REACH)
        .replace(
          'policies:\n',
          'policies:\n  nexus: { sources: { housing: { url: "http://cases.example", token_file: k } } }\n  protection: { url: "http://list.example", token_file: k, decoys: ["680203499702", "100203699706"] }\n',
        );

    it('refuses registers, token servers, case systems and the list of protected people in the clear, but on this machine, in production', () => {
      expect(breaches(reaching(PRODUCTION_CONFIG))).to.have.members([
        'policies.nexus.sources.housing.url must be https, or on a loopback address, in `environment: production`',
        'policies.protection.url must be https, or on a loopback address, in `environment: production`',
        'registers.population.url must be https, or on a loopback address, in `environment: production`',
        'registers.signed.url must be https, or on a loopback address, in `environment: production`',
        'registers.tokens.auth.token_url must be https, or on a loopback address, in `environment: production`',
        'registers.issuer.auth.issuer must be https, or on a loopback address, in `environment: production`',
        'registers.property.tls_ca_file is missing: in `environment: production` a database off this machine is reached by TLS only',
      ]);
    });

    it('lets a test reach what it likes', () => {
      expect(breaches(reaching(LEAST_CONFIG))).to.deep.equal([]);
    });
  });

  describe('productionAddresses', () => {
    it('refuses http', () => {
      expect(breaches(PRODUCTION_CONFIG.replaceAll('https:', 'http:'))).to.deep.equal([
        'server.public_url must be https in `environment: production`',
        'authentication.issuers.0.issuer must be https in `environment: production`',
        'authentication.issuers.0.jwks_uri must be https in `environment: production`',
      ]);
    });

    for (const host of [
      'localhost',
      'id.localhost',
      '127.0.0.1',
      '127.9.9.9',
      '[::1]',
      'LOCALHOST',
      '2130706433',
      '0x7f.1',
      'localhost.',
    ]) {
      it(`refuses issuers on loopback, written ${host}`, () => {
        expect(
          breaches(PRODUCTION_CONFIG.replaceAll('id.example', host)).map((line) => line.split(' ')[0]),
        ).to.deep.equal(['authentication.issuers.0.issuer', 'authentication.issuers.0.jwks_uri']);
      });
    }
  });

  describe('anchorPlaces', () => {
    const placed = (config: string, place: string): string =>
      config.replace(/^state:\n.*\n/m, '') + `state: ${place}\n`;
    const store = (settings: string): string => `{ anchor: { store: { kind: http, ${settings} } } }`;

    it('production needs a place, a test does not', () => {
      expect(breaches(placed(PRODUCTION_CONFIG, '{ anchor: {} }'))).to.deep.equal([
        'state.anchor needs at least one place in `environment: production`: a directory or a store off the database',
      ]);
      expect(breaches(placed(LEAST_CONFIG, '{ anchor: {} }'))).to.deep.equal([]);
    });

    it('in production a store is https, or on this machine, and knows who writes', () => {
      const open = store('url: "http://store.example"');
      expect(breaches(placed(PRODUCTION_CONFIG, open))).to.deep.equal([
        'state.anchor.store.url must be https, or on a loopback address, in `environment: production`',
        'state.anchor.store.bearer_file is missing: in `environment: production` a store must know who writes (or client_certificate_file)',
      ]);
      expect(breaches(placed(LEAST_CONFIG, open))).to.deep.equal([]);
      for (const known of [
        'url: "https://store.example", bearer_file: token',
        'url: "http://127.0.0.1:9", bearer_file: token',
        'url: "https://store.example", client_certificate_file: c, client_key_file: k',
      ])
        expect(breaches(placed(PRODUCTION_CONFIG, store(known)))).to.deep.equal([]);
    });

    it('a certificate and its key are named together', () => {
      expect(breaches(placed(LEAST_CONFIG, store('url: "http://a", client_certificate_file: c')))).to.deep.equal([
        'state.anchor.store.client_key_file is missing: a certificate needs its private key',
      ]);
      expect(breaches(placed(LEAST_CONFIG, store('url: "http://a", client_key_file: k')))).to.deep.equal([
        'state.anchor.store.client_certificate_file is missing: a private key needs its certificate',
      ]);
    });
  });

  it('insecureIssuers: outside production plain http is for this machine only', () => {
    expect(
      breaches(LEAST_CONFIG.replace('jwks_uri: http://127.0.0.1:4101', 'jwks_uri: http://id.example')),
    ).to.deep.equal(['authentication.issuers.0.jwks_uri must be https, or http on a loopback address']);
  });

  it('standingFactTime: production lives in real time', () => {
    const standing = 'jurisdiction:\n  fact_date: 2026-03-02\n';
    expect(breaches(LEAST_CONFIG + standing)).to.deep.equal([]);
    expect(breaches(PRODUCTION_CONFIG + standing)).to.have.lengthOf(1);
  });

  it('separateOperations: metrics do not share the callers’ port', () => {
    expect(breaches(LEAST_CONFIG.replace('server:', 'server:\n  port: 4001'))).to.deep.equal([
      'server.operations.port must differ from server.port',
    ]);
    expect(breaches(LEAST_CONFIG.replace('server:', 'server:\n  port: 0\n  operations: { port: 0 }'))).to.deep.equal(
      [],
    );
  });

  it('distinctIssuers: an issuer is named once', () => {
    const twice = LEAST_CONFIG.replace(
      '  issuers:\n',
      '  issuers:\n    - { issuer: "http://127.0.0.1:4101", jwks_uri: "http://127.0.0.1:9/jwks" }\n',
    );
    expect(breaches(twice)).to.deep.equal(['authentication.issuers.1.issuer is given twice']);
  });

  it('agenciesAreOrganisations: check digits are right, ids and BINs distinct', () => {
    expect(breaches(withAgencies().replace('000140000002', '000140000003'))).to.deep.equal([
      'authentication.agencies.0.bin is not a BIN: its check digit is wrong',
    ]);
    expect(breaches(withAgencies().replace('id: social', 'id: housing'))).to.deep.equal([
      'authentication.agencies.1.id is given twice',
    ]);
    expect(breaches(withAgencies().replace('000240000006', '000140000002'))).to.deep.equal([
      'authentication.agencies.1.bin is given twice',
    ]);
  });

  it('queueHoldsRequests: the log holds an entry of every request in progress', () => {
    const limited = LEAST_CONFIG.replace('server:\n', 'server:\n  limits: { max_in_flight: 300 }\n');
    const withQueue = (queue: number): string => limited.replace('audit: {', `audit: { queue: ${queue},`);
    expect(breaches(withQueue(300))).to.deep.equal([]);
    expect(breaches(withQueue(299))).to.deep.equal([
      'audit.queue must be at least 300, as server.limits.max_in_flight: each request in progress may wait for its entry',
    ]);
  });

  it('drainOutlastsAnswers: a stop waits as long as an answer may take', () => {
    const slow = `${LEAST_CONFIG}limits: { answer_ms: 20000 }\n`;
    expect(breaches(slow)).to.deep.equal([
      'server.limits.drain_ms must be at least 20000, as limits.answer_ms: a request in flight may take that long',
    ]);
    expect(breaches(slow.replace('server:\n', 'server:\n  limits: { drain_ms: 20000 }\n'))).to.deep.equal([]);
  });

  for (const [pattern, problem] of [
    ['^[0-9]{12}$', undefined],
    ['[0-9]{12}', 'must begin with ^ and end with $'],
    ['^(a)\\\\1$', 'is not a linear regular expression'],
  ] as const) {
    it(`an agency’s case_pattern ${pattern} is ${problem === undefined ? 'taken' : 'refused'}`, () => {
      const config = withAgencies().replace('name: Housing }', `name: Housing, case_pattern: "${pattern}" }`);
      const found = breaches(config).join();
      if (problem === undefined) expect(found).to.equal('');
      else expect(found).to.include('authentication.agencies.0.case_pattern').and.include(problem);
    });
  }

  describe('registeredSystems', () => {
    it('wants a known agency for all but citizens', () => {
      expect(
        breaches(withAgencies().replace('kind: system, agency: housing', 'kind: system, agency: transport')),
      ).to.have.lengthOf(1);
      expect(breaches(withAgencies().replace('kind: system, agency: housing', 'kind: ai'))).to.have.lengthOf(1);
      expect(breaches(withAgencies().replace('kind: citizen', 'kind: citizen, agency: housing'))).to.have.lengthOf(1);
    });

    it('wants each system once', () => {
      expect(breaches(withAgencies().replace('client_id: window', 'client_id: housing'))).to.deep.equal([
        'authentication.systems.1.client_id is registered twice',
      ]);
    });

    it('wants an issuer that may name officers, and a kind that acts for them, where a system acts for officers', () => {
      const acting = (kind: string, actor: string): string =>
        withAgencies().replace('kind: system, agency: housing', `kind: ${kind}, agency: housing, actor: ${actor}`);
      const naming = (config: string): string => config.replace('      jwks_uri:', '      names_officers: true\n$&');
      for (const actor of ['allowed', 'required']) {
        expect(breaches(acting('system', actor))).to.deep.equal([
          'authentication.systems.0.actor needs an issuer that may name officers (`names_officers: true`)',
        ]);
        for (const kind of ['system', 'ai']) expect(breaches(naming(acting(kind, actor)))).to.deep.equal([]);
        expect(breaches(naming(acting('officer', actor)))).to.deep.equal([
          'authentication.systems.0.actor is for `kind: system` and `kind: ai` only',
        ]);
      }
      expect(breaches(acting('officer', 'none'))).to.deep.equal([]);
    });

    it('wants a model for AI services only', () => {
      const withModel = (kind: string): string =>
        withAgencies().replace(
          'kind: system, agency: housing',
          `kind: ${kind}, agency: housing, model: { id: m, version: "1" }`,
        );
      expect(breaches(withModel('ai'))).to.deep.equal([]);
      expect(breaches(withModel('system'))).to.deep.equal(['authentication.systems.0.model is for `kind: ai` only']);
    });

    it('wants the issuer named where several are trusted', () => {
      const two = withAgencies().replace(
        '  issuers:\n',
        '  issuers:\n    - { issuer: "http://127.0.0.1:9", jwks_uri: "http://127.0.0.1:9/jwks" }\n',
      );
      expect(breaches(two)).to.have.lengthOf(2);
      const named = two
        .replace('agency: housing }', 'agency: housing, issuer: "http://127.0.0.1:9" }')
        .replace('kind: citizen', 'kind: citizen, issuer: "http://127.0.0.1:4101"');
      expect(breaches(named)).to.deep.equal([]);
      expect(
        breaches(
          named.replace(
            'issuer: "http://127.0.0.1:9" }\n    - { client_id: window',
            'issuer: "http://127.0.0.1:8" }\n    - { client_id: window',
          ),
        ),
      ).to.have.lengthOf(1);
    });
  });

  it('workersShareDatabase: several processes hold no embedded database', () => {
    const several = LEAST_CONFIG.replace('server:\n', 'server:\n  workers: 2\n');
    expect(breaches(several)).to.deep.equal([
      'server.workers above 1 needs a PostgreSQL of the installation’s own: set DATABASE_URL',
    ]);
    expect(breaches(`${several}database: { url: "postgres://db/tereze" }\n`)).to.deep.equal([]);
  });

  it('statedDurability: an embedded database has no standby, and production says so', () => {
    const silent = PRODUCTION_CONFIG.replace('  durability: single_node\n', '');
    expect(breaches(silent)).to.deep.equal([
      'audit.durability must be `single_node` for an embedded database in `environment: production`; or set DATABASE_URL',
    ]);
    expect(breaches(`${silent}database: { url: "postgres://db/tereze" }\n`)).to.deep.equal([]);
  });

  describe('statedAnchor:', () => {
    const auditOf = (audit: string): string =>
      LEAST_CONFIG.replace(
        'audit: { origin: log.example.kz/tereze }\n',
        `audit:\n  origin: log.example.kz/tereze\n${audit}`,
      );
    const named = '  anchor: { a: { kind: witness, policy_file: p } }\n';
    const signed = `${named}  key_file: k\n`;

    it('production says who outside proves the log, or that no one does', () => {
      expect(breaches(PRODUCTION_CONFIG.replace('  anchor: none\n', ''))).to.deep.equal([
        'audit.anchor is missing: name who outside proves the audit log, or say `none`, which every receipt then says',
      ]);
      expect(breaches(PRODUCTION_CONFIG.replace('  anchor: none\n', signed))).to.deep.equal([]);
      expect(breaches(LEAST_CONFIG)).to.deep.equal([]);
    });

    it('what is named can prove something', () => {
      expect(breaches(auditOf(named))).to.deep.equal([
        'audit.key_file is missing: an anchor proves signed checkpoints',
      ]);
      for (const nothing of ['  anchor: {}\n', '  anchor: { a: { kind: witness, policy_file: p, retired: true } }\n'])
        expect(breaches(auditOf(nothing))).to.deep.equal([
          'audit.anchor names no one who is asked: name one that is not retired, or say `none`',
        ]);
    });

    it('a limit needs an anchor', () => {
      const problem = 'audit.anchor_max_age needs audit.anchor: nothing would ever be proven';
      expect(breaches(auditOf('  anchor_max_age: 6h\n'))).to.deep.equal([problem]);
      expect(breaches(auditOf('  anchor_max_age: 6h\n  anchor: none\n'))).to.deep.equal([problem]);
      expect(breaches(auditOf(`  anchor_max_age: 6h\n${signed}`))).to.deep.equal([]);
    });
  });

  it('consentPeriods: the usual period is not longer than the longest', () => {
    expect(breaches(`${LEAST_CONFIG}consent:\n  default_days: 90\n  max_days: 30\n`)).to.deep.equal([
      'consent.default_days must not be more than consent.max_days',
    ]);
  });
});

function withAgencies(): string {
  return LEAST_CONFIG.replace('authentication:\n', AGENCIES);
}

function breaches(text: string): readonly string[] {
  try {
    parseConfig('tereze.yaml', text, {});
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ key, problem }) => `${key} ${problem}`);
    throw error;
  }
  return [];
}
