import { LRUCache } from 'lru-cache';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../ports/clock.js';
import { mapAll } from '../problems.js';
import type { Quality, RecordCheck } from '../ports/quality.js';
import {
  ContractInvalid,
  createContractReader,
  type ContractFile,
  type ContractReader,
} from './contracts/read-contracts.js';
import { objectRules, type ObjectRules } from './object-rules.js';
import { compileCheck, createContractAjv } from './record-check.js';

const MAX_CHECKS = 2_000;

interface RegisterContract {
  readonly contract: ContractFile;
  readonly types: ReadonlyMap<string, ObjectRules>;
}

/** The contracts of all registers, compiled, with what each of them demands. */
export interface LoadedQuality extends Quality {
  /** By register. */
  readonly contracts: ReadonlyMap<string, ContractFile>;
}

/**
 * Loads `<folder>/<register>/contract.yaml` of every register; `reader` says how they are read. Each check is
 * compiled once for a register, type and set of fields. The number of kept checks is limited, because a caller that
 * writes its own questions can ask for new sets without end. Rejects with `ContractInvalid`, or with `SeveralProblems`.
 */
export async function loadQuality(
  folder: string,
  clock: Pick<Clock, 'factDate'>,
  reader: ContractReader = createContractReader(),
): Promise<LoadedQuality> {
  const registers = registersIn(folder);
  const read = await reader.read(registers.map((register) => join(folder, register, 'contract.yaml')));
  const contracts = new Map(
    mapAll(read, compiled).map((contract, index) => [registers[index] ?? '', contract] as const),
  );
  const ajv = createContractAjv();
  const checks = new LRUCache<string, RecordCheck>({ max: MAX_CHECKS });
  const context = (): { factDate: string } => ({ factDate: clock.factDate() });
  return {
    contracts: new Map([...contracts].map(([register, { contract }]) => [register, contract])),
    contractVersion: (register) => contracts.get(register)?.contract.version ?? 'none',
    prepare: (register, type, fields) => {
      const rules = contracts.get(register)?.types.get(type);
      if (rules === undefined) return undefined;
      const key = [register, type, ...[...new Set(fields)].sort()].join(' ');
      const known = checks.get(key) ?? compileCheck(ajv, rules, [...new Set(fields)], context);
      checks.set(key, known);
      return known;
    },
  };
}

function registersIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'contract.yaml')));
}

function compiled(read: ContractFile | ContractInvalid): RegisterContract {
  if (read instanceof ContractInvalid) throw read;
  const types = new Map<string, ObjectRules>();
  try {
    for (const object of read.schema ?? [])
      if (!types.has(object.name)) types.set(object.name, objectRules(read, object));
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : 'is wrong';
    throw new ContractInvalid(read.file, [{ line: 1, column: 1, message }], { cause });
  }
  return { contract: read, types };
}
