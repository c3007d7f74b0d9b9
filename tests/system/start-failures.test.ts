import { expect } from 'chai';
import { generateKeyPairSync } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
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
import { startGateway } from '../../gateway/compose/app.js';
import { parseConfig } from '../../gateway/config/read-config.js';
import { packageRoot } from '../../gateway/state/package-root.js';
import { postmasterPid } from '../../gateway/state/embedded/postmaster.js';
import { copyState } from '../made-once.js';

const FORGOTTEN = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])
  @link(url: "https://tereze.kz/governance/v1.0", import: ["@category", "@listSize"])
type Query { holidays: [String] @listSize(assumedSize: 50) @category(name: "forgotten.holidays", sensitivity: OPEN) }
`;

/** What someone got wrong, by what they did to a copy of what ships, and what they are told: the file first. */
const MISTAKES: Readonly<Record<string, { readonly break: (folder: string) => void; readonly told: RegExp }>> = {
  'a rule that is no Cedar': {
    break: (folder) => writeFileSync(join(folder, 'rules', 'x.cedar'), 'permit (principal'),
    told: /rules\/x\.cedar:1: /,
  },
  'an unknown key among the purposes': {
    break: (folder) => appendFileSync(join(folder, 'purposes.yaml'), 'zzz: 1\n'),
    told: /purposes\.yaml:\d+: unknown key "zzz"/,
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
    told: /address\/contract\.yaml: .+line \d+/,
  },
  'a contract with an unknown rule': {
    break: (folder) => appendFileSync(join(folder, 'registers', 'address', 'contract.yaml'), 'zz: 1\n'),
    told: /address\/contract\.yaml: .*zz/,
  },
  'a mapping of an unknown protocol': {
    break: (folder) => writeFileSync(join(folder, 'registers', 'property', 'source.yaml'), 'protocol: telepathy\n'),
    told: /property\/source\.yaml: /,
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
};

describe('a gateway that cannot start', function () {
  this.timeout(20_000);
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-mistaken-'));
    for (const [from, to] of [
      ['policies/rules', 'rules'],
      ['policies/purposes.yaml', 'purposes.yaml'],
      ['schemas/registers', 'registers'],
      ['schemas/operations', 'operations'],
    ] as const) {
      cpSync(join(packageRoot(), from), join(folder, to), { recursive: true });
    }
    await copyState(join(folder, 'state'));
    writeFileSync(join(folder, 'secret'), 's'.repeat(32));
    writeFileSync(join(folder, 'key.pem'), keys.privateKey);
    writeFileSync(join(folder, 'register.pem'), keys.publicKey);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  for (const [what, { break: spoil, told }] of Object.entries(MISTAKES)) {
    it(`names the file for ${what}, and leaves nothing running`, async () => {
      spoil(folder);
      const started = await startGateway(parseConfig(join(folder, 'tereze.yaml'), configText(), {}), {
        log: { write: () => undefined },
      }).then(
        (gateway) => gateway.stop().then(() => 'it started'),
        (error: Error) => error.message.replace(`${folder}/`, ''),
      );
      expect(started).to.match(told);
      expect(postmasterPid(join(folder, 'state', 'data'))).to.equal(undefined);
    });
  }
});

const CONFIG = `version: 1
environment: test
server: { host: 127.0.0.1, port: 0, public_url: "http://127.0.0.1", operations: { host: 127.0.0.1, port: 0 } }
database: { directory: state }
supergraph: { directory: registers }
documents: { directory: operations }
authentication: { audience: "http://127.0.0.1/graphql", issuers: [{ issuer: "http://127.0.0.1:9", jwks_uri: "http://127.0.0.1:9/jwks" }] }
policies: { rules: rules, purposes: purposes.yaml, secret_file: secret }
`;

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
