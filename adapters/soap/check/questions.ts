import type { DocumentPath } from '../../../schemas/bounded-yaml.js';
import { placedTexts, usesOf, type AskedPlaceholder, type Questions } from '../../mapping/check/questions.js';
import { CONTEXT_PLACEHOLDERS } from './check-source.js';
import type { SoapSource } from '../source/source.js';
import { parsePieces } from '../template/placeholders.js';

type Mapping = Partial<Pick<SoapSource, 'types' | 'roots' | 'constants' | 'shep'>>;

/**
 * Returns what the operations of a mapping ask for. An element of which no placeholder has a value is left out, so that no
 * value is needed.
 */
export function questionsOfSoap(
  operations: NonNullable<SoapSource['operations']>,
  { types = {}, roots = {}, constants = {}, shep }: Mapping,
): Questions {
  const { properties, session_id: sessionId } = shep ?? {};
  const ofEach = askedIn({ properties, session_id: sessionId }, ['shep']);
  return {
    operations: new Map(
      Object.entries(operations).map(([name, { request, batch }]) => [
        name,
        {
          at: ['operations', name],
          isBatch: batch !== undefined,
          placeholders: [...askedIn(request, ['operations', name, 'request']), ...ofEach],
        },
      ]),
    ),
    uses: usesOf(types, roots),
    sources: [...CONTEXT_PLACEHOLDERS, ...Object.keys(constants).map((name) => `constant.${name}`)],
  };
}

function askedIn(template: unknown, around: DocumentPath): readonly AskedPlaceholder[] {
  return placedTexts(template, around).flatMap(({ text, at }) =>
    piecesOf(text).flatMap((piece) => (typeof piece === 'string' ? [] : [{ ...piece, at, isNeeded: false }])),
  );
}

/** None of a text that is no template, which is a fault of its own. */
function piecesOf(text: string): ReturnType<typeof parsePieces> {
  try {
    return parsePieces(text);
  } catch {
    return [];
  }
}
