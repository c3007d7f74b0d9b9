import { commandOf, effectOfName, effectOfSentence, type NamedEffect } from './effect-of-name.js';

/** What a document says of an operation, as far as it tells whether it reads. */
export interface NamedOperation {
  /** Its name, and other names that say what it does, like the last part of its address. */
  readonly names: readonly string[];
  /** What the document says of it in words. */
  readonly description: string | undefined;
  /** What a steward writes after `--reads`. */
  readonly option: string;
}

/** Whether an operation may be connected. */
export interface ReadingJudgement {
  /** Why it is refused; undefined if it is not. */
  readonly refused?: string;
  /** On what it is taken to read, where that is weak; undefined where it is plain. */
  readonly said?: string;
}

/**
 * Judges by name and description whether an operation only reads, where nothing else in its document tells. What is not
 * known to read is refused until a steward says that it does.
 */
export function judgeReading({ names, description, option }: NamedOperation): ReadingJudgement {
  const effects = names.map(effectOfName);
  const changing = effects.find(({ effect }) => effect === 'changes');
  if (changing?.effect === 'changes') return changes(`its name ("${changing.word}")`, option);
  const isCertain = (one: NamedEffect): boolean => one.effect === 'reads' && one.isCertain;
  if (effects.some(isCertain)) return {};
  const told = effectOfSentence(description ?? '');
  if (told.effect === 'changes') return changes(`its description ("${told.word}")`, option);
  if (isCertain(told)) return {};
  const weak = effects.find(({ effect }) => effect === 'reads');
  if (weak?.effect === 'reads')
    return {
      said: `is taken to only read, because of "${weak.word}" in its name: do not connect it if it changes anything`,
    };
  return {
    refused: `neither its name nor its description says that it only reads: ask the register, then say so with --reads ${option}`,
  };
}

/** Judges an operation that only reads by its language: it is refused where its name is a command all the same. */
export function judgeCommand(name: string, option: string): ReadingJudgement {
  const verb = commandOf(name);
  return verb === undefined ? {} : changes(`its name ("${verb}")`, option);
}

function changes(by: string, option: string): ReadingJudgement {
  return {
    refused: `it changes data, by ${by}: Tereze only reads. If it only reads, say so with --reads ${option}`,
  };
}
