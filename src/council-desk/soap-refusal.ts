/** A fault that blames the request; everything that was done for it is undone (contracts/ws4pm.md §1.6). */
export class ClientFault extends Error {}

/** Faults of the ids of contracts/ws4pm.md §3.1, in words of this server. */
export const faults = {
  role: (what: string) => new ClientFault(`Only a "Manager" or a "MeetingManager" may use ${what}!`),
  user: (id: string) => new ClientFault(`Trying to act for a user that does not exist: '${id}'!`),
  config: (id: string) => new ClientFault(`Unknown meetingConfigId : '${id}'!`),
  noCriterion: () => new ClientFault('Define at least one search parameter!'),
  item: () => new ClientFault('You can not access this item!'),
  template: () => new ClientFault('You can not access this template!'),
  group: (user: string, group: string) => new ClientFault(`'${user}' can not create items for the '${group}' group!`),
  extraKey: (key: string) => new ClientFault(`The extraAttr key '${key}' does not exist on an item!`),
  extraType: (key: string) => new ClientFault(`The extraAttr key '${key}' is not a rich text field!`),
};
