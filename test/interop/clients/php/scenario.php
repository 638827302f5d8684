<?php
// The ws4pm scenario with PHP's SoapClient. It refuses to send a call without the members that the WSDL requires, so the
// flags with defaults are given here. Steps and names are those of every client; see ../../README.md.
declare(strict_types=1);

const COLLEGE = 'meeting-config-college';
const COUNCIL = 'meeting-config-council';
define('EXTERNAL', 'permis-été-' . getenv('RELAIS_RUN'));

function connect(string $password): SoapClient
{
    return new SoapClient(getenv('RELAIS_WSDL'), [
        'login' => getenv('RELAIS_ACCOUNT'), 'password' => $password, 'cache_wsdl' => WSDL_CACHE_NONE,
        'exceptions' => true, 'trace' => true, 'features' => SOAP_SINGLE_ELEMENT_ARRAYS, 'connection_timeout' => 30,
    ]);
}

function step(string $name, callable $action): array
{
    try {
        $line = ['step' => $name, 'ok' => true, 'seen' => $action()];
    } catch (Throwable $error) {
        fwrite(STDERR, "$error\n");
        $line = ['step' => $name, 'ok' => false, 'error' => $error->getMessage()];
    }
    echo json_encode($line, JSON_THROW_ON_ERROR), "\n";
    return $line['seen'] ?? [];
}

function iso(string $date): string
{
    return (new DateTimeImmutable($date))->setTimezone(new DateTimeZone('UTC'))->format('Y-m-d\TH:i:s\Z');
}

function save(string $name, string $content): string
{
    $path = getenv('RELAIS_OUT') . "/$name";
    file_put_contents($path, $content);
    return $path;
}

/** The named member of each of the objects; none when the reply has no such list. */
function pluck(?array $infos, string $name): array
{
    return array_map(fn (object $info) => $info->$name, $infos ?? []);
}

function item(object $info, string $prefix): array
{
    $extra = $info->extraInfos;
    $files = [];
    foreach ($info->annexes ?? [] as $index => $annex) {
        if (isset($annex->file)) {
            $files[] = save("$prefix-$index.bin", $annex->file);
        }
    }
    return [
        'uid' => $info->UID, 'title' => $info->title, 'creator' => $info->creator, 'category' => $info->category,
        'description' => $info->description, 'detailedDescription' => $info->detailedDescription,
        'decision' => $info->decision, 'preferredMeeting' => $info->preferredMeeting,
        'preferredMeetingDate' => iso($info->preferred_meeting_date), 'meetingDate' => iso($info->meeting_date),
        'reviewState' => $info->review_state, 'absoluteUrl' => $info->absolute_url,
        'externalIdentifier' => $info->externalIdentifier,
        'configId' => $extra->meeting_config_id, 'categoryTitle' => $extra->category_title,
        'creatorFullname' => $extra->creator_fullname, 'motivation' => $extra->motivation ?? null,
        'observations' => $extra->observations ?? null,
        'annexTitles' => pluck($info->annexes ?? null, 'title'),
        'annexFilenames' => pluck($info->annexes ?? null, 'filename'),
        'annexTypes' => pluck($info->annexes ?? null, 'annexTypeId'),
        'annexFiles' => $files,
        'templateIds' => pluck($info->templates ?? null, 'templateId'),
        'templateFormats' => pluck($info->templates ?? null, 'templateFormat'),
    ];
}

function fault(callable $call): array
{
    try {
        $call();
    } catch (SoapFault $fault) {
        return ['code' => $fault->faultcode, 'text' => $fault->faultstring];
    }
    throw new RuntimeException('no fault');
}

$service = connect(getenv('RELAIS_PASSWORD'));

step('testConnection', function () use ($service) {
    $reply = $service->testConnection([]);
    return ['connectionState' => $reply->connectionState, 'version' => $reply->version];
});

$groups = [];
step('getConfigInfos', function () use ($service, &$groups) {
    $reply = $service->getConfigInfos(['showCategories' => false]);
    $groups = array_column($reply->groupInfo, 'UID', 'id');
    return [
        'configs' => pluck($reply->configInfo, 'id'), 'titles' => pluck($reply->configInfo, 'title'),
        'groups' => pluck($reply->groupInfo, 'id'),
        'categories' => array_merge(...array_map(fn ($info) => pluck($info->categories ?? null, 'id'), $reply->configInfo)),
    ];
});

$categories = step('getConfigInfosWithCategories', function () use ($service) {
    $reply = $service->getConfigInfos(['showCategories' => true, 'userToShowCategoriesFor' => 'jdupont']);
    $council = current(array_filter($reply->configInfo, fn ($info) => $info->id === COUNCIL));
    return ['categories' => pluck($council->categories, 'id'), 'categoryTitles' => pluck($council->categories, 'title')];
})['categories'] ?? [];

$user = step('getUserInfos', function () use ($service) {
    $reply = $service->getUserInfos(['userId' => 'jdupont', 'showGroups' => true, 'suffix' => 'creators']);
    return ['fullname' => $reply->fullname, 'email' => $reply->email,
        'groups' => pluck($reply->groups, 'id'), 'groupUids' => pluck($reply->groups, 'UID')];
});

$meetings = step('meetingsAcceptingItems', function () use ($service) {
    $reply = $service->meetingsAcceptingItems(['meetingConfigId' => COUNCIL, 'inTheNameOf' => 'jdupont']);
    return ['uids' => pluck($reply->meetingInfo, 'UID'), 'dates' => array_map(iso(...), pluck($reply->meetingInfo, 'date'))];
});

$minimal = step('createItemMinimal', function () use ($service, $user) {
    $reply = $service->createItem(['meetingConfigId' => COLLEGE, 'proposingGroupId' => $user['groupUids'][0],
        'creationData' => ['title' => 'Point minimal — été n° 1 (php)'], 'cleanHtml' => true]);
    return ['uid' => $reply->UID, 'warnings' => $reply->warnings ?? []];
});

$full = step('createItemFull', function () use ($service, $categories, $groups, $meetings) {
    $creation = [
        'title' => "Dossier d'urbanisme n° 12 — façade été, œuvre à 5 € (php)",
        'category' => $categories[0],
        'description' => '<p>Réfection de la façade — « œuvre » d’été à 5 €</p>',
        'detailedDescription' => '<p>Détail : çà et là, naïveté.</p>',
        'motivation' => "<p>Vu l'arrêté n° 7, là-bas.</p>",
        'decision' => "<p>DÉCIDE d'accorder le permis à Mme Lefèvre-Œillet.</p>",
        'preferredMeeting' => $meetings['uids'][0],
        'associatedGroups' => [$groups['finances'], $groups['secretariat']],
        'toDiscuss' => true,
        'externalIdentifier' => EXTERNAL,
        'extraAttrs' => [
            ['key' => 'observations', 'value' => "<p>À revoir l'été prochain.</p>"],
            ['key' => 'internalNotes', 'value' => '<p>Note interne : œil neuf.</p>'],
        ],
        'annexes' => [
            ['title' => 'Plan de façade — été', 'filename' => 'plan façade n° 12.pdf', 'file' => file_get_contents(getenv('RELAIS_ANNEX'))],
            ['title' => 'Note', 'filename' => 'note.pdf', 'file' => '%PDF-1.4 note été €'],
        ],
    ];
    $reply = $service->createItem(['meetingConfigId' => COUNCIL, 'proposingGroupId' => 'urbanisme', 'creationData' => $creation,
        'cleanHtml' => true, 'wfTransitions' => ['propose', 'n_existe_pas', 'validate'], 'inTheNameOf' => 'jdupont']);
    return ['uid' => $reply->UID, 'warnings' => $reply->warnings ?? []];
});

step('checkIsLinked', fn () => ['isLinked' => $service->checkIsLinked(['meetingConfigId' => COUNCIL, 'externalIdentifier' => EXTERNAL])->isLinked]);
step('checkIsLinkedUnknown', fn () => ['isLinked' => $service->checkIsLinked(['externalIdentifier' => EXTERNAL . '-inconnu'])->isLinked]);

$search = function (array $criteria) use ($service): array {
    $found = $service->searchItems($criteria + ['inTheNameOf' => 'jdupont'])->itemInfo ?? [];
    return ['uids' => pluck($found, 'UID'), 'titles' => pluck($found, 'title')];
};
step('searchByExternalIdentifier', fn () => $search(['externalIdentifier' => EXTERNAL]));
step('searchByAccentedWords', fn () => $search(['Title' => 'FAÇADE été php', 'externalIdentifier' => EXTERNAL]));
step('searchByPlainWords', fn () => $search(['Title' => 'facade ETE php', 'externalIdentifier' => EXTERNAL]));
step('searchWithoutHit', fn () => $search(['Title' => 'façade inexistante php']));

$request = fn (string $uid, array $options = []): array => $options + [
    'UID' => $uid, 'showExtraInfos' => true, 'showAnnexes' => true, 'include_annex_binary' => true, 'showAssembly' => false,
    'showTemplates' => true, 'showEmptyValues' => true, 'inTheNameOf' => 'jdupont',
];
$itemInfos = fn (string $uid, string $prefix, array $options = []) => item($service->getItemInfos($request($uid, $options))->itemInfo[0], $prefix);
step('getItemInfosMinimal', fn () => $itemInfos($minimal['uid'], 'minimal'));
$seen = step('getItemInfos', fn () => $itemInfos($full['uid'], 'annex'));
step('getItemInfosWithoutBinary', fn () => $itemInfos($full['uid'], 'listed',
    ['allowed_annexes_types' => [$seen['annexTypes'][0]], 'include_annex_binary' => false]));
step('getItemInfosOfUnknown', fn () => ['uids' => pluck($service->getItemInfos($request(str_repeat('0', 32)))->itemInfo ?? [], 'UID')]);
step('getSingleItemInfos', fn () => item($service->getSingleItemInfos($request($full['uid'])), 'single'));

$template = function (string $wanted) use ($service, $full, $seen): array {
    $id = $seen['templateIds'][array_search($wanted, $seen['templateFormats'], true)];
    $reply = $service->getItemTemplate(['itemUID' => $full['uid'], 'templateId' => $id, 'inTheNameOf' => 'jdupont']);
    return ['file' => save("document.$wanted", $reply->file)];
};
step('getItemTemplatePdf', fn () => $template('pdf'));
step('getItemTemplateDocx', fn () => $template('docx'));

$create = fn (string $config, string $title) => $service->createItem(['meetingConfigId' => $config, 'proposingGroupId' => 'urbanisme',
    'creationData' => ['title' => $title], 'cleanHtml' => true]);
step('faultUnknownConfig', fn () => fault(fn () => $create('collège-inconnu', 'Été')));
step('faultEmptyTitle', fn () => fault(fn () => $create(COLLEGE, '')));
step('wrongPassword', function () {
    $stranger = connect('mauvais');
    fault(fn () => $stranger->testConnection([]));
    // The fault of a 401 may carry any text: the status tells.
    return ['error' => strtok($stranger->__getLastResponseHeaders(), "\r\n")];
});
