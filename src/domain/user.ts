/** `Member`: may use the SOAP service. `Manager`: may do and see everything in the authority. */
export type GlobalRole = 'Member' | 'Manager';

export interface User {
  readonly id: string;
  readonly fullname: string;
  readonly email: string;
  readonly roles: readonly GlobalRole[];
  /** The application behind a service account (`ged`, `urbanism`, …); the user's own id for a person. */
  readonly source: string;
  /** False until the person has a place to keep items in; createItem is then refused (contracts/ws4pm.md F-AREA). */
  readonly hasMemberArea: boolean;
  /** Ids of the categories that the person may select, by meeting config, where the system behind it says so; a config that is absent:
   * by the organisations of each category. */
  readonly categories?: Readonly<Record<string, readonly string[]>>;
}
