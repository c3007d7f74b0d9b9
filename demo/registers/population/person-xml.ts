import { escapeXml } from '../../../adapters/soap/xml/escape.js';
import type { IdentityDocument, Person } from '../../country/model.js';

/** A text in every record that no schema maps: no answer of the gateway may hold it. */
export const CANARY = 'canary-7d1f-sent-but-never-asked-for';

/** A person as the population register sends it: the whole record, also when one field is asked for, in its own namespace with prefix `gbd`. */
export function personXml(person: Person): string {
  const {
    iin,
    lastName,
    firstName,
    middleName,
    birthDate,
    sex,
    lifeStatus,
    deathDate,
    documents,
    spouseIin,
    childrenIins,
    parentsIins,
    recordUpdatedAt,
  } = person;
  const family = `${spouseIin === null ? '' : element('spouse', spouseIin)}${group(
    'children',
    childrenIins.map((child) => element('child', child)),
  )}${group(
    'parents',
    parentsIins.map((parent) => element('parent', parent)),
  )}`;
  return group('person', [
    element('iin', iin),
    element('lastName', lastName),
    element('firstName', firstName),
    orNil('middleName', middleName),
    element('birthDate', birthDate),
    element('sex', sex),
    element('nationality', CANARY),
    element('lifeStatus', lifeStatus),
    deathDate === null ? '' : element('deathDate', deathDate),
    element('recordUpdatedAt', recordUpdatedAt),
    group('documents', documents.map(documentXml)),
    group('family', [family]),
    element('photo', Buffer.from(`${CANARY} ${iin}`).toString('base64')),
  ]);
}

function documentXml({ type, number, issuedOn, expiresOn, issuer }: IdentityDocument): string {
  return group('document', [
    element('type', type),
    orNil('number', number),
    element('issuedOn', issuedOn),
    expiresOn === null ? '' : element('expiresOn', expiresOn),
    element('issuer', issuer),
  ]);
}

/** Of a number that no one has. */
export function absentXml(iin: string): string {
  return element('notFound', iin);
}

function element(name: string, text: string): string {
  return `<gbd:${name}>${escapeXml(text)}</gbd:${name}>`;
}

function orNil(name: string, text: string | null): string {
  return text === null ? `<gbd:${name} xsi:nil="true"/>` : element(name, text);
}

function group(name: string, elements: readonly string[]): string {
  return `<gbd:${name}>${elements.join('')}</gbd:${name}>`;
}
