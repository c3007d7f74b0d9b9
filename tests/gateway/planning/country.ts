/**
 * Two registers that need each other, as text: taxes require what the people's register holds, over
 * one hop and over two; things are of abstract types.
 */
export const PEOPLE = `
scalar Iin
scalar PersonHandle
type Query {
  person(iin: Iin! @subjectArgument): Person @category(name: "people.number")
  behind(handle: PersonHandle! @subjectArgument): Person @category(name: "people.number")
  regions: [String] @listSize(assumedSize: 100) @category(name: "people.regions", sensitivity: OPEN)
}
type Person @key(fields: "iin") @subject(field: "iin") @category(name: "people.identity") {
  iin: Iin! @category(name: "people.number")
  name: String
  born: Int @category(name: "people.birth")
  age: Int @derived(from: ["born"], by: "age") @category(name: "people.derived")
  address(format: String): Address @category(name: "people.address")
  things: [Thing] @listSize(assumedSize: 100) @category(name: "people.things")
  rights: [Right] @listSize(assumedSize: 100) @category(name: "people.things")
  spouse: Person @subject(field: "iin", role: "spouse") @category(name: "people.family")
  children: [Person!] @listSize(assumedSize: 100) @subject(field: "iin", role: "child") @category(name: "people.family")
}
type Address @category(name: "people.address") { code: String city: String }
union Thing = Car | Boat
interface Right { share: String @category(name: "people.shares") }
type Car implements Right @key(fields: "label") @category(name: "people.cars") { share: String label: String! plate: String }
type Boat implements Right @category(name: "people.boats") { share: String @category(name: "people.boat_shares") label: String }
`;

export const TAXES = `
scalar Iin
type Person @key(fields: "iin") @subject(field: "iin") @category(name: "taxes.income") {
  iin: Iin! @category(name: "people.number")
  born: Int @external @category(name: "people.birth")
  address(format: String): Address @external @category(name: "people.address")
  benefit: String @external @category(name: "benefits.level")
  rate(year: Int): Int
  class: String @requires(fields: "born") @category(name: "taxes.class")
  office: String @requires(fields: "address(format: \\"code\\") { code }") @category(name: "taxes.office")
  relief: String @requires(fields: "benefit") @category(name: "taxes.relief")
}
type Address @category(name: "people.address") { code: String @external }
"Here nullable: what the public sees of a car’s label is, and the planner must ask the people’s register under two names."
type Car @key(fields: "label") @category(name: "people.cars") { label: String taxed: Int }
`;

export const BENEFITS = `
scalar Iin
type Person @key(fields: "iin") @subject(field: "iin") {
  iin: Iin! @category(name: "people.number")
  born: Int @external @category(name: "people.birth")
  benefit: String @requires(fields: "born") @category(name: "benefits.level")
}
`;

export const COUNTRY = { people: PEOPLE, taxes: TAXES, benefits: BENEFITS };

/** A question about one person. */
export const person = (body: string, more = ''): string =>
  `query Q($iin: Iin!${more}) { person(iin: $iin) { ${body} } }`;
