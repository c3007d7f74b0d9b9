import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Access, Reply } from './client/access.js';
import { accessOfClient } from './client/access-of-client.js';
import { accessForCitizen, CITIZENS_CLIENT } from './client/citizen-sign-in.js';
import { printAnswer, type AnswerView } from './client/print-answer.js';
import { profileDirectory, readProfile } from './client/profile.js';
import { CommandFailure } from './command-failure.js';
import { documentAdvice } from './document-advice.js';
import { accessRequest, collect, parseVariables } from './options.js';
import type { Terminal } from './terminal.js';

interface AskOptions {
  readonly as?: string;
  readonly officer?: string;
  readonly asCitizen?: string;
  readonly acr?: string;
  readonly var: readonly string[];
  readonly purpose?: string;
  readonly case?: string;
  readonly operation?: string;
  readonly json?: boolean;
}

/** `tereze ask`: asks as a client would, with private_key_jwt, DPoP and HTTP. */
export function addAsk(program: Command, terminal: Terminal): void {
  program
    .command('ask')
    .argument(
      '<operation>',
      'a trusted document by name or sha256:<hex>, a file with a GraphQL document, or - for standard input',
    )
    .option('--as <client>', 'the registered client that asks')
    .option('--officer <id>', 'the officer that this client acts for, who signs in at the issuer')
    .option('--as-citizen <iin>', 'sign in at the issuer as this citizen, and ask about oneself')
    .option('--acr <value>', 'how the issuer is to authenticate the citizen (acr_values)')
    .option('--var <name=value>', 'a variable, repeatable; name:=json for other values than texts', collect, [])
    .option('--purpose <purpose>', 'the purpose; may be left out when the client has only one')
    .option('--case <number>', 'the case, as NUMBER or AGENCY/NUMBER')
    .option('--operation <name>', 'which operation of the document')
    .option('--json', 'print the response as it came')
    .addHelpText(
      'after',
      '\nExample:\n  npx tereze ask FamilyCard --as social --case PS-2026-000201 --var iin=NUMBER\n',
    )
    .action((operation: string, options: AskOptions) => ask(operation, options, terminal));
}

async function ask(operation: string, options: AskOptions, terminal: Terminal): Promise<void> {
  const body = {
    ...(await documentOf(operation, terminal)),
    variables: parseVariables(options.var),
    ...(options.operation === undefined ? {} : { operationName: options.operation }),
  };
  const access = await accessFor(options, terminal);
  const reply = await access.send('POST', '/graphql', body);
  terminal.print(options.json ? withNewline(reply.text) : await readable(operation, reply, terminal));
  if (!hasData(reply)) terminal.fail();
}

async function readable(operation: string, reply: Reply, terminal: Terminal): Promise<string> {
  const answer = parseReply(reply);
  const isUnknown = answer.errors?.some(({ extensions }) => extensions?.code === 'DOCUMENT_NOT_FOUND') ?? false;
  return printAnswer(answer, isUnknown ? await documentAdvice(operation, terminal) : undefined);
}

async function accessFor(options: AskOptions, terminal: Terminal): Promise<Access> {
  const { as, asCitizen, acr } = options;
  if ((as === undefined) === (asCitizen === undefined))
    throw new CommandFailure('usage', 'say who asks: --as CLIENT, or --as-citizen NUMBER');
  if (asCitizen !== undefined && options.officer !== undefined)
    throw new CommandFailure('usage', 'a citizen asks for no officer: --officer goes with --as');
  const directory = profileDirectory(terminal.environment);
  if (asCitizen !== undefined) return accessForCitizen(await readProfile(CITIZENS_CLIENT, directory), asCitizen, acr);
  const profile = await readProfile(as ?? '', directory);
  return accessOfClient(profile, accessRequest(profile, options), { directory, officer: options.officer });
}

async function documentOf(operation: string, terminal: Terminal): Promise<{ query: string } | { documentId: string }> {
  if (operation === '-') return { query: await terminal.readInput() };
  if (/^sha256:[0-9a-f]{64}$/.test(operation)) return { documentId: operation };
  if (existsSync(operation)) return { query: await readFile(operation, 'utf8') };
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(operation))
    throw new CommandFailure('usage', `there is no file "${operation}", and it is not the name of a trusted document`);
  return { documentId: operation };
}

function parseReply({ status, text }: Reply): AnswerView {
  try {
    return JSON.parse(text) as AnswerView;
  } catch {
    throw new CommandFailure('failed', `the gateway answered HTTP ${status} with something other than JSON`);
  }
}

function hasData(reply: Reply): boolean {
  const { data } = parseReply(reply);
  return reply.status < 400 && data !== undefined && data !== null;
}

const withNewline = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);
