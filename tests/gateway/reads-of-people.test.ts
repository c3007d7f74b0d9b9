import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Command } from 'commander';
import type { RequestHandler } from 'express';
import { createProgram } from '../../gateway/cli/program.js';
import { createRoutes, type RoutesDependencies } from '../../gateway/http/routes.js';
import { pageTable, type PageTableDependencies } from '../../gateway/web/page-table.js';
import { packageRoot } from '../../gateway/state/package-root.js';
import { TestTerminal } from './cli/test-terminal.js';

/**
 * Every way in, and how it is recorded that someone reads people's data there. A new command or route fails here until it
 * says which of these holds, and `audit_read` or `request` is what a way must have that shows anything about a person:
 *
 * - `audit_read`: it reads the log, and is itself an entry, committed before a row is read.
 * - `request`: it asks a gateway, whose intent, completion, refusal or act is the entry.
 * - `own store`: the identity process, which records every step in a store of its own before it answers.
 * - `people not shown`: it meets people's data and shows none of it.
 * - `no people`: it meets none.
 */
type Recorded = 'audit_read' | 'request' | 'own store' | 'people not shown' | 'no people';

const COMMANDS: Readonly<Record<string, Recorded>> = {
  ask: 'request',
  handle: 'request',
  'consent confirm': 'request',
  'consent give': 'request',
  'consent list': 'request',
  'consent withdraw': 'request',
  'audit list': 'audit_read',
  'audit show': 'audit_read',
  login: 'no people',
  logout: 'no people',
  'audit export': 'audit_read',
  // Each step is an entry of kind `approval`, the list one of a reading.
  'audit approval ask': 'audit_read',
  'audit approval list': 'audit_read',
  'audit approval approve': 'audit_read',
  'audit approval refuse': 'audit_read',
  'audit affected': 'audit_read',
  // Ids of calls and places of entries; recorded like other readings.
  'audit reconcile': 'audit_read',
  // Counts, kinds of faults and positions.
  'audit verify': 'people not shown',
  // Whole months leave the database; the act is an entry of kind `retention`, with its range and count.
  'audit archive': 'people not shown',
  'audit erase': 'people not shown',
  'receipt check': 'people not shown',
  'hold agree': 'people not shown',
  'hold ask': 'people not shown',
  'hold lift': 'people not shown',
  'hold list': 'people not shown',
  // About a person made for tests, whose number and values are not printed.
  'case probe': 'people not shown',
  'register probe': 'people not shown',
  'audit retention': 'no people',
  'audit key rotate': 'no people',
  'config print': 'no people',
  'config validate': 'no people',
  'db migrate': 'no people',
  'demo fault': 'no people',
  'identity key new': 'no people',
  'identity key rotate': 'no people',
  'identity serve': 'own store',
  'operation approve': 'no people',
  'operation list': 'no people',
  'operation withdraw': 'no people',
  'register list': 'no people',
  'register new': 'no people',
  'schema check': 'no people',
  'schema compose': 'no people',
  'schema diff': 'no people',
  'schema plan': 'no people',
  'schema publish': 'no people',
  serve: 'no people',
  'state accept-rollback': 'no people',
  'state init': 'no people',
  'state status': 'no people',
  'xroad allowed-methods': 'no people',
  'xroad get-openapi': 'no people',
  'xroad get-wsdl': 'no people',
  'xroad list-clients': 'no people',
  'xroad list-methods': 'no people',
};

/** Routes of the callers' address. Each is a surface of the pipeline, which records before it answers. */
const ROUTES: Readonly<Record<string, Recorded>> = {
  '/graphql': 'request',
  '/handles': 'request',
  '/consents': 'request',
  '/consents/:id/withdraw': 'request',
  '/consents/:id/confirm': 'request',
};

/** Pages of the officers' address. What they show of the log, routes of officers answer, by `ask`. */
const PAGES: Readonly<Record<string, Recorded>> = {
  '/': 'no people',
  '/{language}': 'no people',
  '/{language}/sign-in': 'no people',
  '/{language}/sign-in/start': 'no people',
  '/sign-in/callback': 'no people',
  '/{language}/sign-out': 'no people',
  '/signed-out': 'no people',
  '/{language}/signed-out': 'no people',
  '/{language}/search': 'audit_read',
  // The form; what it sends is kept until its search is opened.
  '/{language}/person': 'no people',
  '/{language}/searches/{search}': 'audit_read',
  '/{language}/searches/{search}/approval': 'audit_read',
  '/{language}/entries/{log}/{index}': 'audit_read',
  // Hashes and signatures.
  '/{language}/entries/{log}/{index}/evidence': 'people not shown',
  '/{language}/requests/{request}': 'audit_read',
  '/{language}/approvals': 'audit_read',
  '/{language}/approvals/{approval}/approve': 'audit_read',
  '/{language}/approvals/{approval}/refuse': 'audit_read',
  '/{language}/approvals/{approval}/use': 'audit_read',
};

/** Files that listen, or say what an address answers: a new one is another way in. */
const SERVERS: Readonly<Record<string, Recorded>> = {
  'gateway/http/routes.ts': 'request',
  'gateway/http/servers.ts': 'no people',
  'gateway/http/server.ts': 'no people',
  // Liveness, readiness and metrics.
  'gateway/http/health.ts': 'no people',
  'gateway/http/operations.ts': 'no people',
  'gateway/http/operations-server.ts': 'no people',
  // Hashes and checkpoints for everyone; entries are behind `LogReaders`.
  'gateway/http/log-server.ts': 'audit_read',
  'gateway/officers/server.ts': 'audit_read',
  // Where the browser of an officer comes back to the command line.
  'gateway/cli/officer/callback.ts': 'no people',
};
const LISTENING = /\b(?:app|router)\.(?:all|get|post|put|delete|patch|use)\(|\bcreate(?:Http)?Server\(/;

/** Files that read entries, or rows about people, from the database; and the file that records it, if people are shown. */
const READERS: Readonly<Record<string, string | undefined>> = {
  'gateway/cli/audit/list.ts': 'monitoring/audit/search/search.ts',
  'gateway/cli/audit/show.ts': 'monitoring/audit/search/record-read.ts',
  // Whose callers record the export.
  'gateway/exports/rows.ts': 'monitoring/audit/export/record-export.ts',
  'gateway/exports/bundle.ts': 'monitoring/audit/export/record-export.ts',
  'gateway/cli/audit/export/export.ts': 'monitoring/audit/export/record-export.ts',
  'gateway/officers/exporting.ts': 'monitoring/audit/export/record-export.ts',
  'gateway/officers/searching.ts': 'monitoring/audit/search/search.ts',
  'gateway/officers/log-readers.ts': 'monitoring/audit/search/record-read.ts',
  // Hands the reader to the routes below.
  'gateway/officers/open-officers.ts': undefined,
  // `audit show --verify` says of an answer that its reader has whether the log committed to it.
  'gateway/cli/audit/with-reader.ts': undefined,
  // How often callers used a field.
  'gateway/cli/schema/check.ts': undefined,
};
const READING =
  /createAuditReader|readBundle|AuditSearch\b|scanEntries|withReader\b|readFieldUsage|field-usage|STORED_ENTRY|audit_subject|recordExport\(/;

function commandsOf(command: Command, path: readonly string[] = []): readonly string[] {
  if (command.commands.length === 0) return [path.join(' ')];
  return command.commands.flatMap((one) => commandsOf(one, [...path, one.name()]));
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(packageRoot(), folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(packageRoot().length + 1));
}

const textOf = (file: string): string => readFileSync(join(packageRoot(), file), 'utf8');

describe('every way to read people’s data', () => {
  it('is named for each command, and no other', async () => {
    const program = await createProgram(new TestTerminal()).loadAll();
    expect(commandsOf(program).toSorted()).to.deep.equal(Object.keys(COMMANDS).toSorted());
  });

  it('is named for each route of the callers’ address, and no other', () => {
    const routes = createRoutes({
      runs: { graphql: {}, handles: {}, consents: {} },
      apollo: ((_request, _response, next) => next()) satisfies RequestHandler,
    } as unknown as RoutesDependencies);
    const { stack } = routes.router as unknown as {
      readonly stack: readonly { readonly route?: { readonly path: string } }[];
    };
    const paths = stack.flatMap(({ route }) => (route === undefined ? [] : [route.path]));
    expect([...new Set(paths)].toSorted()).to.deep.equal(Object.keys(ROUTES).toSorted());
  });

  it('is named for each page of officers, and no other; pages read the log by nothing but routes', () => {
    const pages = pageTable({} as PageTableDependencies);
    expect([...new Set(pages.map(({ path }) => path))].toSorted()).to.deep.equal(Object.keys(PAGES).toSorted());
    for (const page of pages)
      if (PAGES[page.path] === 'audit_read') expect(page.isPublic, page.path).to.not.equal(true);
    const files = filesIn('gateway/web').map(textOf);
    expect(files.filter((text) => /\bsql\b|appendChange|recordRead|searching\.js'.*create/.test(text))).to.deep.equal(
      [],
    );
  });

  it('is behind no other server or route than these', () => {
    const serving = filesIn('gateway').filter((file) => LISTENING.test(textOf(file)));
    expect(serving.toSorted()).to.deep.equal(Object.keys(SERVERS).toSorted());
  });

  it('is in one of these files, which records it where people are shown', () => {
    const reading = [...filesIn('gateway'), ...filesIn('demo')].filter((file) => READING.test(textOf(file)));
    expect(reading.toSorted()).to.deep.equal(Object.keys(READERS).toSorted());
    const routes = filesIn('gateway/officers/routes').filter((file) => textOf(file).includes('summary:'));
    expect(routes).to.not.deep.equal([]);
    for (const file of routes.filter((one) => !one.endsWith('/route.ts')))
      expect(textOf(file), file).to.match(/record-read\.js|searching\.js|exporting\.js/);
    for (const [file, recorder] of Object.entries(READERS)) {
      if (recorder === undefined) continue;
      expect(textOf(file), file).to.include(recorder.replace(/\.ts$/, '.js'));
      expect(textOf(recorder), recorder).to.match(/auditReadEntry|recordRead/);
    }
  });
});
