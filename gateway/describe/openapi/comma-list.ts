import type { Said, Shape } from '../description.js';
import { isSameName } from '../write/plan.js';
import { fieldName } from '../write/names.js';
import type { Payload } from './envelope.js';
import type { ShapedParameter } from './parameters.js';

/** "Comma-separated" in the languages of published documents. */
const BY_COMMA =
  /comma[\s-]?(separated|delimited)|separated by commas|komma[\s-]?(separer|separat|gescheiden|getrennt)|durch komma|par des virgules|por comas|por v[ií]rgulas?|da virgol|przecink|через запятую|через кому|үтір/iu;

/**
 * Returns what a steward can write where the document says in words that a parameter takes several keys of the records,
 * separated by commas. It is not written: the operation stays the list that it is, with its other parameters.
 */
export function commaListsSaid(shaped: readonly ShapedParameter[], payload: Payload | undefined): readonly Said[] {
  const members = payload?.shape.kind === 'list' ? textMembersOf(payload.shape.of) : [];
  return shaped.flatMap(({ parameter: { name, in: where, description = '', place }, shape }) => {
    const member = members.find((one) => isSameName(one, name));
    if (where !== 'query' || shape.kind !== 'leaf' || member === undefined || !BY_COMMA.test(description)) return [];
    const field = fieldName(member);
    const query = `query: { ${JSON.stringify(name)}: { joined: "{${field}[]}" } }`;
    const batch = `batch: { max: NUMBER, answer: unordered, key: [${JSON.stringify(member)}], absent: omitted }`;
    return [
      {
        place,
        message: `${name} takes several keys in one request. To read many records at once, write a second operation with ${query} and ${batch}, without page, and name it as batch of the type`,
      },
    ];
  });
}

function textMembersOf(shape: Shape): readonly string[] {
  return shape.kind === 'object'
    ? shape.members.filter((member) => member.shape.kind === 'leaf').map(({ name }) => name)
    : [];
}
