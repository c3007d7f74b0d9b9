import type { NumberedRestriction } from '../../../schemas/ports/restrictions.js';
import { AnchorTexts, type Held } from './anchor-texts.js';
import { mergeHeads, type Head } from './head.js';
import { segmentsBetween, unionOf } from './journal.js';
import { faultOf, type Place, type PlaceFault } from './place.js';
import type { Signer } from './signed.js';

/** What one place holds, for a person who decides about the state. */
export type SurveyedPlace = { readonly name: string; readonly texts: AnchorTexts } & (
  | { readonly head: Head | undefined; readonly fault: undefined }
  | { readonly head: undefined; readonly fault: PlaceFault }
);

/** Reads the heads of all places, within the limit of each. Never rejects. */
export function survey(places: readonly Place[], signer: Signer): Promise<readonly SurveyedPlace[]> {
  return Promise.all(
    places.map(async (place): Promise<SurveyedPlace> => {
      const texts = new AnchorTexts(place, signer);
      const read = await texts.readHead().catch(faultOf);
      return typeof read === 'string'
        ? { name: place.name, texts, head: undefined, fault: read }
        : { name: place.name, texts, head: headOf(read), fault: undefined };
    }),
  );
}

const headOf = ({ value, version }: Held<Head>): Head | undefined => (version === undefined ? undefined : value);

/** Returns what the heads of all places say together, or undefined if none has a head. */
export function newestOf(places: readonly SurveyedPlace[]): Head | undefined {
  return places.reduce<Head | undefined>(
    (newest, { head }) => (head === undefined ? newest : newest === undefined ? head : mergeHeads(newest, head)),
    undefined,
  );
}

/** Reads the journals of the places that have a head, and returns each restriction once. Rejects with `PlaceFailure`. */
export async function readJournals(places: readonly SurveyedPlace[]): Promise<readonly NumberedRestriction[]> {
  const journals = await Promise.all(
    places.map(async ({ head, texts }) => {
      if (head === undefined) return [];
      const found: NumberedRestriction[] = [];
      // One after the other: a place takes one call at a time.
      for (const segment of segmentsBetween(head.journalFrom, head.restrictions))
        found.push(...(await texts.readSegment(segment)).value.restrictions);
      return found;
    }),
  );
  return unionOf(journals.flat());
}
