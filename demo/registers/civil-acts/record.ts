import type { Act, CivilRecord } from '../../country/model.js';

interface ActRecord {
  readonly act_number: string | null;
  readonly registered_on: string;
  readonly office: string;
}

/** A person's acts as the register sends them. */
export interface ActsRecord {
  readonly iin: string;
  readonly family: {
    readonly spouse_iin: string | null;
    readonly children_iins: readonly string[];
    readonly parents_iins: readonly string[];
  };
  readonly birth: (ActRecord & { readonly born_on: string; readonly surname: string | null }) | null;
  readonly marriage: ActRecord | null;
  readonly death: (ActRecord & { readonly died_on: string }) | null;
  readonly custody: readonly { readonly kind: string; readonly guardian_iin: string }[];
  readonly adoption: ActRecord | null;
}

export function actsRecord({
  iin,
  spouseIin,
  childrenIins,
  parentsIins,
  birth,
  marriage,
  death,
  custody,
  adoption,
}: CivilRecord): ActsRecord {
  return {
    iin,
    family: { spouse_iin: spouseIin, children_iins: childrenIins, parents_iins: parentsIins },
    birth: birth && { ...actRecord(birth), born_on: birth.bornOn, surname: birth.surname },
    marriage: marriage && actRecord(marriage),
    death: death && { ...actRecord(death), died_on: death.diedOn },
    custody: custody.map(({ kind, guardianIin }) => ({ kind, guardian_iin: guardianIin })),
    adoption: adoption && actRecord(adoption),
  };
}

function actRecord({ number, registeredOn, office }: Act): ActRecord {
  return { act_number: number, registered_on: registeredOn, office };
}
