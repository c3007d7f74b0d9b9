import type { ChildProcess } from 'node:child_process';
import { channel } from 'node:diagnostics_channel';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import type { Access } from '../../gateway/cli/client/access.js';
import type { Config } from '../../gateway/config/schema.js';
import { packageRoot } from '../../gateway/state/package-root.js';
import { citizenOf, startSystem, type Answer, type RunningSystem } from './running-system.js';

const { applicant, caseNumber } = HOUSING_FAMILY;
const QUESTION = {
  query: 'query($iin: Iin!) { citizen(iin: $iin) { lastName sex } }',
  variables: { iin: applicant.iin },
};

describe('a gateway that reads its files again', function () {
  this.timeout(60_000);
  let folder: string;
  let system: RunningSystem;
  let housing: Access;
  let lastName: unknown;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tereze-reload-'));
    for (const part of ['registers', 'operations'])
      cpSync(join(packageRoot(), 'schemas', part), join(folder, part), { recursive: true });
    // Its reader of contracts is the gateway's own, as in an installation.
    system = await startSystem(
      (config) => ({
        ...config,
        supergraph: { directory: join(folder, 'registers') },
        documents: { directory: join(folder, 'operations') },
      }),
      {},
    );
    housing = await system.as('housing', 'housing_queue', caseNumber);
  });
  after(async () => {
    await (system as RunningSystem | undefined)?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const schemaFile = (): string => join(folder, 'registers', 'population', 'schema.graphql');
  const rewrite = (file: string, from: string, to: string): void =>
    writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
  const reload = async (change: (config: Config) => Config = (config) => config): Promise<void> =>
    system.gateway.reload?.(async () => change(system.config));
  const ask = (body: unknown = QUESTION): Promise<Answer> => system.ask(housing, body);
  const events = (): readonly {
    readonly event: string;
    readonly reason?: string;
    readonly catalogue?: string;
    readonly before?: string;
  }[] =>
    system.logged
      .map((line) => JSON.parse(line) as { event: string })
      .filter(({ event }) => event.startsWith('reload'));

  it('serves schemas and documents of one reading, from the next question on', async () => {
    const first = await ask();
    expect(first.tereze['deprecations']).to.equal(undefined);
    lastName = citizenOf(first)['lastName'];
    rewrite(schemaFile(), '  sex: String', '  sex: String @deprecated(reason: "Ask for nothing. Sunset 2027-06-30.")');
    writeFileSync(
      join(folder, 'operations', 'housing', 'OnlyName.graphql'),
      'query OnlyName($iin: Iin!) { citizen(iin: $iin) { lastName } }\n',
    );
    writeFileSync(
      join(folder, 'operations', 'housing', 'OnlyName.yaml'),
      readFileSync(join(folder, 'operations', 'housing', 'HousingQueue.yaml'), 'utf8').replaceAll(
        'HousingQueue',
        'OnlyName',
      ),
    );
    expect(
      (await ask({ documentId: 'OnlyName', variables: { iin: applicant.iin } })).errors.map(
        ({ extensions }) => extensions.code,
      ),
    ).to.deep.equal(['DOCUMENT_NOT_FOUND']);
    await reload();
    const [{ catalogue, before } = {}] = events();
    expect(catalogue).to.not.equal(before);
    expect(JSON.stringify((await ask()).tereze['deprecations'])).to.include('sex');
    expect(citizenOf(await ask({ documentId: 'OnlyName', variables: { iin: applicant.iin } }))).to.deep.equal({
      lastName,
    });
  });

  it('starts a process for contracts that have changed, and none where none has', async () => {
    const started: ChildProcess[] = [];
    const onProcess = (message: unknown): void => void started.push((message as { process: ChildProcess }).process);
    const readers = async (): Promise<number> => {
      started.length = 0;
      await reload();
      expect(events().at(-1)).to.include({ event: 'reloaded' });
      return started.filter(({ spawnargs }) => spawnargs.some((word) => /contracts\/program\.[jt]s$/.test(word)))
        .length;
    };
    const file = join(folder, 'registers', 'tax', 'contract.yaml');
    const whole = readFileSync(file, 'utf8');
    channel('child_process').subscribe(onProcess);
    try {
      expect(await readers()).to.equal(0);
      writeFileSync(file, `${whole}# changed\n`);
      expect(await readers()).to.equal(1);
      writeFileSync(file, whole);
      expect(await readers()).to.equal(0);
    } finally {
      channel('child_process').unsubscribe(onProcess);
    }
  });

  it('leaves everything as it was when anything cannot be used, and says what', async () => {
    const before = await ask();
    const whole = readFileSync(schemaFile(), 'utf8');
    const stories: readonly (readonly [string, string, string, RegExp])[] = [
      [
        'a field without category',
        'type Query {',
        'extend type Citizen { shoeSize: Int @category(name: "nowhere") }\ntype Query {',
        /population\/schema\.graphql:\d+/,
      ],
      ['no GraphQL', 'type Query {', 'type Query {{', /population\/schema\.graphql/],
    ];
    for (const [what, from, to, reason] of stories) {
      rewrite(schemaFile(), from, to);
      await reload();
      writeFileSync(schemaFile(), whole);
      expect(events().at(-1), what).to.include({ event: 'reload_refused' });
      expect(events().at(-1)?.reason, what).to.match(reason);
      expect((await ask()).data).to.deep.equal(before.data);
    }
  });

  it('refuses what a running gateway cannot change', async () => {
    await reload((config) => ({
      ...config,
      server: { ...config.server, public_url: 'https://elsewhere.test' },
      audit: { ...config.audit, batch: 7 },
    }));
    expect(events().at(-1)).to.include({
      event: 'reload_refused',
      reason: 'server, audit: changed, which takes a restart',
    });
    expect((await ask()).errors).to.deep.equal([]);
  });

  it('no longer knows a system that the configuration no longer names', async () => {
    const { systems } = system.config.authentication;
    await reload((config) => ({
      ...config,
      authentication: { ...config.authentication, systems: systems.filter(({ client_id: id }) => id !== 'housing') },
    }));
    expect((await ask()).status).to.be.oneOf([401, 403]);
    await reload();
    expect((await ask()).errors).to.deep.equal([]);
  });

  it('ends what it began by what it began with, and misses no question', async () => {
    const letGo = system.country.holdNext('population');
    const slow = ask();
    while (system.country.stats('population').calls === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const reloaded = reload();
    const meanwhile: Answer[] = [];
    for (let index = 0; index < 20; index += 1) meanwhile.push(await ask());
    letGo();
    const slowAnswer = await slow;
    await Promise.all([reloaded, reload(), reload()]);
    for (const answer of [slowAnswer, ...meanwhile, await ask()]) {
      expect(answer.errors).to.deep.equal([]);
      expect(citizenOf(answer)['lastName']).to.equal(lastName);
    }
  });
});
