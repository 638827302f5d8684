import type { Authority } from '../domain/authority.js';
import type { DepositMail, MailRoute } from '../domain/deposit-mail.js';
import type { ExtraValue } from '../domain/item.js';
import type { ItemPlace } from '../domain/item-place.js';
import { isMember } from '../domain/organisation.js';
import type { Letter } from './find-letter.js';
import { matchesAny } from './pattern.js';

/** Where a letter comes to stand, and what its item says beside what the letter says. */
export interface ChosenPlace {
  readonly place: ItemPlace;
  readonly fields: Readonly<Record<string, ExtraValue>>;
}

/** By the first route that matches; `otherwise` where none does. */
export function choosePlace(letter: Letter, { routes }: Pick<DepositMail, 'routes'>, otherwise: ItemPlace, people: Pick<Authority, 'users' | 'organisations'>): ChosenPlace {
  const route = routes.find((one) => isFor(one, letter));
  if (route === undefined) return { place: otherwise, fields: {} };
  const { organisationOf, place, fields } = route;
  const person = organisationOf === 'agent' ? letter.agent : organisationOf === 'sender' ? knownSender(letter) : null;
  const organisation = person === null ? null : organisationOfPerson(person.address, route.function, people);
  return { place: organisation === null ? place : { ...place, organisation }, fields };
}

/** Who wrote what was forwarded is a word of its text, which no mail server has looked at: it makes nobody one of ours. */
function knownSender({ agent, message: { header } }: Letter): Letter['agent'] {
  return agent === null ? header.from : null;
}

function isFor({ from, to, subject, agent }: MailRoute, { agent: forwarder, message: { header } }: Letter): boolean {
  return asks(from, [header.from]) && asks(to, [...header.to, ...header.cc]) && asks(agent, [forwarder]) && (subject.length === 0 || matchesAny(subject, header.subject));
}

function asks(patterns: readonly string[], people: readonly ({ readonly address: string } | null)[]): boolean {
  return patterns.length === 0 || people.some((one) => one !== null && matchesAny(patterns, one.address));
}

/** The only organisation in which the person with that address has the function (any, where it is null); null: there is none, or several. */
function organisationOfPerson(address: string, suffix: string | null, { users, organisations }: Pick<Authority, 'users' | 'organisations'>): string | null {
  const ids = [...users.values()].filter(({ email }) => email.toLowerCase() === address).map(({ id }) => id);
  const found = organisations.filter((organisation) => organisation.active && ids.some((id) => isMember(organisation, id, suffix ?? undefined)));
  return found.length === 1 ? found[0]?.uid ?? null : null;
}
