// The clients of a made-up firm: the same 500 on every run.

const FIRST_NAMES = [
  'Oliver', 'Sofia', 'Noah', 'Mia', 'Lucas', 'Elena', 'Hugo', 'Nina', 'Ivan', 'Grace', 'Tomas', 'Ruth', 'Peter', 'Hana',
];
const LAST_NAMES = [
  'Reid', 'Stone', 'Novak', 'Petrov', 'Khan', 'Silva', 'Brandt', 'Moreau', 'Costa', 'Lind', 'Meyer', 'Walsh', 'Sato',
];
const ADVISERS = ['Jonas Weber', 'Priya Raman', 'Marcus Hale', 'Ingrid Solberg', 'Yuki Tanaka'];
const COUNTRIES = ['GB', 'DE', 'CH', 'BG', 'FR'];
const SEGMENTS = ['private', 'retail'];

const COUNT = 500;
const AMELIA = 317; // her place in the list; no other client has her first name

/** A linear congruential generator (Numerical Recipes): numbers in [0, 1), the same for the same seed everywhere. */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The clients, made from a seed: about one in five has no phone (null). */
export function makeClients(seed = 20) {
  const random = randomFrom(seed);
  const below = (limit) => Math.floor(random() * limit);
  const pick = (choices) => choices[below(choices.length)];
  return Array.from({ length: COUNT }, (_, index) => {
    const person = { name: `${pick(FIRST_NAMES)} ${pick(LAST_NAMES)}`, adviser: pick(ADVISERS) };
    if (index === AMELIA) Object.assign(person, { name: 'Amelia Reid', adviser: 'Jonas Weber' });
    return {
      id: `CL-${10000 + index}`,
      ...person,
      email: `${person.name.toLowerCase().replace(' ', '.')}.${index}@example.com`,
      phone: below(5) === 0 ? null : `+44 20 7946 ${String(below(1000)).padStart(4, '0')}`,
      segment: pick(SEGMENTS),
      country: pick(COUNTRIES),
      assets: below(5_000_000),
    };
  });
}
