import { ageOn, dateBetween, daysAfter, earlier, FACT_DATE, later, yearsAfter } from './calendar.js';
import type { Culture, Person } from './model.js';
import { drawGivenName, drawSurname } from './names.js';
import type { PopulationBuilder } from './population-builder.js';
import type { SeededRandom } from './random.js';

/** People who live together. */
export interface Household {
  readonly members: readonly Person[];
  /** Since when the household has its present dwelling. */
  readonly since: string;
}

interface Couple {
  readonly husband: Person;
  readonly wife: Person;
  readonly surname: string;
  readonly culture: Culture;
}

/** Three generations: a founding couple, its children with their wives and husbands, and their children. */
export function foundClan(builder: PopulationBuilder, random: SeededRandom): Household[] {
  const founders = foundingCouple(builder, random);
  const atHome: Person[] = [];
  const households: Household[] = [];
  for (const child of childrenOf(builder, random, founders, random.integer(1, 4))) {
    const marries = ageOn(child.birthDate, FACT_DATE) >= 22 && builder.room > 0 && random.chance(0.75);
    if (!marries) {
      atHome.push(child);
      continue;
    }
    const couple = wedding(builder, random, child, founders);
    const family = [
      couple.husband,
      couple.wife,
      ...childrenOf(builder, random, couple, random.pick([0, 1, 2, 2, 3, 3, 4, 5])),
    ];
    if (random.chance(0.2)) atHome.push(...family);
    else households.push(...settle(builder, random, couple, family));
  }
  passAway(builder, random, founders);
  households.push({
    members: [founders.husband, founders.wife, ...atHome],
    since: dateBetween(random, '2001-05-01', '2010-12-31'),
  });
  return households;
}

/** One grown person whose family is not in the register. */
export function livesAlone(builder: PopulationBuilder, random: SeededRandom): Household {
  const culture = 'kazakh';
  const birthDate = dateBetween(random, '1970-01-01', '2000-12-31');
  const member = builder.born({
    birthDate,
    sex: 'M',
    culture,
    surname: drawSurname(random, culture),
    fatherName: drawGivenName(random, culture, 'M'),
  });
  return { members: [member], since: yearsAfter(birthDate, 22) };
}

function foundingCouple(builder: PopulationBuilder, random: SeededRandom): Couple {
  const culture: Culture = random.chance(0.7) ? 'kazakh' : 'russian';
  const surname = drawSurname(random, culture);
  const birthDate = dateBetween(random, '1944-01-01', '1971-12-31');
  const stranger = { culture, birthDate, fatherName: drawGivenName(random, culture, 'M') };
  const husband = builder.born({ ...stranger, sex: 'M', surname });
  const wife = builder.born({
    ...stranger,
    sex: 'F',
    surname: drawSurname(random, culture),
    birthDate: around(random, birthDate),
    fatherName: drawGivenName(random, culture, 'M'),
  });
  builder.marry(husband, wife, surname);
  return { husband, wife, surname, culture };
}

/** Marries a grown child to someone whose parents are not in the register. */
function wedding(builder: PopulationBuilder, random: SeededRandom, child: Person, family: Couple): Couple {
  const sex = child.sex === 'M' ? 'F' : 'M';
  const incoming = builder.born({
    birthDate: earlier(around(random, child.birthDate), yearsAfter(FACT_DATE, -20)),
    sex,
    culture: family.culture,
    surname: drawSurname(random, family.culture),
    fatherName: drawGivenName(random, family.culture, 'M'),
  });
  const husband = sex === 'F' ? child : incoming;
  const wife = sex === 'F' ? incoming : child;
  const surname = husband.lastName;
  if (random.chance(0.65)) builder.marry(husband, wife, surname);
  else builder.marry(husband, wife);
  return { husband, wife, surname, culture: family.culture };
}

/** Children born while the mother is 20 to 40, at least fourteen months apart. */
function childrenOf(builder: PopulationBuilder, random: SeededRandom, couple: Couple, count: number): Person[] {
  const children: Person[] = [];
  const youngerParent = later(couple.husband.birthDate, couple.wife.birthDate);
  let birthDate = dateBetween(random, yearsAfter(youngerParent, 20), yearsAfter(youngerParent, 29));
  while (
    children.length < count &&
    builder.room > 0 &&
    birthDate <= daysAfter(FACT_DATE, -30) &&
    ageOn(couple.wife.birthDate, birthDate) <= 40
  ) {
    const { surname, culture, husband: father, wife: mother } = couple;
    children.push(
      builder.born({
        birthDate,
        sex: random.chance(0.5) ? 'M' : 'F',
        culture,
        surname,
        fatherName: father.firstName,
        father,
        mother,
      }),
    );
    birthDate = daysAfter(birthDate, random.integer(430, 1800));
  }
  return children;
}

/** A young family moves into a dwelling of its own; some have parted since. */
function settle(
  builder: PopulationBuilder,
  random: SeededRandom,
  couple: Couple,
  family: readonly Person[],
): Household[] {
  const since = dateBetween(
    random,
    yearsAfter(later(couple.husband.birthDate, couple.wife.birthDate), 20),
    daysAfter(FACT_DATE, -120),
  );
  if (!random.chance(0.08)) return [{ members: family, since }];
  builder.parted(couple.husband, couple.wife);
  const moved = dateBetween(random, since, daysAfter(FACT_DATE, -60));
  return [
    { members: family.filter((member) => member !== couple.husband), since },
    { members: [couple.husband], since: moved },
  ];
}

/** Age takes some of the founders, never before their children were grown. */
function passAway(builder: PopulationBuilder, random: SeededRandom, { husband, wife }: Couple): void {
  for (const [person, spouse] of [
    [husband, wife],
    [wife, husband],
  ] as const) {
    const age = ageOn(person.birthDate, FACT_DATE);
    const probability = age > 75 ? 0.45 : age > 66 ? 0.18 : 0.04;
    if (random.chance(probability)) builder.died(person, dateBetween(random, '2016-01-01', '2026-01-31'), spouse);
  }
}

function around(random: SeededRandom, birthDate: string): string {
  return daysAfter(birthDate, random.integer(-1500, 1500));
}
