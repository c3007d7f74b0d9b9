import { expect } from 'chai';
import { composeCatalogue } from '../../schemas/catalogue/compose.js';
import { parseRegister } from '../../schemas/catalogue/register-schema.js';
import { ALONE, schemaOf } from './register-of-document.js';
import { describeWsdl, NAMES, OPERATIONS } from './wsdl-registers.js';

describe('registers from published WSDL', () => {
  for (const document of NAMES)
    it(`compose each of ${document} once categories are written`, async () => {
      for (const operation of Object.keys(OPERATIONS[document])) {
        const described = await describeWsdl(document, operation, ALONE);
        expect(described.files?.['schema.graphql']).to.include('"CATEGORY');
        composeCatalogue([parseRegister('one', schemaOf(described))]);
      }
    });
});
