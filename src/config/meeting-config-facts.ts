import { texts } from './check-names.js';
import { defaultWorkflow } from './default-workflow.js';
import { select } from './select.js';

/** What flows use of a meeting config. */
export interface MeetingConfigFacts {
  readonly id: string;
  /** Review states of its workflow. */
  readonly states: readonly string[];
  /** A system behind it tells the states of its items, which may be others. */
  readonly backed: boolean;
  readonly itemPositiveDecidedStates: readonly string[];
  readonly annexTypes: readonly { readonly id: string; readonly relatedTo: 'item' | 'decision' }[];
  readonly categories: readonly string[];
}

/** The facts of each meeting config of plain data, whatever is wrong with it elsewhere. */
export function meetingConfigFacts(data: unknown): MeetingConfigFacts[] {
  return select(data, 'meetingConfigs.*').map(({ value }) => {
    const states = texts(value, 'workflow.states.*.id');
    const annexTypes = select(value, 'annexTypes.*').map(({ value: type }) => ({
      id: texts(type, 'id')[0] ?? '', relatedTo: texts(type, 'relatedTo')[0] === 'decision' ? 'decision' as const : 'item' as const,
    }));
    return {
      id: texts(value, 'id')[0] ?? '',
      states: states.length > 0 ? states : defaultWorkflow('fr').states.map((state) => state.id),
      backed: select(value, 'backend').length > 0,
      itemPositiveDecidedStates: texts(value, 'itemPositiveDecidedStates.*'),
      annexTypes: annexTypes.length > 0 ? annexTypes : [{ id: 'annexe', relatedTo: 'item' }],
      categories: texts(value, 'categories.*.id'),
    };
  });
}

/** Those that a flow can meet: the ones that it names, or all. */
export function configsOfFlow(named: readonly string[] | undefined, configs: readonly MeetingConfigFacts[]): MeetingConfigFacts[] {
  return configs.filter(({ id }) => named === undefined || named.length === 0 || named.includes(id));
}
