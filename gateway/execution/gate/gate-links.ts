import type { AccessRecord } from '../../access/access-record.js';
import type { Gate, SubjectRef } from '../../../schemas/ports/gate.js';
import type { GrantedFieldsCompiler } from './granted-fields.js';
import { decide, DecisionBatch, withheldFault, type Decision } from './decision.js';
import { registerFault, type Fault } from '../data/fault.js';
import { categoriesBeyond, linksOf, type Categories, type ReadLink } from '../reads/categories.js';
import { dwellingToldBy } from './dwellings.js';
import { concreteType, type ReadField, type ReadSelection } from '../reads/read-field.js';
import { isIdentifier, type Subjects } from './subjects.js';
import type { DataObject } from '../data/data-object.js';
import { isObject } from '../../../schemas/objects.js';

/** A record with the decision on its subject and the fields that are kept of it. */
export interface DecidedRecord {
  readonly record: DataObject;
  readonly kept: readonly ReadField[];
  readonly decision: Decision;
  /** Set if the record itself may tell a dwelling. */
  readonly entity?: { readonly selection: ReadSelection; readonly type: string };
}

export interface LinkGate {
  readonly gate: Gate;
  readonly subjects: Subjects;
  readonly grantedFields: GrantedFieldsCompiler;
  readonly register: string;
  readonly accessRecord: Pick<AccessRecord, 'recordFound' | 'recordLink'>;
}

/**
 * The gate after the call. Asks the gate once about every person that a link of these records leads to, and about
 * every dwelling that they tell, before anything of it is merged. The people are recorded first: the entry names them
 * also if the gate fails.
 *
 * `teller`: a person whose record may tell a dwelling, present or not. If no record tells one, the gate is asked about a
 * code that no dwelling has. So the answer about someone without a dwelling takes as long as one about a hidden dwelling.
 */
export async function gateLinks(
  records: readonly DecidedRecord[],
  linkGate: LinkGate,
  teller?: SubjectRef,
): Promise<LinkDecisions> {
  const batch = new DecisionBatch();
  const search = new LinkSearch(batch, linkGate);
  for (const { record, kept, decision, entity } of records) {
    if (!decision.subject) continue;
    if (entity) search.dwelling(record, entity.selection, decision.subject, entity.type);
    search.fields(record, kept, decision.subject);
  }
  if (teller && !batch.hasDwellings) batch.addDwelling(teller, `no dwelling of ${linkGate.register}`);
  for (const [subject, { categories }] of batch.all) {
    if (subject.via !== undefined) linkGate.accessRecord.recordLink(linkGate.register, subject);
    if (categories.size > 0) linkGate.accessRecord.recordFound(subject);
  }
  return new LinkDecisions(await decide(linkGate.gate, batch), batch, linkGate);
}

/** Records who among the people that the links lead to is absent, and which dwellings are hidden. */
export function recordProtected({
  links,
  accessRecord,
}: {
  readonly links: LinkDecisions;
  readonly accessRecord: Pick<AccessRecord, 'recordAbsent' | 'recordHiddenDwelling'>;
}): void {
  for (const decision of links.all) if (decision.absent) accessRecord.recordAbsent(decision);
  for (const code of links.hiddenDwellings) accessRecord.recordHiddenDwelling(code);
}

interface Beyond {
  readonly categories: Categories;
  readonly links: readonly ReadLink[];
}

/** Finds every person that links lead to, links of links included, and every dwelling that objects tell. */
class LinkSearch {
  readonly #batch: DecisionBatch;
  readonly #subjects: Subjects;
  readonly #grantedFields: GrantedFieldsCompiler;
  readonly #known = new Map<ReadField, Beyond>();

  constructor(batch: DecisionBatch, { subjects, grantedFields }: LinkGate) {
    this.#batch = batch;
    this.#subjects = subjects;
    this.#grantedFields = grantedFields;
  }

  fields(record: DataObject, fields: readonly ReadField[], from: SubjectRef): void {
    for (const field of fields) {
      const value = record[field.responseKey];
      if (value === null || value === undefined) continue;
      if (field.link) this.#persons(value, field, from);
      else if (field.below) this.#below(value, field.below, from);
    }
  }

  dwelling(object: DataObject, selection: ReadSelection, subject: SubjectRef, type?: string): void {
    const told = dwellingToldBy(object, selection, type);
    if (told.kind === 'code') this.#batch.addDwelling(subject, told.code);
  }

  #below(value: unknown, below: ReadSelection, subject: SubjectRef): void {
    if (!below.leadsToOthers && !below.tellsDwellings) return;
    for (const item of flat(value)) {
      if (!isObject(item)) continue;
      this.dwelling(item, below, subject);
      const fields = this.#grantedFields.fieldsOf(below, concreteType(item, below));
      this.fields(
        item,
        fields.map(({ field }) => field),
        subject,
      );
    }
  }

  /** What is wanted of each person that a link leads to. */
  #beyond(link: ReadField): Beyond {
    let beyond = this.#known.get(link);
    if (beyond === undefined) {
      const { below } = link;
      beyond = {
        categories: categoriesBeyond(link, below),
        links: below?.leadsToOthers === true ? linksOf(below.fields) : [],
      };
      this.#known.set(link, beyond);
    }
    return beyond;
  }

  #persons(value: unknown, link: ReadField, from: SubjectRef): void {
    for (const item of flat(value)) {
      const person = personAt(item, link, from, this.#subjects);
      if (!person) continue;
      const { categories, links } = this.#beyond(link);
      this.#batch.add(person, categories, links);
      if (link.below) this.#below(item, link.below, person);
    }
  }
}

/** The gate's decisions on the people that links lead to, and on the dwellings that objects tell. */
export class LinkDecisions {
  readonly #decisions: ReadonlyMap<SubjectRef, Decision>;
  readonly #asked: DecisionBatch;
  readonly #linkGate: LinkGate;

  constructor(decisions: ReadonlyMap<SubjectRef, Decision>, asked: DecisionBatch, linkGate: LinkGate) {
    this.#decisions = decisions;
    this.#asked = asked;
    this.#linkGate = linkGate;
  }

  /** The decision on every person that was found. */
  get all(): readonly Decision[] {
    return [...this.#decisions.values()];
  }

  /** Codes of the dwellings that are hidden. */
  get hiddenDwellings(): readonly string[] {
    return [...this.#asked.all].flatMap(([subject, { dwellings }]) =>
      [...(dwellings ?? [])].filter((code) => this.#decisions.get(subject)?.visibleDwellings.has(code) !== true),
    );
  }

  decisionOn(item: unknown, link: ReadField, from: Decision): Decision | undefined {
    const person = from.subject && personAt(item, link, from.subject, this.#linkGate.subjects);
    return person && this.#decisions.get(person);
  }

  /** Whether a link leads here to a person who is absent, or to an object that tells a hidden dwelling. */
  isAbsent(item: unknown, link: ReadField, from: Decision): boolean {
    const decision = this.decisionOn(item, link, from);
    if (decision === undefined) return false;
    return decision.absent || (link.below !== undefined && this.dwellingOf(item, link.below, decision) === 'hidden');
  }

  /**
   * Returns what becomes of an object by the dwelling that it tells: `hidden` if it is the home of a protected person,
   * which is treated as if the register did not have the object; `untold` if its code is missing, so that no one can
   * say whose home it is.
   */
  dwellingOf(
    object: unknown,
    selection: ReadSelection,
    { subject }: Decision,
    type?: string,
  ): 'shown' | 'hidden' | 'untold' {
    if (selection.dwelling.size === 0 || !isObject(object)) return 'shown';
    const told = dwellingToldBy(object, selection, type);
    if (told.kind !== 'code') return told.kind === 'none' ? 'shown' : 'untold';
    const visible = subject && this.#decisions.get(subject)?.visibleDwellings;
    return visible?.has(told.code) === true ? 'shown' : 'hidden';
  }

  /** Returns why a link stays closed. It is closed if, for any person there, its category or everything beyond it is not granted. */
  refusal(value: unknown, link: ReadField, from: Decision): Fault | undefined {
    for (const item of flat(value)) {
      if (item === null) continue;
      const decision = this.decisionOn(item, link, from);
      if (!decision) return registerFault(this.#linkGate.register, 'malformed');
      const category = this.#missingCategory(item, link, decision);
      if (category !== undefined) return withheldFault(category, decision);
    }
    return undefined;
  }

  #missingCategory(item: unknown, { category, below }: ReadField, decision: Decision): string | undefined {
    if (category !== undefined && decision.denied.has(category)) return category;
    if (!below || !isObject(item)) return undefined;
    return this.#linkGate.grantedFields.of(below, concreteType(item, below), decision).wholeWithheld;
  }
}

function personAt(item: unknown, link: ReadField, from: SubjectRef, subjects: Subjects): SubjectRef | undefined {
  const id = link.below ? isObject(item) && identityOf(item, link.below) : item;
  return isIdentifier(id) && link.link ? subjects.reached(id, link.link.role, from) : undefined;
}

function identityOf(item: DataObject, below: ReadSelection): unknown {
  const type = concreteType(item, below);
  const key = type === undefined ? undefined : below.identity.get(type);
  return key === undefined ? undefined : item[key];
}

function flat(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) return [value];
  return value.some(Array.isArray) ? value.flatMap(flat) : value;
}
