import type { BuildingRight, LandRight, Property, Vehicle } from '../../country/model.js';

/** Rows as the legacy register keeps them. */
export function legacyRows({
  lands,
  buildings,
  vehicles,
}: Property): Readonly<Record<'obj_zu' | 'obj_ok' | 'avto', readonly object[]>> {
  return { obj_zu: lands.map(landRow), obj_ok: buildings.map(buildingRow), avto: vehicles.map(vehicleRow) };
}

function landRow(land: LandRight): object {
  const { id: zu_id, cadastralNumber: kad_no, area: pl, use: kat, owner: vl_iin, share: dolya } = land;
  return { zu_id, kad_no, pl, kat, vl_iin, dolya, dt_reg: digits(land.registeredOn) };
}

function buildingRow(building: BuildingRight): object {
  const {
    id: ok_id,
    cadastralNumber: kad_no,
    kind: tip,
    area: pl,
    address: adr,
    owner: vl_iin,
    share: dolya,
  } = building;
  return { ok_id, kad_no, tip, pl, adr, vl_iin, dolya, dt_reg: digits(building.registeredOn) };
}

function vehicleRow(vehicle: Vehicle): object {
  const { id: avto_id, plate: grnz, make: marka, model, year: god, owner: vl_iin } = vehicle;
  return { avto_id, grnz, marka, model, god, vl_iin, dt_reg: digits(vehicle.registeredOn) };
}

/** 2020-01-31 is 20200131. */
function digits(date: string): string {
  return date.replaceAll('-', '');
}
