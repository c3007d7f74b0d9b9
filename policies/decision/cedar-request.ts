import type { EntityJson, StatefulAuthorizationCall, TypeAndId } from './cedar.js';
import type { Caller, Sensitivity } from '../../schemas/vocabulary.js';
import type { PolicyQuestion } from './port.js';

/** A request to Cedar, without the names of the loaded set. */
export type CedarRequest = Pick<
  StatefulAuthorizationCall,
  'principal' | 'action' | 'resource' | 'context' | 'entities'
>;

/** Why a question cannot become a request. */
export type Unaskable = 'request:unknown_category' | 'request:no_agency' | 'request:no_receiver';

/** The part of the catalogue that policies see. */
export type CategorySensitivities = ReadonlyMap<string, { readonly sensitivity: Sensitivity }>;

/**
 * Returns a question as a Cedar request, with an entity for the principal and one for the resource.
 * Without the entities, every `forbid` that reads an attribute would fail and be skipped. The request
 * never holds a person's number.
 */
export function cedarRequest(question: PolicyQuestion, categories: CategorySensitivities): CedarRequest | Unaskable {
  const category = categories.get(question.category);
  if (category === undefined) return 'request:unknown_category';
  const principal = principalOf(question.caller);
  if (principal === undefined) return 'request:no_agency';
  if (question.action === 'issue_handle' && question.receiver === undefined) return 'request:no_receiver';
  const resource = categoryEntity(question.category, category.sensitivity);
  return {
    principal: uid(principal),
    action: { type: 'Action', id: question.action },
    resource: uid(resource),
    context: contextOf(question),
    entities: [principal, resource],
  };
}

function contextOf(question: PolicyQuestion): CedarRequest['context'] {
  return {
    purpose: reference('Purpose', question.purpose),
    basis: reference('Basis', question.basis),
    nexus: reference('Nexus', question.nexus),
    age: reference('Age', question.age),
    ownCase: question.ownCase,
    assurance: reference('Assurance', question.caller.assurance),
    ...(question.receiver === undefined ? {} : { receiver: reference('System', question.receiver) }),
  };
}

function principalOf(caller: Caller): EntityJson | undefined {
  if (caller.kind === 'citizen') return { uid: { type: 'Citizen', id: caller.system }, attrs: {}, parents: [] };
  if (caller.agency === undefined) return undefined;
  return {
    uid: { type: 'System', id: caller.system },
    attrs: { agency: reference('Agency', caller.agency.id), kind: reference('CallerKind', caller.kind) },
    parents: [],
  };
}

function categoryEntity(name: string, sensitivity: Sensitivity): EntityJson {
  const register = name.slice(0, name.indexOf('.'));
  return {
    uid: { type: 'Category', id: name },
    attrs: { register: reference('Register', register), sensitivity: reference('Sensitivity', sensitivity) },
    parents: [],
  };
}

const reference = (type: string, id: string): { __entity: TypeAndId } => ({ __entity: { type, id } });
const uid = (entity: EntityJson): CedarRequest['principal'] => entity.uid;
