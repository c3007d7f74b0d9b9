import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { registersConfig } from '../../adapters/config.js';
import { HOUSING_FAMILY } from '../../demo/country/people.js';
import type { Access } from '../../gateway/cli/client/access.js';
import { packageRoot } from '../../schemas/package-root.js';
import type { RunningCountry } from '../../demo/start.js';
import { startSystem, type RunningSystem } from '../system/running-system.js';
import { PERSON } from './register-of-document.js';

/** A register of an installation: what `register new` wrote, with categories, and the settings that reach it. */
export interface InstalledRegister {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A governed gateway over these registers, and the agency whose case it is. */
export interface GovernedInstallation {
  readonly system: RunningSystem;
  /** May ask for everything that is open, in the case of {@link PERSON}. */
  readonly permitted: Access;
  /** For which no rule opens anything. */
  readonly unpermitted: Access;
  stop(): Promise<void>;
}

export interface Installing {
  /** Registers that need the country: settings and secrets of its own database. */
  readonly registers: (country: RunningCountry) => Promise<readonly InstalledRegister[]>;
}

const CASE = HOUSING_FAMILY.caseNumber;

/** The categories of all these registers. One for each would make the longest entry of the audit log too long. */
export const OF_PEOPLE = 'people.data';
export const OF_NO_PERSON = 'things.data';

/**
 * Starts the demo country with a gateway whose only registers are these. One rule opens every category of them to the
 * housing agency, about the person of its case, and without a nexus where they are about no person.
 */
export async function startGoverned({ registers }: Installing): Promise<GovernedInstallation> {
  const folder = mkdtempSync(join(tmpdir(), 'tereze-governed-'));
  const cases = await listen(answerCases);
  const end = (): void => {
    cases.closeAllConnections();
    cases.close();
    rmSync(folder, { recursive: true });
  };
  try {
    const system = await startSystem(async (config, country) => {
      const installed = await registers(country);
      for (const { name, files } of installed) writeFiles(join(folder, 'registers', name), files);
      mkdirSync(join(folder, 'operations'));
      writeRules(join(folder, 'rules'));
      const { policies, limits } = config;
      const sources = Object.fromEntries(
        Object.entries(policies.nexus.sources).map(([agency, source]) => [agency, { ...source, url: urlOf(cases) }]),
      );
      return {
        ...config,
        supergraph: { directory: join(folder, 'registers') },
        documents: { directory: join(folder, 'operations') },
        policies: { ...policies, rules: join(folder, 'rules'), nexus: { ...policies.nexus, sources } },
        limits: {
          ...limits,
          document: { ...limits.document, tokens: 20_000, depth: 50, aliases: 1_000, fields: 20_000 },
        },
        registers: registersConfig.parse(Object.fromEntries(installed.map(({ name, settings }) => [name, settings]))),
      };
    });
    return {
      system,
      permitted: await system.as('housing', 'housing_queue', CASE),
      unpermitted: await system.as('allowances', 'birth_allowance', CASE),
      stop: async () => {
        await system.stop();
        end();
      },
    };
  } catch (error) {
    end();
    throw error;
  }
}

/** Listens on loopback. */
export async function listen(answer: RequestListener): Promise<Server> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The case systems: every case is open, and names {@link PERSON} and no one else. */
const answerCases = (request: IncomingMessage, response: Parameters<RequestListener>[1]): void => {
  void text(request).then((body) => {
    const { subjects } = JSON.parse(body) as { subjects: readonly string[] };
    const facts = subjects.flatMap((one, subject) =>
      one === PERSON ? [{ subject, kind: 'application', reference: 'A-1' }] : [],
    );
    response
      .writeHead(200, { 'Content-Type': 'application/json' })
      .end(JSON.stringify({ case: { status: 'open' }, facts }));
  });
};

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}

/** The schema of the rules and the rules that hold everywhere, as they ship, and one that opens these registers. */
function writeRules(folder: string): void {
  const shipped = join(packageRoot(), 'policies', 'rules');
  mkdirSync(folder);
  for (const name of ['schema.cedarschema', 'forbid-basis-without-nexus.cedar', 'forbid-foreign-case.cedar'])
    cpSync(join(shipped, name), join(folder, name));
  writeFileSync(
    join(folder, 'open.cedar'),
    `@id("open")
@title("The housing agency reads what the registers of this test have")
@law("none: a test")
@basis("public_task")
permit (principal is System, action in Action::"disclose", resource)
when
{
  principal.agency == Agency::"housing" &&
  context.purpose == Purpose::"housing_queue" &&
  context.basis == Basis::"public_task" &&
  context.nexus in [Nexus::"application", Nexus::"no_subject"] &&
  resource in [Category::"${OF_PEOPLE}", Category::"${OF_NO_PERSON}"]
};
`,
  );
}
