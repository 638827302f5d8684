"""The ws4pm scenario with zeep in its strict mode (its default): an element missing, misplaced or undeclared in a reply
is an error. Steps and names are those of every client; see ../../README.md."""
import datetime
import json
import os
import traceback

import requests
from requests.auth import HTTPBasicAuth
from zeep import Client, Settings
from zeep.exceptions import Fault
from zeep.transports import Transport

WSDL = os.environ['RELAIS_WSDL']
ACCOUNT = os.environ['RELAIS_ACCOUNT']
PASSWORD = os.environ['RELAIS_PASSWORD']
RUN = os.environ['RELAIS_RUN']
OUT = os.environ['RELAIS_OUT']
ANNEX = os.environ['RELAIS_ANNEX']

COLLEGE = 'meeting-config-college'
COUNCIL = 'meeting-config-council'
EXTERNAL = 'permis-été-' + RUN


def connect(password=PASSWORD, statuses=None):
    session = requests.Session()
    session.auth = HTTPBasicAuth(ACCOUNT, password)
    if statuses is not None:
        session.hooks['response'].append(lambda response, **_: statuses.append(response.status_code))
    return Client(WSDL, transport=Transport(session=session, timeout=30), settings=Settings(strict=True))


def step(name, action):
    try:
        line = {'step': name, 'ok': True, 'seen': action()}
    except Exception as error:
        traceback.print_exc()
        line = {'step': name, 'ok': False, 'error': repr(error)}
    print(json.dumps(line), flush=True)
    return line.get('seen', {})


def iso(date):
    return date.astimezone(datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')


def save(name, content):
    path = os.path.join(OUT, name)
    with open(path, 'wb') as out:
        out.write(content)
    return path


def text(value):
    return None if value is None else str(value)


def ids(infos):
    return [str(info.id) for info in infos]


def uids(infos):
    return [str(info.UID) for info in infos]


def item(info, prefix):
    # zeep gives an untyped element with children as lxml sees it.
    extra = {child.tag: child.text for child in info.extraInfos}
    annexes, templates = info.annexes, info.templates
    return {
        'uid': text(info.UID), 'title': text(info.title), 'creator': text(info.creator), 'category': text(info.category),
        'description': text(info.description), 'detailedDescription': text(info.detailedDescription),
        'decision': text(info.decision), 'preferredMeeting': text(info.preferredMeeting),
        'preferredMeetingDate': iso(info.preferred_meeting_date), 'meetingDate': iso(info.meeting_date),
        'reviewState': text(info.review_state), 'absoluteUrl': text(info.absolute_url),
        'externalIdentifier': text(info.externalIdentifier),
        'configId': extra['meeting_config_id'], 'categoryTitle': extra['category_title'],
        'creatorFullname': extra['creator_fullname'], 'motivation': extra.get('motivation'),
        'observations': extra.get('observations'),
        'annexTitles': [text(annex.title) for annex in annexes],
        'annexFilenames': [text(annex.filename) for annex in annexes],
        'annexTypes': [text(annex.annexTypeId) for annex in annexes],
        'annexFiles': [save('%s-%d.bin' % (prefix, index), annex.file) for index, annex in enumerate(annexes)
                       if annex.file is not None],
        'templateIds': [text(template.templateId) for template in templates],
        'templateFormats': [text(template.templateFormat) for template in templates],
    }


def fault(call):
    try:
        call()
    except Fault as error:
        return {'code': str(error.code), 'text': str(error.message)}
    raise AssertionError('no fault')


def main():
    service = connect().service

    def test_connection():
        reply = service.testConnection()
        return {'connectionState': reply.connectionState, 'version': text(reply.version)}
    step('testConnection', test_connection)

    groups = {}

    def config_infos():
        reply = service.getConfigInfos(showCategories=False)
        groups.update((str(group.id), str(group.UID)) for group in reply.groupInfo)
        return {'configs': ids(reply.configInfo), 'titles': [text(info.title) for info in reply.configInfo],
                'groups': ids(reply.groupInfo),
                'categories': [i for info in reply.configInfo for i in ids(info.categories)]}
    step('getConfigInfos', config_infos)

    def config_infos_with_categories():
        reply = service.getConfigInfos(showCategories=True, userToShowCategoriesFor='jdupont')
        council = [info for info in reply.configInfo if info.id == COUNCIL][0]
        return {'categories': ids(council.categories), 'categoryTitles': [text(info.title) for info in council.categories]}
    categories = step('getConfigInfosWithCategories', config_infos_with_categories).get('categories', [])

    def user_infos():
        reply = service.getUserInfos('jdupont', True, 'creators')
        return {'fullname': text(reply.fullname), 'email': text(reply.email), 'groups': ids(reply.groups),
                'groupUids': uids(reply.groups)}
    user = step('getUserInfos', user_infos)

    def meetings_accepting_items():
        reply = service.meetingsAcceptingItems(meetingConfigId=COUNCIL, inTheNameOf='jdupont')
        return {'uids': uids(reply), 'dates': [iso(meeting.date) for meeting in reply]}
    meetings = step('meetingsAcceptingItems', meetings_accepting_items)

    def create_item_minimal():
        reply = service.createItem(COLLEGE, user['groupUids'][0], {'title': 'Point minimal — été n° 1 (zeep)'})
        return {'uid': text(reply.UID), 'warnings': [text(warning) for warning in reply.warnings]}
    minimal = step('createItemMinimal', create_item_minimal)

    def create_item_full():
        with open(ANNEX, 'rb') as annex:
            content = annex.read()
        creation = {
            'title': "Dossier d'urbanisme n° 12 — façade été, œuvre à 5 € (zeep)",
            'category': categories[0],
            'description': '<p>Réfection de la façade — « œuvre » d’été à 5 €</p>',
            'detailedDescription': '<p>Détail : çà et là, naïveté.</p>',
            'motivation': "<p>Vu l'arrêté n° 7, là-bas.</p>",
            'decision': "<p>DÉCIDE d'accorder le permis à Mme Lefèvre-Œillet.</p>",
            'preferredMeeting': meetings['uids'][0],
            'associatedGroups': [groups['finances'], groups['secretariat']],
            'toDiscuss': True,
            'externalIdentifier': EXTERNAL,
            'extraAttrs': [{'key': 'observations', 'value': "<p>À revoir l'été prochain.</p>"},
                           {'key': 'internalNotes', 'value': '<p>Note interne : œil neuf.</p>'}],
            'annexes': [{'title': 'Plan de façade — été', 'filename': 'plan façade n° 12.pdf', 'file': content},
                        {'title': 'Note', 'filename': 'note.pdf', 'file': '%PDF-1.4 note été €'.encode()}],
        }
        reply = service.createItem(meetingConfigId=COUNCIL, proposingGroupId='urbanisme', creationData=creation,
                                   wfTransitions=['propose', 'n_existe_pas', 'validate'], inTheNameOf='jdupont')
        return {'uid': text(reply.UID), 'warnings': [text(warning) for warning in reply.warnings]}
    full = step('createItemFull', create_item_full)

    step('checkIsLinked', lambda: {'isLinked': service.checkIsLinked(meetingConfigId=COUNCIL, externalIdentifier=EXTERNAL) is True})
    step('checkIsLinkedUnknown', lambda: {'isLinked': service.checkIsLinked(externalIdentifier=EXTERNAL + '-inconnu') is not False})

    def search(**criteria):
        found = service.searchItems(inTheNameOf='jdupont', **criteria)
        return {'uids': uids(found), 'titles': [text(info.title) for info in found]}
    step('searchByExternalIdentifier', lambda: search(externalIdentifier=EXTERNAL))
    step('searchByAccentedWords', lambda: search(Title='FAÇADE été zeep', externalIdentifier=EXTERNAL))
    step('searchByPlainWords', lambda: search(Title='facade ETE zeep', externalIdentifier=EXTERNAL))
    step('searchWithoutHit', lambda: search(Title='façade inexistante zeep'))

    def item_infos(uid, prefix, **options):
        found = service.getItemInfos(UID=uid, showExtraInfos=True, showAnnexes=True, showTemplates=True, inTheNameOf='jdupont', **options)
        return item(found[0], prefix)
    step('getItemInfosMinimal', lambda: item_infos(minimal['uid'], 'minimal'))
    seen = step('getItemInfos', lambda: item_infos(full['uid'], 'annex'))
    step('getItemInfosWithoutBinary', lambda: item_infos(
        full['uid'], 'listed', allowed_annexes_types=[seen['annexTypes'][0]], include_annex_binary=False))
    step('getItemInfosOfUnknown', lambda: {'uids': uids(service.getItemInfos(UID='0' * 32, inTheNameOf='jdupont'))})
    step('getSingleItemInfos', lambda: item(service.getSingleItemInfos(
        UID=full['uid'], showExtraInfos=True, showAnnexes=True, showTemplates=True, inTheNameOf='jdupont'), 'single'))

    def template(wanted):
        template_id = seen['templateIds'][seen['templateFormats'].index(wanted)]
        return {'file': save('document.' + wanted, service.getItemTemplate(full['uid'], template_id, 'jdupont'))}
    step('getItemTemplatePdf', lambda: template('pdf'))
    step('getItemTemplateDocx', lambda: template('docx'))

    step('faultUnknownConfig', lambda: fault(lambda: service.createItem('collège-inconnu', 'urbanisme', {'title': 'Été'})))
    step('faultEmptyTitle', lambda: fault(lambda: service.createItem(COLLEGE, 'urbanisme', {'title': ''})))

    def wrong_password():
        statuses = []
        client = connect(password='mauvais', statuses=statuses)
        try:
            client.service.testConnection()
        except Exception as error:
            return {'error': '%s, HTTP %s' % (type(error).__name__, statuses[-1])}
        raise AssertionError('accepted')
    step('wrongPassword', wrong_password)


if __name__ == '__main__':
    main()
