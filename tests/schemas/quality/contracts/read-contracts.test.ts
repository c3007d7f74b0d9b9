import { expect } from 'chai';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CONTRACT_LIMITS,
  createContractReader,
  type ContractReaderOptions,
  type ReadContract,
} from '../../../../schemas/quality/contracts/read-contracts.js';
import { loadQuality } from '../../../../schemas/quality/load-quality.js';
import { rejection } from '../../../rejection.js';

const HEAD = `apiVersion: v3.1.0
kind: DataContract
id: things
version: 1.0.0
status: active
`;
const GOOD = `${HEAD}schema:
  - name: Thing
    properties:
      - { name: code, logicalType: string, required: true }
`;
const ofPattern = (pattern: string): string =>
  GOOD.replace('required: true', `logicalTypeOptions: { pattern: '${pattern}' }`);
const flow = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
/** For a process that hangs. One that answers has as long as in a gateway: a busy machine may take seconds to start it. */
const SHORT_LIMITS = { ...CONTRACT_LIMITS, timeMs: 6_000 };

/** Reads with a reader that remembers nothing yet. */
const readContracts = (files: readonly string[], options?: ContractReaderOptions): Promise<readonly ReadContract[]> =>
  createContractReader(options).read(files);

describe('the process that reads contracts', function () {
  this.timeout(60_000);
  let folder: string;
  let count = 0;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'tereze-contracts-'))));
  after(() => rmSync(folder, { recursive: true }));

  const fileOf = (text: string | Uint8Array): string => {
    count += 1;
    const file = join(folder, `${count}.yaml`);
    writeFileSync(file, text);
    return file;
  };
  const programOf = (source: string): URL => {
    count += 1;
    const file = join(folder, `${count}.mjs`);
    writeFileSync(file, source);
    return pathToFileURL(file);
  };
  /** A program that runs `source` with the texts of the contracts in `texts`. */
  const programWith = (source: string): URL =>
    programOf(`import { readFileSync } from 'node:fs';
const { contracts } = JSON.parse(readFileSync(0, 'utf8'));
const texts = contracts.map(({ base64 }) => Buffer.from(base64, 'base64').toString());
const reply = (value) => process.stdout.write(JSON.stringify(value) + '\\n');
const fine = { contract: { apiVersion: 'v3.1.0', kind: 'DataContract', id: 'a', version: '1', status: 'active' }, rules: [] };
${source}`);
  const told = (read: unknown): string => (read instanceof Error ? read.message.replaceAll(`${folder}/`, '') : 'read');

  it('reads each, and says of each what is wrong, with file, line and column', async () => {
    const files = [GOOD, `${HEAD}schema: 7\n`, GOOD].map(fileOf);
    const [first, second, third] = await readContracts([...files, join(folder, 'none.yaml')]);
    expect(first).to.deep.include({ file: files[0], id: 'things' });
    expect(first).to.have.nested.property('rules[1].line', 9);
    expect(told(second)).to.match(/^\d+\.yaml:6:9: \/schema must be array/);
    expect(third).to.deep.include({ file: files[2] });
  });

  for (const [what, text, message] of [
    [
      'an alias bomb',
      `${HEAD}a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n`,
      /Excessive alias count/,
    ],
    ['an alias in its own anchor', `${HEAD}tags: &a [*a]\n`, /has an alias inside its own anchor/],
    ['many aliases', `${HEAD}tags: [&a x${', *a'.repeat(200)}]\n`, /has more than 100 aliases/],
    ['deep lists', `${HEAD}tags: ${flow(5_000)}\n`, /is nested deeper than 100 levels/],
    [
      'a deep value in another form',
      `${HEAD}tags:\n${Array.from({ length: 400 }, (_, depth) => `${' '.repeat(depth)}- `).join('\n')}x\n`,
      /is nested deeper than 100 levels/,
    ],
    ['a long text', `${HEAD}name: ${'x'.repeat(600_000)}\n`, /is longer than \d+ characters/],
    ['a large file', new Uint8Array(2_000_000).fill(0x20), /has more than \d+ bytes/],
    ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0x00]), /encoded data was not valid/],
    [
      'many names',
      `${HEAD}${Array.from({ length: 50_000 }, (_, index) => `a${index}: 1`).join('\n')}\n`,
      /has more than 200000 tokens|must NOT have unevaluated properties/,
    ],
    [
      'many faults',
      GOOD.replace('required: true', Array.from({ length: 500 }, (_, index) => `x${index}: 1`).join(', ')),
      /and \d+ more$/,
    ],
  ] as const) {
    it(`refuses ${what}, and reads the next contract`, async () => {
      const [refused, next] = await readContracts([fileOf(text), fileOf(GOOD)]);
      expect(told(refused))
        .to.match(message)
        .and.to.match(/^\d+\.yaml:\d+:\d+: /);
      expect(told(refused).length).to.be.lessThan(10_000);
      expect(told(next)).to.equal('read');
    });
  }

  for (const [what, pattern, reason] of [
    ['many copies of a class', `${'\\p{L}{1000}'.repeat(9)}`, 'the pattern has more than 3000 instructions'],
    ['more text than a pattern has', 'a'.repeat(20_000), 'the pattern is longer than 10000 characters'],
    ['copies of copies', '(((a{100}){100}){100}){100}', 'RE2 cannot run the pattern'],
    ['look-around', '(?=a)', 'RE2 cannot run the pattern'],
  ] as const) {
    it(`does not evaluate a pattern of ${what}`, async () => {
      const [read] = await readContracts([fileOf(ofPattern(pattern))]);
      expect(read).to.have.nested.property('rules[1].notEvaluated', reason);
    });
  }

  it('holds nothing of its parent’s environment', async () => {
    process.env['TEREZE_TEST_SECRET'] = 'known to the parent';
    const program = programWith(
      'reply({ faults: [{ line: 1, column: 1, message: Object.keys(process.env).join(" ") + process.argv.slice(2) }] });',
    );
    const [read] = await readContracts([fileOf(GOOD)], { program });
    delete process.env['TEREZE_TEST_SECRET'];
    expect(told(read)).to.not.include('SECRET').and.not.include('HOME');
  });

  for (const [what, source, message] of [
    ['hangs', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);', 'cannot be read within 6 s'],
    ['crashes', 'process.abort();', 'ended the process that reads contracts, which has 512 MB'],
    ['ends without a word', 'process.exit(0);', 'ended the process that reads contracts, which has 512 MB'],
    ['writes without end', 'reply("x".repeat(2e7));', 'says more than 16777216 bytes when its aliases are resolved'],
    [
      'writes no JSON',
      'process.stdout.write("hello\\n");',
      'the process that reads contracts did not answer with a contract',
    ],
    [
      'replies with no contract',
      'reply({ contract: {}, rules: [] });',
      'the process that reads contracts did not answer with a contract',
    ],
    [
      'replies with a rule that is none',
      'reply({ ...fine, rules: [{ about: 1 }] });',
      'the process that reads contracts did not answer with a contract',
    ],
    ['replies with nothing', 'reply(null);', 'the process that reads contracts did not answer with a contract'],
  ] as const) {
    it(`fails the contract on which it ${what}, and reads the others`, async () => {
      const program = programWith(
        `for (const text of texts) { if (!text.includes('bad')) { reply(fine); continue; }\n${source}\n}`,
      );
      const files = [GOOD, `${GOOD}# bad`, GOOD].map(fileOf);
      const limits = what === 'hangs' ? SHORT_LIMITS : CONTRACT_LIMITS;
      const read = await readContracts(files, { program, limits });
      expect(read.map(told)).to.deep.equal([
        'read',
        `${count}.yaml:1:1: ${message}`.replace(String(count), String(count - 1)),
        'read',
      ]);
    });
  }

  it('is not given up for replies that came while this process was busy', async () => {
    const program = programWith('for (const text of texts) reply(fine);');
    const reading = readContracts([fileOf(GOOD)], { program, limits: { ...CONTRACT_LIMITS, timeMs: 4_000 } });
    const ready = new Int32Array(new SharedArrayBuffer(4));
    // The process answers while this one does nothing else.
    Atomics.wait(ready, 0, 0, 5_000);
    expect((await reading).map(told)).to.deep.equal(['read']);
  });

  it('is not started again without end', async () => {
    const program = programWith('process.abort();');
    const read = await readContracts(
      [1, 2, 3, 4, 5].map(() => fileOf(GOOD)),
      { program },
    );
    expect(read.map(told).map((text) => text.replace(/^\d+/, ''))).to.deep.equal([
      ...Array.from({ length: 3 }, () => '.yaml:1:1: ended the process that reads contracts, which has 512 MB'),
      ...Array.from({ length: 2 }, () => '.yaml:1:1: is not read: 3 contracts ended their reader'),
    ]);
  });

  it('cannot put a rule into a contract that Tereze does not have, nor move the cursor of a terminal', async () => {
    const rule =
      '{ type: "custom", engine: "tereze", id: "x", dimension: "accuracy", severity: "info", implementation: { rule: "none" } }';
    const program = programWith(
      `reply(texts[0].includes('bad') ? { faults: [{ line: 1, column: 1, message: '\\u001b[2J' + 'x'.repeat(1e6) }] } : { ...fine, contract: { ...fine.contract, schema: [{ name: 'T', quality: [${rule}] }] } });`,
    );
    const registers = join(folder, 'registers');
    mkdirSync(join(registers, 'one'), { recursive: true });
    writeFileSync(join(registers, 'one', 'contract.yaml'), GOOD);
    const error = await rejection(
      loadQuality(registers, { factDate: () => '2026-03-02' }, createContractReader({ program })),
    );
    expect(error)
      .to.have.property('message')
      .that.matches(/one\/contract\.yaml:1:1: there is no rule "none"/);
    const [read] = await readContracts([fileOf(`${GOOD}# bad`)], { program });
    expect(told(read))
      .to.match(/^\d+\.yaml:1:1: {2}\[2Jx+$/)
      .and.to.have.length.lessThan(3_000);
  });

  it('reads nothing, and starts nothing, where there is no contract', async () => {
    const mark = join(folder, 'started');
    const program = programOf(`import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(mark)}, '');`);
    expect(await readContracts([], { program })).to.deep.equal([]);
    expect(existsSync(mark)).to.equal(false);
  });

  describe('is not asked again', () => {
    const BAD = `${GOOD}# bad`;
    const GOOD_TOO = `${GOOD}# good too`;

    /** A reader whose processes write down what they are given, and run `source` for each text. */
    const counted = (
      source: string,
    ): { readonly read: (...texts: readonly string[]) => Promise<readonly string[]>; asked: () => unknown[] } => {
      const log = fileOf('');
      const program = programWith(`import { appendFileSync } from 'node:fs';
appendFileSync(${JSON.stringify(log)}, JSON.stringify(texts) + '\\n');
for (const text of texts) { ${source} }`);
      const reader = createContractReader({ program });
      return {
        read: async (...texts) => (await reader.read(texts.map(fileOf))).map((one) => told(one).replace(/^\d+/, '')),
        asked: () => {
          const lines = readFileSync(log, 'utf8').split('\n').slice(0, -1);
          writeFileSync(log, '');
          return lines.map((line) => JSON.parse(line) as unknown);
        },
      };
    };
    const FAULTY = "reply(text.includes('bad') ? { faults: [{ line: 2, column: 3, message: 'is bad' }] } : fine);";

    it('for the same bytes, whether they are good or bad, and in any file', async () => {
      const { read, asked } = counted(FAULTY);
      const first = ['read', '.yaml:2:3: is bad'];
      expect(await read(GOOD, BAD)).to.deep.equal(first);
      expect(asked()).to.deep.equal([[GOOD, BAD]]);
      expect(await read(GOOD, BAD)).to.deep.equal(first);
      expect(await read(BAD, GOOD, BAD)).to.deep.equal([...first].reverse().concat('.yaml:2:3: is bad'));
      expect(asked()).to.deep.equal([]);
    });

    it('for those of several that have not changed', async () => {
      const { read, asked } = counted(FAULTY);
      await read(GOOD, BAD, GOOD_TOO);
      asked();
      const changed = `${GOOD}# changed`;
      expect(await read(GOOD, changed, GOOD_TOO)).to.deep.equal(['read', 'read', 'read']);
      expect(asked()).to.deep.equal([[changed]]);
      expect(await read(BAD)).to.deep.equal(['.yaml:2:3: is bad']);
      expect(asked()).to.deep.equal([]);
    });

    for (const [what, source] of [
      ['ended', 'process.abort();'],
      ['replied with no contract', 'reply({ contract: {}, rules: [] });'],
    ] as const) {
      it(`but where it ${what}, about that contract and those that it read before`, async () => {
        const { read, asked } = counted(`if (!text.includes('bad')) { reply(fine); continue; }\n${source}`);
        const first = await read(GOOD, BAD);
        expect(first[0]).to.equal('read');
        expect(first[1]).to.match(/^\.yaml:1:1: /);
        expect(asked()).to.deep.equal([[GOOD, BAD]]);
        expect(await read(GOOD, BAD)).to.deep.equal(first);
        expect(asked()).to.deep.equal([[GOOD, BAD]]);
        expect(await read(GOOD)).to.deep.equal(['read']);
        expect(await read(GOOD)).to.deep.equal(['read']);
        expect(asked()).to.deep.equal([[GOOD]]);
      });
    }

    it('and names each file as it is named now, and one that has gone as gone', async () => {
      const reader = createContractReader({ program: programWith(`for (const text of texts) { ${FAULTY} }`) });
      const file = fileOf(BAD);
      const moved = `${file}.moved`;
      await reader.read([file]);
      renameSync(file, moved);
      const [gone, found] = await reader.read([file, moved]);
      expect(told(gone)).to.include('ENOENT');
      expect(told(found)).to.match(/^\d+\.yaml\.moved:2:3: is bad$/);
    });
  });
});
