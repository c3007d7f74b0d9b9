import { isImperative, isOfKind, JOINING, plainWord } from './words.js';

/** What a name says of an operation: that it reads, that it changes data, or neither. */
export type NamedEffect =
  | { readonly effect: 'changes'; readonly word: string }
  /** `isCertain`: a verb that reads comes first. Else a noun of what is answered is all there is. */
  | { readonly effect: 'reads'; readonly word: string; readonly isCertain: boolean }
  | { readonly effect: 'unclear' };

/**
 * Reads the name of an operation. Names are no proof: what a name does not say is
 * `unclear`, and only a steward can say that it reads.
 */
export function effectOfName(name: string): NamedEffect {
  const words = wordsOf(name);
  const [first] = words;
  if (first === undefined) return { effect: 'unclear' };
  if (isOfKind(first, 'reading')) {
    const joined = words.find(
      (word, index) => JOINING.has(words[index - 1] ?? '') && (isChanging(word) || isOfKind(word, 'changing_first')),
    );
    return joined === undefined
      ? { effect: 'reads', word: first, isCertain: true }
      : { effect: 'changes', word: joined };
  }
  const changing = isOfKind(first, 'changing_first') ? first : words.find(isChanging);
  if (changing !== undefined) return { effect: 'changes', word: changing };
  const reading = words.find((word) => isOfKind(word, 'reading') || isOfKind(word, 'answered'));
  return reading === undefined ? { effect: 'unclear' } : { effect: 'reads', word: reading, isCertain: false };
}

/**
 * Returns the English verb of a name that is a command, like `deletePerson`; undefined for any other. Of questions that
 * only read by their language (GET, a field of `Query`) no other name is doubted: a noun alone is what they answer.
 */
export function commandOf(name: string): string | undefined {
  const [first = '', ...object] = wordsOf(name);
  return isImperative(first) && object.length > 0 ? first : undefined;
}

/** Words before the verb of a description: "This service returns ...", "Used to get ...". */
const BEFORE_VERB: ReadonlySet<string> = new Set(
  'this the a an service operation method endpoint api call function web allows allow lets used use is be can to user users you it client clients'.split(
    ' ',
  ),
);

/** Reads the first verb of a description. English verbs may be in the third person. Nouns say nothing. */
export function effectOfSentence(description: string): NamedEffect {
  const [sentence = ''] = description.split(/[.;:\n]/, 1);
  const words = wordsOf(sentence);
  const [verb = '', ...after] = words.slice(words.findIndex((word) => !BEFORE_VERB.has(word)));
  const rest = after.map((word, index) => (JOINING.has(after[index - 1] ?? '') ? word.replace(/s$/, '') : word));
  const base = [verb, verb.replace(/s$/, ''), verb.replace(/es$/, '')];
  if (base.includes('return')) return effectOfName(['get', ...rest].join(' '));
  const known = base.find((one) => isOfKind(one, 'reading') || isChanging(one) || isOfKind(one, 'changing_first'));
  return known === undefined ? { effect: 'unclear' } : effectOfName([known, ...rest].join(' '));
}

function isChanging(word: string): boolean {
  return isOfKind(word, 'changing');
}

/** The words of a name in camel case, or with signs between words: in small letters, without marks. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')
    .map(plainWord);
}
