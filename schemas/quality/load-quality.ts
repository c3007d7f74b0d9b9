import { LRUCache } from 'lru-cache';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../ports/clock.js';
import { mapAll } from '../problems.js';
import type { Quality, RecordCheck } from '../ports/quality.js';
import { ContractInvalid, readContract, type Contract } from './contract-file.js';
import { objectRules, type ObjectRules } from './object-rules.js';
import { compileCheck, createContractAjv } from './record-check.js';

const MAX_CHECKS = 2_000;

interface RegisterContract {
  readonly version: string;
  readonly types: ReadonlyMap<string, ObjectRules>;
}

/**
 * Loads `<folder>/<register>/contract.yaml` of every register. Each check is compiled once for a register,
 * type and set of fields. The number of kept checks is limited, because a caller that writes its own
 * questions can ask for new sets without end. Throws `ContractInvalid`.
 */
export function loadQuality(folder: string, clock: Pick<Clock, 'factDate'>): Quality {
  const contracts = new Map(
    mapAll(
      registersIn(folder),
      (register) => [register, loadContract(join(folder, register, 'contract.yaml'))] as const,
    ),
  );
  const ajv = createContractAjv();
  const compiled = new LRUCache<string, RecordCheck>({ max: MAX_CHECKS });
  const context = (): { factDate: string } => ({ factDate: clock.factDate() });
  return {
    contractVersion: (register) => contracts.get(register)?.version ?? 'none',
    prepare: (register, type, fields) => {
      const rules = contracts.get(register)?.types.get(type);
      if (rules === undefined) return undefined;
      const key = [register, type, ...[...new Set(fields)].sort()].join(' ');
      const known = compiled.get(key) ?? compileCheck(ajv, rules, [...new Set(fields)], context);
      compiled.set(key, known);
      return known;
    },
  };
}

function registersIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'contract.yaml')));
}

function loadContract(file: string): RegisterContract {
  const contract = readContract(file);
  return {
    version: contract.version,
    types: new Map(contract.schema.map((object) => [object.name, rulesOf(file, contract, object)])),
  };
}

function rulesOf(file: string, contract: Contract, object: Contract['schema'][number]): ObjectRules {
  try {
    return objectRules(contract, object);
  } catch (cause) {
    throw new ContractInvalid(
      file,
      `${object.name}: ${cause instanceof Error ? cause.message : 'cannot be compiled'}`,
      { cause },
    );
  }
}
