import { keyFieldsOf, type MappedType } from '../../mapping/mapped-field.js';
import type { SoapOperation } from './operations-source.js';
import { SHORT_FORM_OPERATION, shortFormOperation } from './short-form.js';
import type { SoapSource } from './source.js';
import type { TemplateNames } from '../template/compile-template.js';
import { embedder } from '../template/embed-xml.js';

export type Profile = NonNullable<SoapSource['profile']>;

/** A mapped type, with the operations that its records are asked by. */
export interface MappedSoapType extends MappedType {
  readonly read?: string | undefined;
  readonly batch?: string | undefined;
}

/** How the bus is asked. */
export interface ShepSource {
  readonly serviceId: string;
  readonly routeId?: string | undefined;
  readonly properties: Readonly<Record<string, string>>;
  readonly sessionId?: string | undefined;
  readonly success: readonly string[];
  readonly notFound: readonly string[];
}

/** A `source.yaml` with its operations, in whichever form it was written. */
export interface FullSource {
  readonly profile: Profile;
  readonly version: '1.1' | '1.2';
  readonly isSigned: boolean;
  readonly elements: SoapSource['elements'];
  readonly data: SoapSource['data'];
  readonly empty: SoapSource['empty'];
  readonly namespace: string | undefined;
  readonly namespaces: Readonly<Record<string, string>>;
  readonly names: TemplateNames;
  readonly service?: SoapSource['service'];
  readonly shep?: ShepSource | undefined;
  readonly operations: Readonly<Record<string, SoapOperation>>;
  /** Whether the names of operations are those of the file. */
  readonly hasNames: boolean;
  readonly roots: SoapSource['roots'];
  readonly types: Readonly<Record<string, MappedSoapType>>;
}

/** Returns the source with its operations. Throws if it is in neither form; a checked source is in one. */
export function fullForm(source: SoapSource): FullSource {
  const { soap, elements, data, empty, namespace, namespaces, service, roots } = source;
  const profile = source.profile ?? 'shep-sync';
  return {
    profile,
    version: String(soap) === '1.2' ? '1.2' : '1.1',
    isSigned: (source.security ?? (profile === 'shep-sync' ? 'signature' : 'none')) === 'signature',
    elements,
    data,
    empty,
    namespace,
    namespaces,
    names: namesOf(source),
    service,
    shep: profile === 'shep-sync' ? shepOf(source) : undefined,
    operations: source.operations ?? shortOperations(source),
    hasNames: source.operations !== undefined,
    roots,
    types: source.operations === undefined ? readByTheOne(source.types) : source.types,
  };
}

function readByTheOne(types: SoapSource['types']): FullSource['types'] {
  return Object.fromEntries(
    Object.entries(types).map(([name, type]) => [
      name,
      keyFieldsOf(type).length === 0 ? type : { batch: SHORT_FORM_OPERATION, ...type },
    ]),
  );
}

/** Prefix of `namespace` in what is written. */
const OWN = 'q';

function namesOf({ elements, namespace, namespaces, data }: SoapSource): TemplateNames {
  const own = namespace === undefined || elements === 'as_schema' ? undefined : OWN;
  return {
    namespaces: namespace === undefined ? namespaces : { [OWN]: namespace, ...namespaces },
    top: own,
    below: elements === 'qualified' ? own : undefined,
    embed: embedder(data),
  };
}

function shepOf({ shep, service_id: serviceId, status }: SoapSource): ShepSource {
  if (shep !== undefined)
    return {
      serviceId: shep.service_id,
      routeId: shep.route_id,
      properties: shep.properties,
      sessionId: shep.session_id,
      success: [shep.status.success].flat(),
      notFound: [shep.status.not_found ?? []].flat(),
    };
  if (serviceId === undefined || status === undefined) throw new Error('shep-sync needs shep');
  return { serviceId, properties: {}, success: [status.success], notFound: [status.not_found] };
}

function shortOperations({ request, response, types, ...source }: SoapSource): FullSource['operations'] {
  if (request === undefined || response === undefined) throw new Error('the source has no operations');
  const [key = request.key] = Object.values(types).flatMap((type) => keyFieldsOf(type));
  const operation = shortFormOperation({ ...source, request, response }, key);
  return { [SHORT_FORM_OPERATION]: operation };
}
