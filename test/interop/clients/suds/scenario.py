"""The ws4pm scenario with suds, as the Plone client (imio.pm.wsclient 1.x) uses it: plain dicts, base64 made by the
caller, replies unwrapped by suds. Steps and names are those of every client; see ../../README.md."""
import base64
import datetime
import json
import os
import traceback

from suds import WebFault
from suds.client import Client
from suds.transport.http import HttpAuthenticated
from suds.transport.https import HttpAuthenticated as AfterChallenge

WSDL = os.environ['RELAIS_WSDL']
ACCOUNT = os.environ['RELAIS_ACCOUNT']
PASSWORD = os.environ['RELAIS_PASSWORD']
RUN = os.environ['RELAIS_RUN']
OUT = os.environ['RELAIS_OUT']
ANNEX = os.environ['RELAIS_ANNEX']

COLLEGE = 'meeting-config-college'
COUNCIL = 'meeting-config-council'
EXTERNAL = 'permis-été-' + RUN


def connect(password=PASSWORD, transport=HttpAuthenticated):
    # cache=None: the WSDL of this gateway, not of the one that had the same port yesterday.
    return Client(WSDL, transport=transport(username=ACCOUNT, password=password, timeout=30), cache=None)


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


def save(name, text):
    path = os.path.join(OUT, name)
    with open(path, 'wb') as out:
        out.write(base64.b64decode(text))
    return path


def text(value):
    return None if value is None else str(value)


def ids(infos):
    return [str(info.id) for info in infos]


def uids(infos):
    return [str(info.UID) for info in infos]


def item(info, prefix):
    extra = info.extraInfos
    annexes = getattr(info, 'annexes', [])
    templates = getattr(info, 'templates', [])
    return {
        'uid': text(info.UID), 'title': text(info.title), 'creator': text(info.creator), 'category': text(info.category),
        'description': text(info.description), 'detailedDescription': text(info.detailedDescription),
        'decision': text(info.decision), 'preferredMeeting': text(info.preferredMeeting),
        'preferredMeetingDate': iso(info.preferred_meeting_date), 'meetingDate': iso(info.meeting_date),
        'reviewState': text(info.review_state), 'absoluteUrl': text(info.absolute_url),
        'externalIdentifier': text(info.externalIdentifier),
        'configId': text(extra.meeting_config_id), 'categoryTitle': text(extra.category_title),
        'creatorFullname': text(extra.creator_fullname), 'motivation': text(getattr(extra, 'motivation', None)),
        'observations': text(getattr(extra, 'observations', None)),
        'annexTitles': [text(annex.title) for annex in annexes],
        'annexFilenames': [text(annex.filename) for annex in annexes],
        'annexTypes': [text(annex.annexTypeId) for annex in annexes],
        'annexFiles': [save('%s-%d.bin' % (prefix, index), annex.file) for index, annex in enumerate(annexes)
                       if hasattr(annex, 'file')],
        'templateIds': [text(template.templateId) for template in templates],
        'templateFormats': [text(template.templateFormat) for template in templates],
    }


def fault(call):
    try:
        call()
    except WebFault as error:
        return {'code': str(error.fault.faultcode), 'text': str(error.fault.faultstring)}
    raise AssertionError('no fault')


def main():
    service = connect().service

    def test_connection():
        reply = service.testConnection('')
        return {'connectionState': reply.connectionState, 'version': text(reply.version)}
    step('testConnection', test_connection)

    def test_connection_after_challenge():
        reply = connect(transport=AfterChallenge).service.testConnection('')
        return {'connectionState': reply.connectionState, 'version': text(reply.version)}
    step('testConnectionAfterChallenge', test_connection_after_challenge)

    groups = {}

    def config_infos():
        reply = service.getConfigInfos(showCategories=False)
        groups.update((str(group.id), str(group.UID)) for group in reply.groupInfo)
        return {'configs': ids(reply.configInfo), 'titles': [text(info.title) for info in reply.configInfo],
                'groups': ids(reply.groupInfo),
                'categories': [i for info in reply.configInfo for i in ids(getattr(info, 'categories', []))]}
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
        reply = service.createItem(COLLEGE, user['groupUids'][0], {'title': 'Point minimal — été n° 1 (suds)'})
        return {'uid': text(reply.UID), 'warnings': [text(warning) for warning in getattr(reply, 'warnings', [])]}
    minimal = step('createItemMinimal', create_item_minimal)

    def create_item_full():
        with open(ANNEX, 'rb') as annex:
            content = base64.b64encode(annex.read()).decode()
        creation = {
            'title': "Dossier d'urbanisme n° 12 — façade été, œuvre à 5 € (suds)",
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
                        {'title': 'Note', 'filename': 'note.pdf', 'file': base64.b64encode('%PDF-1.4 note été €'.encode()).decode()}],
        }
        reply = service.createItem(meetingConfigId=COUNCIL, proposingGroupId='urbanisme', creationData=creation,
                                   wfTransitions=['propose', 'n_existe_pas', 'validate'], inTheNameOf='jdupont')
        return {'uid': text(reply.UID), 'warnings': [text(warning) for warning in getattr(reply, 'warnings', [])]}
    full = step('createItemFull', create_item_full)

    # Callers compare by identity, so must we (None would be "cannot connect").
    step('checkIsLinked', lambda: {'isLinked': service.checkIsLinked(meetingConfigId=COUNCIL, externalIdentifier=EXTERNAL) is True})
    step('checkIsLinkedUnknown', lambda: {'isLinked': service.checkIsLinked(externalIdentifier=EXTERNAL + '-inconnu') is not False})

    def search(**criteria):
        found = service.searchItems(inTheNameOf='jdupont', **criteria)
        return {'uids': uids(found), 'titles': [text(info.title) for info in found]}
    step('searchByExternalIdentifier', lambda: search(externalIdentifier=EXTERNAL))
    step('searchByAccentedWords', lambda: search(Title='FAÇADE été suds', externalIdentifier=EXTERNAL))
    step('searchByPlainWords', lambda: search(Title='facade ETE suds', externalIdentifier=EXTERNAL))
    step('searchWithoutHit', lambda: search(Title='façade inexistante suds'))

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
        # The WSDL is public; the first call meets the refusal.
        client = connect(password='mauvais')
        try:
            client.service.testConnection('')
        except Exception as error:
            return {'error': str(error)}
        raise AssertionError('accepted')
    step('wrongPassword', wrong_password)


if __name__ == '__main__':
    main()
