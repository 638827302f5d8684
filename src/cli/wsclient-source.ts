import type { Row, WsclientSettings } from './wsclient-registry.js';

/** The settings of a client as `sources:` of a configuration, in YAML. What is an expression over there is not carried out: it stands in a
 * comment, for somebody to decide on. Texts are written as JSON, which is YAML. */
export function sourceOfWsclient(source: string, settings: WsclientSettings): string {
  return [
    ...settings.url === '' ? [] : [`# It called ${oneLine(settings.url)} as «${oneLine(settings.login)}».`],
    'sources:', `  - id: ${JSON.stringify(source)}`, ...usersOf(settings), ...byHand(settings).map((line) => `    # ${line}`),
  ].join('\n');
}

/** contracts/wsclient.md §7.2: the first row of a user counts, and the account itself is nobody. */
function usersOf({ userMappings, login }: WsclientSettings): readonly string[] {
  const users = new Map<string, string>();
  for (const { local_userid: local = '', pm_userid: there = '' } of userMappings) {
    if (local.trim() !== '' && !users.has(local.trim())) users.set(local.trim(), there.trim());
  }
  if (users.size === 0) return [];
  return ['    users:', ...[...users].map(([local, there]) => `      ${JSON.stringify(local)}: ${there === '' || there === login ? 'null' : JSON.stringify(there)}`)];
}

function byHand({ fieldMappings, actions, allowedAnnexTypes, displayCondition, onlyOneSending }: WsclientSettings): readonly string[] {
  return [
    ...fieldMappings.map(({ field_name: field = '', expression = '' }) => `Field «${oneLine(field)}» is made by the application itself of: ${oneLine(expression)}${hintFor(field)}`),
    ...actions.map(actionLine),
    ...allowedAnnexTypes.map(({ annex_type: type = '' }) => `Its panel shows annexes of type «${oneLine(type)}»: Relais tells the same long types.`),
    ...displayCondition === '' ? [] : [`Its panel is shown when: ${oneLine(displayCondition)}. That stays in the application.`],
    ...onlyOneSending === false ? ['It may send an element several times to one config: Relais takes each as an item of its own.'] : [],
  ];
}

function actionLine({ condition = '', permissions = '', pm_meeting_config_id: config = '' }: Row): string {
  return `Its menu sends to the config «${oneLine(config)}» when: ${condition === '' ? 'always' : oneLine(condition)} (permission: ${oneLine(permissions)}). Let meetingConfigs have it; the menu stays in the application.`;
}

/** Where the same could be said in Relais. */
function hintFor(field: string): string {
  if (field === 'proposingGroup') return ' — creation.proposingGroup of the source gives one where it says none.';
  if (field === 'category') return ' — creation.category of the source gives one where it says none.';
  return field === 'ignore_validation_for' ? ' — meetingConfigs.backend.fields.ignoreValidationFor says it.' : '.';
}

function oneLine(words: string): string {
  return words.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
}
