import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe as describeRegister, type Described } from '../../gateway/describe/describe.js';
import { packageRoot } from '../../schemas/package-root.js';
import { vendorDescribed } from '../gateway/describe/wsdl/described.js';
import { PERSON, type Place } from './register-of-document.js';
import { XsdSamples } from './xsd-sample.js';

const VENDOR = join(packageRoot(), 'tests', 'conformance', 'vendor', 'wsdl');
export const DOCUMENTS = {
  xrd4j: 'xrd4j-example-adapter/example-adapter.wsdl',
  adapter: 'rest-adapter-gateway/provider-gateway.wsdl',
  anpr: 'anpr-3000/3000serviziConsultazione.wsdl',
} as const;
export type WsdlName = keyof typeof DOCUMENTS;
export const NAMES = Object.keys(DOCUMENTS) as WsdlName[];

/** The operations of each document that can be connected, with the element of their answers. */
export const OPERATIONS: Readonly<Record<WsdlName, Readonly<Record<string, string>>>> = {
  xrd4j: namedAfter('getRandom', 'helloService', 'listPeople', 'personDetails'),
  adapter: namedAfter(
    ...['getOrganizationList', 'getOrganization', 'fintoService', 'getLibrary', 'searchCompany', 'getCompany'],
    ...['getPTVOrganizationList', 'getPTVOrganization', 'getFinnaRecord'],
  ),
  anpr: {
    richiesta_paternita_maternita: 'Risposta3001',
    interrogazioneCittadino_famiglia_convivenza: 'Risposta3002',
    gestione_richieste: 'Risposta3003',
    consultazione_procedimento_amministrativo: 'Risposta3004',
    visualizzazione_eleaborati: 'Risposta3005',
    interrogazioneCittadino_enti: 'Risposta3006',
    ricerca_identificativi_anpr: 'Risposta3007',
    consultazione_sezione: 'Risposta3008',
  },
};

function namedAfter(...names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, `${name}Response`]));
}

/** What the document leaves open as xs:any: invented. */
const OPEN = '<n:company><n:businessId>1</n:businessId><n:company.name lang="fi">x</n:company.name></n:company>';
const EXAMPLES: Readonly<Record<string, string>> = Object.fromEntries(
  ['getLibrary', 'searchCompany', 'getCompany', 'getPTVOrganizationList', 'getPTVOrganization', 'getFinnaRecord'].map(
    (name) => [
      name,
      `<n:${name}Response xmlns:n="http://x-road.global/producer"><n:request><n:id>7</n:id></n:request><n:response>${OPEN}</n:response></n:${name}Response>`,
    ],
  ),
);

/** Elements by which a record says whose it is: the number of a person. */
const KEYS = { ssn: PERSON };

/** An operation of a document, connected as a register. */
export interface WsdlRegister {
  readonly document: WsdlName;
  readonly operation: string;
  readonly described: Described;
}

/** What ANPR answers when it refuses a question. */
export const REFUSAL = readFileSync(join(VENDOR, 'anpr-3000', 'examples', '3006-refused.xml'), 'utf8').replace(
  /^.*<soap:Body>|<\/soap:Body>.*$/gs,
  '',
);

/** What `register new` writes for an operation of a document, with the example that a steward gives. */
export async function describeWsdl(
  document: WsdlName,
  operation: string,
  { register, taken }: Place,
  personal: ReadonlySet<string> = new Set(operation === 'personDetails' ? ['ssn'] : []),
): Promise<Described> {
  const [folder = '', file = ''] = DOCUMENTS[document].split('/');
  const { [operation]: example } = EXAMPLES;
  const description = await vendorDescribed(folder, file, {
    operations: [operation],
    personal,
    examples: example === undefined ? {} : { [operation]: example },
  });
  return describeRegister(description, { register, operations: [operation], personal, taken });
}

const samples = new Map<WsdlName, XsdSamples>();

/** The data of an answer: as the schema describes it, with what it leaves open. */
export function dataOf({ document, operation }: WsdlRegister): string {
  const { [operation]: example } = EXAMPLES;
  if (example !== undefined) return example;
  const made = samples.get(document) ?? new XsdSamples(join(VENDOR, DOCUMENTS[document]));
  samples.set(document, made);
  return made.sample(OPERATIONS[document][operation] ?? '', KEYS);
}

/** Elements that no answer has, because another one of a choice comes in their place. */
export function leftOut({ document }: WsdlRegister): ReadonlySet<string> {
  return samples.get(document)?.left ?? new Set();
}
