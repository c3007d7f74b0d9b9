import type { DocumentPath } from '../bounded-yaml.js';
import type { Contract, ContractElement, ContractObject, QualityRule } from './contract.js';
import { isForTereze, readCustomRule } from './custom-rule.js';
import { isLeaf, whyNotOption, whyNotType } from './element.js';
import { readLibraryRule } from './library-rule.js';

/** One thing that a contract demands, of the data or of the service. */
export interface ContractRule {
  /** Type or field, with dots between them; `slaProperties` for the service. */
  readonly about: string;
  /** Key of the standard that demands it; for `quality`, the metric or the kind of rule. */
  readonly rule: string;
  readonly path: DocumentPath;
  /** Why Tereze does not evaluate it; undefined if it does. */
  readonly notEvaluated: string | undefined;
}

/** A rule for Tereze that is wrong, so that the contract does not load. */
export interface RuleFault {
  readonly path: DocumentPath;
  readonly message: string;
}

/** Where the rules of an element are, and why none of them is evaluated if none is. */
interface Place {
  readonly path: DocumentPath;
  readonly about: string;
  readonly outside: string | undefined;
}

const MEMBER = 'a member of an object or list: Tereze judges the objects in `schema`, by their names';
const ONE_RECORD = 'Tereze judges one record at a time';
const SERVICE = 'a promise of the service';

/**
 * Returns all that a contract demands, in the order of the file, and which of it Tereze evaluates. Everything else in a
 * contract describes: servers, team, prices, names, tags, classifications, lineage, examples.
 */
export function contractRules(contract: Contract): {
  readonly rules: readonly ContractRule[];
  readonly faults: readonly RuleFault[];
} {
  const faults: RuleFault[] = [];
  const { schema = [], slaProperties = [] } = contract;
  const ofObjects = schema.flatMap((object, index) => {
    const isRepeated = schema.findIndex(({ name }) => name === object.name) < index;
    const outside = isRepeated ? `an object above has the name ${object.name}` : undefined;
    return objectDemands(object, { path: ['schema', index], about: object.name, outside }, faults);
  });
  const ofService = slaProperties.map(({ property }, index) => ({
    about: 'slaProperties',
    rule: property,
    path: ['slaProperties', index],
    notEvaluated: SERVICE,
  }));
  return { rules: [...ofObjects, ...ofService], faults };
}

function objectDemands(object: ContractObject, place: Place, faults: RuleFault[]): readonly ContractRule[] {
  const { properties = [], quality = [], relationships = [] } = object;
  return [
    ...properties.flatMap((property, index) => {
      const isRepeated = properties.findIndex(({ name }) => name === property.name) < index;
      const outside = isRepeated ? `a property above has the name ${property.name}` : place.outside;
      const inner = { path: [...place.path, 'properties', index], about: `${place.about}.${property.name}`, outside };
      return elementDemands(property, inner, property.name, faults);
    }),
    ...quality.map((rule, index) => qualityDemand(rule, at(place, 'quality', index), undefined, faults)),
    ...relationships.map((_, index) => demand(at(place, 'relationships', index), 'relationship', ONE_RECORD)),
  ];
}

function elementDemands(
  element: ContractElement,
  place: Place,
  field: string,
  faults: RuleFault[],
): readonly ContractRule[] {
  const { logicalType, logicalTypeOptions = {}, quality = [], relationships = [], properties = [], items } = element;
  const flag = (name: 'required' | 'unique' | 'primaryKey', why: string | undefined): readonly ContractRule[] =>
    element[name] === true ? [demand(at(place, name), name, why)] : [];
  const inner = { ...place, outside: place.outside ?? MEMBER };
  return [
    ...(logicalType === undefined ? [] : [demand(at(place, 'logicalType'), 'type', whyNotType(element))]),
    ...flag('required', isLeaf(element) ? undefined : whyNotType(element)),
    ...flag('unique', ONE_RECORD),
    ...flag('primaryKey', ONE_RECORD),
    ...Object.entries(logicalTypeOptions)
      .filter(([, value]) => value !== false)
      .map(([name]) => demand(at(place, 'logicalTypeOptions', name), name, whyNotOption(element, name))),
    ...quality.map((rule, index) => qualityDemand(rule, at(place, 'quality', index), { element, field }, faults)),
    ...relationships.map((_, index) => demand(at(place, 'relationships', index), 'relationship', ONE_RECORD)),
    ...properties.flatMap((member, index) =>
      elementDemands(member, at(inner, 'properties', index, `.${member.name}`), member.name, faults),
    ),
    ...(items ? elementDemands(items, at(inner, 'items', undefined, '[]'), field, faults) : []),
  ];
}

function qualityDemand(
  quality: QualityRule,
  place: Place,
  of: { readonly element: ContractElement; readonly field: string } | undefined,
  faults: RuleFault[],
): ContractRule {
  const { type = 'library', metric, rule, engine = '' } = quality;
  switch (type) {
    case 'text':
      return demand(place, 'text', 'it is written for people');
    case 'sql':
      return demand(place, 'sql', 'it is a query of the register’s database');
    case 'custom':
      if (!isForTereze(quality)) return demand(place, 'custom', `it is for the engine ${JSON.stringify(engine)}`);
      try {
        return demand(place, readCustomRule(quality, of?.field).name, undefined);
      } catch (error) {
        faults.push({ path: place.path, message: error instanceof Error ? error.message : 'is wrong' });
        return demand(place, 'custom', 'it is wrong');
      }
    case 'library': {
      const name = [metric, rule].find((one) => typeof one === 'string') ?? 'library';
      const read = of ? readLibraryRule(of.element, quality) : { notEvaluated: 'it counts a data set' };
      return demand(place, name as string, 'notEvaluated' in read ? read.notEvaluated : undefined);
    }
  }
}

function demand({ path, about, outside }: Place, rule: string, notEvaluated: string | undefined): ContractRule {
  return { about, rule, path, notEvaluated: outside ?? notEvaluated };
}

function at(place: Place, key: string, step?: string | number, about = ''): Place {
  return {
    ...place,
    path: [...place.path, key, ...(step === undefined ? [] : [step])],
    about: `${place.about}${about}`,
  };
}
