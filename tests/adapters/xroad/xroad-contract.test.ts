import { generateCountry } from '../../../demo/country/country.js';
import { UNKNOWN_NUMBER, OFFICIAL, HOUSING_FAMILY } from '../../../demo/country/people.js';
import { businessRegister } from '../../../demo/registers/business/register.js';
import { served } from '../../demo/registers/served.js';
import { describeAdapter } from '../../ports/adapter.js';
import { entities, leaf, list } from '../selections.js';
import { adapterTo } from './business.js';

const { wife } = HOUSING_FAMILY;

describeAdapter(
  'the X-Road adapter',
  () => ({
    narrow: entities('Citizen', [leaf('iin')]),
    other: entities('Citizen', [list('ownerships', 'Ownership', [leaf('share')])]),
    persons: [OFFICIAL.iin, wife.iin],
    unknown: UNKNOWN_NUMBER,
    narrowOf: (iin) => (iin === UNKNOWN_NUMBER ? null : { iin }),
    otherOf: (iin) => ({ ownerships: iin === OFFICIAL.iin ? [{ share: '1/2' }] : [] }),
    callsFor: { oneGroup: 1, twoGroups: 1 },
  }),
  async () => {
    const register = await served((meter) => businessRegister(generateCountry().business, meter));
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
