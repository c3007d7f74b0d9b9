import { generateCountry } from '../../../demo/country/country.js';
import { HOUSING_FAMILY, UNKNOWN_NUMBER } from '../../../demo/country/people.js';
import { populationRegister } from '../../../demo/registers/population/register.js';
import { served } from '../../demo/registers/served.js';
import { describeAdapter } from '../../ports/adapter.js';
import { entities, leaf, object } from '../selections.js';
import { ACCESS, adapterTo } from './population.js';

const { husband, wife } = HOUSING_FAMILY;

describeAdapter(
  'the SOAP adapter',
  () => {
    const { persons } = generateCountry();
    const nameOf = (iin: string): string | undefined => persons.find((person) => person.iin === iin)?.lastName;
    return {
      narrow: entities('Citizen', [leaf('lastName')]),
      other: entities('Citizen', [leaf('iin'), object('spouse', 'Citizen', [leaf('iin')])]),
      persons: [husband.iin, wife.iin],
      unknown: UNKNOWN_NUMBER,
      narrowOf: (iin) => (iin === UNKNOWN_NUMBER ? null : { lastName: nameOf(iin) }),
      otherOf: (iin) => ({ iin, spouse: { iin: iin === wife.iin ? husband.iin : wife.iin } }),
      callsFor: { oneGroup: 1, twoGroups: 1 },
    };
  },
  async () => {
    const register = await served((meter) => populationRegister(generateCountry().persons, ACCESS, meter));
    const [adapter, tight] = [
      adapterTo(register.url),
      adapterTo(register.url, { maxResponseBytes: 100, seed: 'tight' }),
    ];
    return {
      adapter,
      tight,
      fault: (mode) => void (register.fault.mode = mode),
      calls: () => register.meter.stats().calls,
      close: async () => {
        await Promise.all([adapter.close(), tight.close(), register.listener.close()]);
      },
    };
  },
);
