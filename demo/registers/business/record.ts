import type { BusinessRecord, RegisteredOrganisation } from '../../country/model.js';

interface OrganisationRecord {
  readonly bin: string;
  readonly name: string;
  readonly status: string;
  readonly registered_on: string;
}

/** A person as the register of business sends them. */
export interface PersonInBusiness {
  readonly iin: string;
  readonly directorships: readonly {
    readonly organisation: OrganisationRecord;
    readonly role: string;
    readonly since: string;
    readonly until: string | null;
  }[];
  readonly ownerships: readonly {
    readonly organisation: OrganisationRecord;
    readonly share: string;
    readonly since: string;
  }[];
}

export function personInBusiness({ iin, directorships, ownerships }: BusinessRecord): PersonInBusiness {
  return {
    iin,
    directorships: directorships.map(({ organisation, role, since, until }) => ({
      organisation: organisationRecord(organisation),
      role,
      since,
      until,
    })),
    ownerships: ownerships.map(({ organisation, share, since }) => ({
      organisation: organisationRecord(organisation),
      share,
      since,
    })),
  };
}

function organisationRecord({ bin, name, status, registeredOn }: RegisteredOrganisation): OrganisationRecord {
  return { bin, name, status, registered_on: registeredOn };
}
