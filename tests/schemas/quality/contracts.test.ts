import { expect } from 'chai';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '../../../gateway/state/package-root.js';
import { declaredTypes } from '../../../schemas/catalogue/declared-types.js';
import { loadRegisters } from '../../../schemas/catalogue/register-schema.js';
import { loadQuality, type LoadedQuality } from '../../../schemas/quality/load-quality.js';
import { sharedContracts } from '../../shared-contracts.js';

const registers = join(packageRoot(), 'schemas', 'registers');
const names = readdirSync(registers);
const contractFile = (name: string): string => join(registers, name, 'contract.yaml');

describe('contracts', () => {
  let quality: LoadedQuality;
  before(async () => {
    quality = await loadQuality(registers, { factDate: () => '2026-03-02' }, sharedContracts);
  });

  const odcs = JSON.parse(
    readFileSync(join(packageRoot(), 'schemas', 'quality', 'standard', 'odcs-json-schema-v3.1.0.json'), 'utf8'),
  ) as object;
  const validate = new Ajv2019({ strict: false, allErrors: true, validateFormats: false, logger: false }).compile(odcs);

  for (const name of names) {
    it(`of ${name} is valid by the Open Data Contract Standard`, () => {
      const valid = validate(parse(readFileSync(contractFile(name), 'utf8')));
      expect(validate.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`) ?? []).to.deep.equal([]);
      expect(valid).to.equal(true);
    });

    it(`of ${name} speaks of fields that the register has`, () => {
      const types = declaredTypes(
        loadRegisters(registers).find((register) => register.name === name) ?? expect.fail('no such register'),
      );
      for (const object of quality.contracts.get(name)?.schema ?? []) {
        const fields = types.get(object.name)?.fields.map((field) => field.name.value) ?? [];
        expect(fields, object.name).to.include.members((object.properties ?? []).map((property) => property.name));
      }
    });

    it(`of ${name} accepts its own examples`, () => {
      for (const object of quality.contracts.get(name)?.schema ?? []) {
        for (const property of object.properties ?? []) {
          for (const example of property.examples ?? []) {
            expect(
              quality.prepare(name, object.name, [property.name])?.check({ [property.name]: example }).verdict,
              property.name,
            ).to.equal('pass');
          }
        }
      }
    });
  }
});
