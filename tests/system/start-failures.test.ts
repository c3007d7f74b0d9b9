import { expect } from 'chai';
import { CommanderError } from 'commander';
import { generateKeyPairSync } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { createProgram } from '../../gateway/cli/program.js';
import { startGateway } from '../../gateway/compose/app.js';
import { ConfigError } from '../../gateway/config/config-error.js';
import { parseConfig } from '../../gateway/config/read-config.js';
import { packageRoot } from '../../gateway/state/package-root.js';
import { postmasterPid } from '../../gateway/state/embedded/postmaster.js';
import { createCosigner } from '../../monitoring/anchors/witness/cosignature.js';
import { rejection } from '../rejection.js';
import { sharedContracts } from '../shared-contracts.js';
import { TestTerminal } from '../gateway/cli/test-terminal.js';

const FORGOTTEN = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])
  @link(url: "https://tereze.kz/governance/v1.0", import: ["@category", "@listSize"])
type Query { holidays: [String] @listSize(assumedSize: 50) @category(name: "forgotten.holidays", sensitivity: OPEN) }
`;

interface Mistake {
  /** Makes the mistake in a copy of the shipped files. */
  readonly break: (folder: string) => void;
  /** The error message without the folder: the file comes first. */
  readonly told: RegExp;
}

/** Mistakes in files. Each is found at start and by `config validate`, in the same words. */
const MISTAKES = {
  'a rule that is no Cedar': {
    break: (folder) => writeFileSync(join(folder, 'rules', 'x.cedar'), 'permit (principal'),
    told: /rules\/x\.cedar:1: /,
  },
  'an unknown key among the purposes': {
    break: (folder) => appendFileSync(join(folder, 'purposes.yaml'), 'zzz: 1\n'),
    told: /purposes\.yaml:\d+: unknown key "zzz"/,
  },
  'more people than an audit entry has room for': {
    break: (folder) => {
      const file = join(folder, 'purposes.yaml');
      writeFileSync(file, readFileSync(file, 'utf8').replace(/max_subjects: \d+/, 'max_subjects: 5000'));
    },
    told: /purposes\.yaml: purposes\.housing_queue\.max_subjects: with 5000 people an audit entry could be longer than the log takes; at most \d+ fit$/,
  },
  'a field without a category': {
    break: (folder) =>
      appendFileSync(
        join(folder, 'registers', 'address', 'schema.graphql'),
        'type Street @key(fields: "code") { code: String! }\n',
      ),
    told: /address\/schema\.graphql:\d+: Street\.code has no category: write @category/,
  },
  'a contract that is no YAML': {
    break: (folder) => appendFileSync(join(folder, 'registers', 'address', 'contract.yaml'), 'zz: [\n'),
    told: /address\/contract\.yaml:\d+:\d+: /,
  },
  'a contract with an unknown rule': {
    break: (folder) => appendFileSync(join(folder, 'registers', 'address', 'contract.yaml'), 'zz: 1\n'),
    told: /address\/contract\.yaml:\d+:1: .*zz/,
  },
  'a mapping of an unknown protocol': {
    break: (folder) => writeFileSync(join(folder, 'registers', 'property', 'source.yaml'), 'protocol: telepathy\n'),
    told: /property\/source\.yaml:1:11: /,
  },
  'a document without its registration': {
    break: (folder) => writeFileSync(join(folder, 'operations', 'social', 'X.graphql'), 'query X { __typename }'),
    told: /social\/X\.yaml: is missing/,
  },
  'a document that asks what there is not': {
    break: (folder) => {
      writeFileSync(join(folder, 'operations', 'social', 'X.graphql'), 'query X { nothing }');
      cpSync(join(folder, 'operations', 'social', 'FamilyCard.yaml'), join(folder, 'operations', 'social', 'X.yaml'));
    },
    told: /^X: cannot be asked: GRAPHQL_VALIDATION_FAILED/,
  },
  'a register that the configuration forgets': {
    break: (folder) => {
      mkdirSync(join(folder, 'registers', 'forgotten'));
      writeFileSync(join(folder, 'registers', 'forgotten', 'schema.graphql'), FORGOTTEN);
    },
    told: /does not say how to reach forgotten: write a part of `registers`/,
  },
  'a short secret': {
    break: (folder) => writeFileSync(join(folder, 'secret'), 'short'),
    told: /secret holds less than 32 bytes/,
  },
  'a rule for a purpose that does not exist': {
    break: (folder) => {
      const file = join(folder, 'rules', 'own-data-pension.cedar');
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll('own_data', 'no_purpose'));
    },
    told: /rules\/own-data-pension\.cedar:\d+: .*no_purpose/,
  },
  'a witness policy with two quorums': {
    break: (folder) => appendFileSync(join(folder, 'witnesses.policy'), 'quorum V\n'),
    told: /witnesses\.policy, line 3: is a second quorum/,
  },
  'a key that is no key': {
    break: (folder) => writeFileSync(join(folder, 'key.pem'), 'no key'),
    told: /key\.pem/,
  },
} satisfies Readonly<Record<string, Mistake>>;

describe('a gateway that cannot start', () => {
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-mistaken-'));
    for (const [from, to] of [
      ['policies/rules', 'rules'],
      ['policies/purposes.yaml', 'purposes.yaml'],
      ['schemas/registers', 'registers'],
      ['schemas/operations', 'operations'],
    ] as const) {
      cpSync(join(packageRoot(), from), join(folder, to), { recursive: true });
    }
    writeFileSync(join(folder, 'secret'), 's'.repeat(32));
    writeFileSync(join(folder, 'key.pem'), keys.privateKey);
    writeFileSync(join(folder, 'register.pem'), keys.publicKey);
    writeFileSync(join(folder, 'checkpoints.pem'), '');
    writeFileSync(join(folder, 'witnesses.policy'), WITNESSES);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const withoutFolder = (error: Error): string => error.message.replaceAll(`${folder}/`, '');

  const started = (text = configText()): Promise<string> =>
    startGateway(parseConfig(join(folder, 'tereze.yaml'), text, {}), {
      contracts: sharedContracts,
      log: { write: () => undefined },
    }).then((gateway) => gateway.stop().then(() => 'it started'), withoutFolder);

  /** Resolves with what `tereze config validate` prints, or with its error. */
  const validated = (text = configText()): Promise<string> => {
    const file = join(folder, 'tereze.yaml');
    writeFileSync(file, text);
    const terminal = new TestTerminal();
    return createProgram(terminal)
      .parseAsync(['node', 'tereze', 'config', 'validate', '--config', file])
      .then(
        () => terminal.printed.replaceAll(`${folder}/`, ''),
        (error: Error) => {
          // The command line ends with 2 for these two, and with 1 for every other error.
          if (error instanceof ConfigError) throw error;
          expect(error).not.to.be.instanceOf(CommanderError);
          return withoutFolder(error);
        },
      );
  };

  for (const [what, { break: spoil, told }] of Object.entries<Mistake>(MISTAKES)) {
    it(`names the file for ${what}, also when it is only validated, and leaves nothing running`, async () => {
      spoil(folder);
      const message = await started();
      expect(message).to.match(told);
      expect(await validated()).to.equal(message);
      expect(postmasterPid(join(folder, 'state', 'data'))).to.equal(undefined);
    });
  }

  it('names all files at once', async () => {
    const together = [
      'a field without a category',
      'a contract that is no YAML',
      'a mapping of an unknown protocol',
      'an unknown key among the purposes',
      'a short secret',
      'a document without its registration',
      'a witness policy with two quorums',
    ] as const;
    for (const what of together) MISTAKES[what].break(folder);
    const message = await validated();
    for (const what of together) expect(message).to.match(new RegExp(MISTAKES[what].told, 'm'));
    expect(await started()).to.equal(message);
  });

  it('names the line, the agency and the rule where an agency that needs cases has no case system', async () => {
    const parties = `agencies: [{ id: housing, bin: "990140000106", name: H }], systems: [{ client_id: housing, kind: system, agency: housing }]`;
    const text = configText().replace('authentication: { ', `authentication: { ${parties}, `);
    const told =
      'tereze.yaml:8: policies.nexus.sources.housing: is missing: the rule "housing-queue-family" lets the system "housing" use the purpose "housing_queue", which needs a case, and without the case system of its agency no case is open; set url and token_file here, or change the rule';
    expect(await started(text)).to.equal(told);
    const error = await rejection(validated(text));
    expect(error).to.be.instanceOf(ConfigError);
    expect(withoutFolder(error as Error)).to.equal(told);
    expect(postmasterPid(join(folder, 'state', 'data'))).to.equal(undefined);
  });

  it('names every file of a kind', async () => {
    for (const register of ['address', 'tax']) {
      appendFileSync(join(folder, 'registers', register, 'contract.yaml'), 'zz: 1\n');
      writeFileSync(join(folder, 'registers', register, 'source.yaml'), 'protocol: telepathy\n');
    }
    for (const name of ['X', 'Y'])
      writeFileSync(join(folder, 'operations', 'social', `${name}.graphql`), 'query X { __typename }');
    const message = await validated();
    for (const file of [
      'address/contract.yaml',
      'tax/contract.yaml',
      'address/source.yaml',
      'tax/source.yaml',
      'X.yaml',
      'Y.yaml',
    ])
      expect(message).to.include(file);
  });

  it('is told apart from one that can: validating opens no database', async () => {
    expect(await validated()).to.equal('tereze.yaml is valid (environment test).\n');
    expect(existsSync(join(folder, 'state'))).to.equal(false);
  });
});

const CONFIG = `version: 1
environment: test
server: { host: 127.0.0.1, port: 0, public_url: "http://127.0.0.1", operations: { host: 127.0.0.1, port: 0 } }
database: { directory: state }
supergraph: { directory: registers }
documents: { directory: operations }
authentication: { audience: "http://127.0.0.1/graphql", issuers: [{ issuer: "http://127.0.0.1:9", jwks_uri: "http://127.0.0.1:9/jwks" }] }
policies: { rules: rules, purposes: purposes.yaml, secret_file: secret }
audit: { origin: log.example.kz/tereze, key_file: checkpoints.pem, anchor: { w: { kind: witness, policy_file: witnesses.policy } } }
`;

const { verifierKey: WITNESS } = createCosigner('w.example', generateKeyPairSync('ed25519').privateKey);
const WITNESSES = `witness W ${WITNESS} https://w.example\nquorum W\n`;

/** How a register of each protocol would be reached; nothing is at the address. */
const REACHED: Readonly<Record<string, object>> = {
  rest: { url: 'http://127.0.0.1:9', api_key_file: 'secret' },
  graphql: { url: 'http://127.0.0.1:9', token_file: 'secret' },
  sql: { host: '127.0.0.1', port: 9, database: 'd', user: 'u', password_file: 'secret' },
  xroad: { url: 'http://127.0.0.1:9', client: 'KZ/GOV/000740000728/tereze' },
  soap: {
    url: 'http://127.0.0.1:9',
    sender_id: 's',
    password_file: 'secret',
    key_file: 'key.pem',
    register_key_file: 'register.pem',
  },
};

/** The configuration, with every register that ships. */
function configText(): string {
  const folder = join(packageRoot(), 'schemas', 'registers');
  const registers = readdirSync(folder).map((name) => {
    const { protocol } = parse(readFileSync(join(folder, name, 'source.yaml'), 'utf8')) as { protocol: string };
    return [name, { protocol, ...REACHED[protocol] }] as const;
  });
  return `${CONFIG}${stringify({ registers: Object.fromEntries(registers) })}`;
}
