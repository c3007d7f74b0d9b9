/** The legacy schema of the property register: cryptic names, no foreign keys, dates as digits. */
export const LEGACY_SCHEMA = `
create table obj_zu (
  zu_id integer not null,
  kad_no varchar(20),
  pl numeric(12, 2),
  kat varchar(6),
  vl_iin char(12),
  dolya varchar(12),
  dt_reg char(8)
);
create table obj_ok (
  ok_id integer not null,
  kad_no varchar(20),
  tip char(1),
  pl numeric(12, 2),
  adr varchar(200),
  vl_iin char(12),
  dolya varchar(12),
  dt_reg char(8)
);
create table avto (
  avto_id integer not null,
  grnz varchar(10),
  marka varchar(40),
  model varchar(40),
  god smallint,
  vl_iin char(12),
  dt_reg char(8)
);
create index obj_zu_vl on obj_zu (vl_iin);
create index obj_ok_vl on obj_ok (vl_iin);
create index avto_vl on avto (vl_iin);
`;

/** The register's tables, in the order of {@link LEGACY_SCHEMA}. */
export const TABLES = ['obj_zu', 'obj_ok', 'avto'] as const;
