import type { Command } from 'commander';
import type { ConsentRecord } from '../../policies/consent/port.js';
import { accessForSystem, type Access } from './client/access.js';
import { accessForCitizen, CITIZENS_CLIENT } from './client/citizen-sign-in.js';
import { profileDirectory, readProfile } from './client/profile.js';
import { CommandFailure } from './command-failure.js';
import { accessRequest } from './options.js';
import { printReply } from './reply.js';
import type { Terminal } from './terminal.js';

interface Who {
  readonly asCitizen?: string;
  readonly acr?: string;
  readonly as?: string;
  readonly json?: boolean;
}

interface Terms extends Who {
  readonly request?: string;
  readonly agency?: string;
  readonly purpose?: string;
  readonly case?: string;
  readonly categories?: string;
  readonly until?: string;
}

/** `tereze consent`: what a citizen decides about the citizen's own data. */
export function addConsent(program: Command, terminal: Terminal): void {
  const consent = program.command('consent');

  who(consent.command('give').description('Consent to what an agency asked.'))
    .option('--request <sealed>', 'the consent request that an answer carried')
    .option('--agency <agency>', 'or in words: the agency')
    .option('--purpose <purpose>', 'its purpose')
    .option('--case <number>', 'only for this case')
    .option('--categories <names>', 'categories, separated by commas')
    .option('--until <instant>', 'the end, RFC 3339 with an offset: 2027-01-31T00:00:00+05:00')
    .addHelpText(
      'after',
      '\nExample:\n  npx tereze consent give --as-citizen NUMBER --agency housing --purpose housing_queue --categories property.land,property.buildings\n',
    )
    .action((options: Terms) => give(options, terminal));

  who(
    consent
      .command('withdraw')
      .description('Withdraw a consent; it holds from the next request on.')
      .argument('<id>', 'the id that `consent list` shows'),
  )
    .addHelpText('after', '\nExample:\n  npx tereze consent withdraw 6f1c0f4e-... --as-citizen NUMBER\n')
    .action((id: string, options: Who) => change(id, 'withdraw', options, terminal));

  who(
    consent
      .command('confirm')
      .description('Confirm a suspended consent, so that it is in force again.')
      .argument('<id>', 'the id that `consent list` shows'),
  )
    .addHelpText('after', '\nExample:\n  npx tereze consent confirm 6f1c0f4e-... --as-citizen NUMBER\n')
    .action((id: string, options: Who) => change(id, 'confirm', options, terminal));

  who(consent.command('list').description('Your consents, newest first.'))
    .addHelpText('after', '\nExample:\n  npx tereze consent list --as-citizen NUMBER\n')
    .action((options: Who) => list(options, terminal));
}

function who(command: Command): Command {
  return command
    .option('--as-citizen <iin>', 'sign in at the issuer as this citizen')
    .option('--acr <value>', 'how the issuer is to authenticate the citizen (acr_values)')
    .option('--as <client>', 'try it as a registered system (which is refused)')
    .option('--json', 'print the response as it came');
}

async function give(options: Terms, terminal: Terminal): Promise<void> {
  const body = options.request === undefined ? namedTerms(options) : { request: options.request };
  const access = await signIn(options, terminal);
  const reply = await access.send('POST', '/consents', {
    ...body,
    ...(options.until === undefined ? {} : { validUntil: options.until }),
  });
  printReply<Consents>(reply, options.json, terminal, printConsents);
}

function namedTerms({ agency, purpose, case: caseNumber, categories }: Terms): Record<string, unknown> {
  if (agency === undefined || purpose === undefined || categories === undefined) {
    throw new CommandFailure('usage', 'name the consent: --request SEALED, or --agency, --purpose and --categories');
  }
  return {
    agency,
    purpose,
    categories: categories.split(','),
    ...(caseNumber === undefined ? {} : { case: caseNumber }),
  };
}

async function change(id: string, act: 'withdraw' | 'confirm', options: Who, terminal: Terminal): Promise<void> {
  const access = await signIn(options, terminal);
  printReply<Consents>(
    await access.send('POST', `/consents/${encodeURIComponent(id)}/${act}`, {}),
    options.json,
    terminal,
    printConsents,
  );
}

/** Prints every page, each as it comes. */
async function list(options: Who, terminal: Terminal): Promise<void> {
  const access = await signIn(options, terminal);
  const readFrom = async (after: string | undefined): Promise<void> => {
    const reply = await access.send('GET', after === undefined ? '/consents' : `/consents?after=${after}`);
    const page = printReply<ConsentPage>(reply, options.json, terminal, (data) =>
      after === undefined ? printConsents(data) : `\n${printConsents(data)}`,
    );
    if (page?.next !== undefined) await readFrom(encodeURIComponent(page.next));
  };
  await readFrom(undefined);
}

async function signIn({ asCitizen, acr, as }: Who, terminal: Terminal): Promise<Access> {
  const directory = profileDirectory(terminal.environment);
  if (asCitizen !== undefined) return accessForCitizen(await readProfile(CITIZENS_CLIENT, directory), asCitizen, acr);
  if (as === undefined) throw new CommandFailure('usage', 'say who signs in: --as-citizen NUMBER');
  const profile = await readProfile(as, directory);
  return accessForSystem(profile, accessRequest(profile, { purpose: profile.purposes[0], case: 'none' }));
}

interface Consents {
  readonly consents: readonly ConsentRecord[];
}

interface ConsentPage extends Consents {
  /** Where the next page starts. Absent on the last page. */
  readonly next?: string;
}

function printConsents({ consents }: Consents): string {
  if (consents.length === 0) return 'No consents.\n';
  return consents.map(printConsent).join('\n');
}

function printConsent({
  id,
  status,
  agency,
  purpose,
  caseNumber,
  categories,
  givenAt,
  validUntil,
  withdrawnAt,
}: ConsentRecord): string {
  const end = withdrawnAt === undefined ? `until ${validUntil}` : `withdrawn ${withdrawnAt}`;
  const matter = caseNumber === undefined ? '' : `, case ${caseNumber}`;
  return `${id}  ${status}\n  to ${agency} for ${purpose}${matter}\n  ${categories.join(', ')}\n  given ${givenAt}, ${end}\n`;
}
