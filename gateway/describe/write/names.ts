import { RESERVED_PREFIXES } from '../../../schemas/catalogue/lint/reserved-names.js';

/** Letters that Unicode does not take apart into a letter of ASCII and a mark. */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ æ: 'ae', œ: 'oe', ø: 'o', ß: 'ss', ð: 'd', þ: 'th', đ: 'd', ħ: 'h', ı: 'i', ł: 'l', ŋ: 'ng', ŧ: 't' },
  ...{ а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ж: 'zh', з: 'z', и: 'i', к: 'k', л: 'l', м: 'm', н: 'n' },
  ...{ о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'shch' },
  ...{ ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya', ґ: 'g', є: 'ye', і: 'i', ј: 'j', љ: 'lj', њ: 'nj', ћ: 'c' },
  ...{ ђ: 'dj', џ: 'dz', ә: 'a', ғ: 'gh', қ: 'q', ң: 'ng', ө: 'o', ұ: 'u', ү: 'u', һ: 'h' },
  ...{ α: 'a', β: 'v', γ: 'g', δ: 'd', ε: 'e', ζ: 'z', η: 'i', θ: 'th', ι: 'i', κ: 'k', λ: 'l', μ: 'm', ν: 'n' },
  ...{ ξ: 'x', ο: 'o', π: 'p', ρ: 'r', σ: 's', ς: 's', τ: 't', υ: 'y', φ: 'f', χ: 'ch', ψ: 'ps', ω: 'o' },
  ...{ ა: 'a', ბ: 'b', გ: 'g', დ: 'd', ე: 'e', ვ: 'v', ზ: 'z', თ: 't', ი: 'i', კ: 'k', ლ: 'l', მ: 'm', ნ: 'n' },
  ...{ ო: 'o', პ: 'p', ჟ: 'zh', რ: 'r', ს: 's', ტ: 't', უ: 'u', ფ: 'p', ქ: 'k', ღ: 'gh', ყ: 'q', შ: 'sh' },
  ...{ ჩ: 'ch', ც: 'ts', ძ: 'dz', წ: 'ts', ჭ: 'ch', ხ: 'kh', ჯ: 'j', ჰ: 'h' },
};

/** Scalars, root types and names that Apollo Federation keeps for itself. */
const RESERVED_TYPES: readonly string[] = [
  ...['Query', 'Mutation', 'Subscription', 'Entity', 'Service', 'Any', 'FieldSet'],
  ...['Int', 'Float', 'String', 'Boolean', 'ID', 'Decimal', 'BigInt', 'LocalDate', 'Instant', 'Iin', 'PersonHandle'],
];

/**
 * Returns the name as GraphQL can write it: a name that it can write is itself, unless Tereze keeps it. Other letters are
 * written with those of ASCII, `amount.total` as `amountTotal`. A letter of a script without a table becomes its code.
 */
export function fieldName(name: string): string {
  if (/^[A-Za-z][A-Za-z0-9_]*$/.test(name) || isPlainUnderscored(name)) return name;
  const joined = words(name)
    .map((word, index) => (index === 0 ? word : capital(word)))
    .join('');
  if (joined === '') return 'field';
  return /^[0-9]/.test(joined) ? `n${joined}` : lowerFirst(joined);
}

/** Returns the name of a type: as {@link fieldName}, with a capital. */
export function typeName(name: string): string {
  const joined = words(name).map(capital).join('').replace(/^_+/, '');
  if (joined === '') return 'Record';
  return /^[0-9]/.test(joined) ? `T${joined}` : joined;
}

/** Hands out names that no two share. */
export class NameSet {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  /** Returns the name, or with the first number from 2 that makes it a new one. */
  take(name: string): string {
    let free = name;
    for (let number = 2; this.#taken.has(free); number += 1) free = `${name}${number}`;
    this.#taken.add(free);
    return free;
  }
}

/** Names of types of one register: none that GraphQL or Tereze keeps, and none that another register has. */
export function typeNames(others: Iterable<string>): NameSet {
  return new NameSet([...RESERVED_TYPES, ...others]);
}

function isPlainUnderscored(name: string): boolean {
  return (
    /^_[A-Za-z][A-Za-z0-9_]*$/.test(name) &&
    !RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix)) &&
    name.length > 2
  );
}

function words(name: string): readonly string[] {
  return [...name.normalize('NFKD')]
    .map(latin)
    .join('')
    .split(/[^A-Za-z0-9_]+|^_+/)
    .filter((word) => word !== '')
    .map((word) => (/^[A-Z]{2,}[0-9]*$/.test(word) ? word.toLowerCase() : word));
}

function latin(character: string): string {
  if (/[\x20-\x7e]/.test(character)) return character;
  // A mark of the letter before it.
  if (/\p{M}/u.test(character)) return '';
  const lower = character.toLowerCase();
  const written = LETTERS[lower];
  if (written !== undefined) return lower === character ? written : capital(written);
  return /[\p{L}\p{N}]/u.test(character) ? `u${character.codePointAt(0)?.toString(16) ?? ''}` : ' ';
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function lowerFirst(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1);
}
