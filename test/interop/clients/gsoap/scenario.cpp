// The ws4pm scenario with gSOAP (wsdl2h, soapcpp2 -j -C): requests chunked with no length over one kept-alive
// connection, replies read with SOAP_XML_STRICT. Steps and names are those of every client; see ../../README.md.
#include "soapWS4PMSOAPBindingProxy.h"
#include "WS4PMSOAPBinding.nsmap"
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>
#include <stdexcept>

using std::string;
using std::vector;

static const char *COLLEGE = "meeting-config-college";
static const char *COUNCIL = "meeting-config-council";

static string environment(const char *name) {
    const char *value = std::getenv(name);
    return value == nullptr ? "" : value;
}

static string quote(const string &text) {
    string out = "\"";
    for (unsigned char c : text) {
        if (c == '"' || c == '\\') out += string("\\") + char(c);
        else if (c < ' ') { char escape[8]; std::snprintf(escape, sizeof escape, "\\u%04x", c); out += escape; }
        else out += char(c);
    }
    return out + "\"";
}

// What one step saw, already as JSON: names with strings, booleans or lists of strings.
struct Seen {
    string json;
    std::map<string, string> texts;
    std::map<string, vector<string>> lists;

    Seen &with(const string &name, const string &value) { texts[name] = value; return add(name, quote(value)); }
    Seen &with(const string &name, const char *value) { return with(name, string(value)); }
    Seen &with(const string &name, const string *value) { return value == nullptr ? add(name, "null") : with(name, *value); }
    Seen &with(const string &name, bool value) { return add(name, value ? "true" : "false"); }
    Seen &with(const string &name, const vector<string> &values) {
        lists[name] = values;
        string list;
        for (const string &value : values) list += (list.empty() ? "" : ",") + quote(value);
        return add(name, "[" + list + "]");
    }
    Seen &add(const string &name, const string &value) { json += (json.empty() ? "" : ",") + quote(name) + ":" + value; return *this; }
    const string &first(const string &name) const { return lists.at(name).at(0); }
};

static Seen step(const string &name, const std::function<Seen()> &action) {
    Seen seen;
    try {
        seen = action();
        std::cout << "{\"step\":" << quote(name) << ",\"ok\":true,\"seen\":{" << seen.json << "}}" << std::endl;
    } catch (const std::exception &error) {
        std::cerr << name << ": " << error.what() << std::endl;
        std::cout << "{\"step\":" << quote(name) << ",\"ok\":false,\"error\":" << quote(error.what()) << "}" << std::endl;
    }
    return seen;
}

// A program keeps its proxy; the credentials go with each call, as gSOAP clears them after use.
struct Service {
    WS4PMSOAPBindingProxy proxy;
    string endpoint = environment("RELAIS_ENDPOINT"), account = environment("RELAIS_ACCOUNT"), password;

    explicit Service(const string &secret) : proxy(SOAP_C_UTFSTRING | SOAP_XML_STRICT | SOAP_IO_CHUNK | SOAP_IO_KEEPALIVE), password(secret) {
        proxy.soap_endpoint = endpoint.c_str();
        proxy.soap->connect_timeout = proxy.soap->send_timeout = proxy.soap->recv_timeout = 30;
    }

    soap *context() { return proxy.soap; }

    template <class Request, class Reply>
    int call(int (WS4PMSOAPBindingProxy::*operation)(Request *, Reply &), Request &request, Reply &reply) {
        proxy.soap->userid = account.c_str();
        proxy.soap->passwd = password.c_str();
        return (proxy.*operation)(&request, reply);
    }

    template <class Request, class Reply>
    void ask(int (WS4PMSOAPBindingProxy::*operation)(Request *, Reply &), Request &request, Reply &reply) {
        if (call(operation, request, reply) == SOAP_OK) return;
        std::ostringstream why;
        proxy.soap_stream_fault(why);
        throw std::runtime_error(why.str());
    }
};

static string *keep(soap *context, const string &text) {
    string *kept = soap_new_std__string(context);
    *kept = text;
    return kept;
}

static string iso(time_t date) {
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&date));
    return text;
}

static string save(const string &name, const xsd__base64Binary &content) {
    string path = environment("RELAIS_OUT") + "/" + name;
    std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char *>(content.__ptr), content.__size);
    return path;
}

template <class Info, class Member>
static vector<string> pluck(const vector<Info *> &infos, Member member) {
    vector<string> values;
    for (Info *info : infos) values.push_back(member(info));
    return values;
}
#define MEMBER(name) [](auto *info) { return info->name; }

static string replaced(string text, const string &from, const string &to) {
    for (size_t at = 0; (at = text.find(from, at)) != string::npos; at += to.size()) text.replace(at, from.size(), to);
    return text;
}

// extraInfos is anyType: gSOAP hands over the XML below it.
static string field(const xsd__anyType *extraInfos, const string &name) {
    string xml = extraInfos == nullptr || extraInfos->__item == nullptr ? "" : extraInfos->__item;
    size_t from = xml.find("<" + name + ">"), to = xml.find("</" + name + ">");
    if (from == string::npos || to == string::npos) return "";
    string text = xml.substr(from + name.size() + 2, to - from - name.size() - 2);
    text = replaced(replaced(replaced(text, "&lt;", "<"), "&gt;", ">"), "&quot;", "\"");
    return replaced(text, "&amp;", "&");
}

// ItemInfo and the response of getSingleItemInfos have the same members but no common type.
template <class Info>
static Seen item(const Info &info, const string &prefix) {
    vector<string> files;
    for (ns1__AnnexInfo *annex : info.annexes) {
        if (annex->file != nullptr) files.push_back(save(prefix + "-" + std::to_string(files.size()) + ".bin", *annex->file));
    }
    return Seen().with("uid", info.UID).with("title", info.title).with("creator", info.creator).with("category", info.category)
        .with("description", info.description).with("detailedDescription", info.detailedDescription).with("decision", info.decision)
        .with("preferredMeeting", info.preferredMeeting)
        .with("preferredMeetingDate", iso(info.preferred_USCOREmeeting_USCOREdate)).with("meetingDate", iso(info.meeting_USCOREdate))
        .with("reviewState", info.review_USCOREstate).with("absoluteUrl", info.absolute_USCOREurl)
        .with("externalIdentifier", info.externalIdentifier)
        .with("configId", field(info.extraInfos, "meeting_config_id")).with("categoryTitle", field(info.extraInfos, "category_title"))
        .with("creatorFullname", field(info.extraInfos, "creator_fullname")).with("motivation", field(info.extraInfos, "motivation"))
        .with("observations", field(info.extraInfos, "observations"))
        .with("annexTitles", pluck(info.annexes, MEMBER(title)))
        .with("annexFilenames", pluck(info.annexes, [](ns1__AnnexInfo *annex) { return *annex->filename; }))
        .with("annexTypes", pluck(info.annexes, [](ns1__AnnexInfo *annex) { return *annex->annexTypeId; }))
        .with("annexFiles", files)
        .with("templateIds", pluck(info.templates, MEMBER(templateId)))
        .with("templateFormats", pluck(info.templates, MEMBER(templateFormat)));
}

static ns1__AnnexInfo *annex(soap *context, const string &title, const string &filename, string &content) {
    ns1__AnnexInfo *made = soap_new_ns1__AnnexInfo(context);
    made->title = title;
    made->filename = keep(context, filename);
    made->file = soap_new_xsd__base64Binary(context);
    made->file->__ptr = reinterpret_cast<unsigned char *>(&content[0]);
    made->file->__size = int(content.size());
    return made;
}

static ns1__ExtraAttr *extraAttr(soap *context, const string &key, const string &value) {
    ns1__ExtraAttr *made = soap_new_ns1__ExtraAttr(context);
    made->key = key;
    made->value = value;
    return made;
}

static Seen createFull(Service &service, const string &category, const string &meeting, std::map<string, string> &groups, const string &external) {
    soap *context = service.context();
    std::ifstream file(environment("RELAIS_ANNEX"), std::ios::binary);
    string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    string note = "%PDF-1.4 note été €";
    bool toDiscuss = true;
    ns1__CreationData creation;
    creation.title = "Dossier d'urbanisme n° 12 — façade été, œuvre à 5 € (gsoap)";
    creation.category = keep(context, category);
    creation.description = keep(context, "<p>Réfection de la façade — « œuvre » d’été à 5 €</p>");
    creation.detailedDescription = keep(context, "<p>Détail : çà et là, naïveté.</p>");
    creation.motivation = keep(context, "<p>Vu l'arrêté n° 7, là-bas.</p>");
    creation.decision = keep(context, "<p>DÉCIDE d'accorder le permis à Mme Lefèvre-Œillet.</p>");
    creation.preferredMeeting = keep(context, meeting);
    creation.associatedGroups = {groups["finances"], groups["secretariat"]};
    creation.toDiscuss = &toDiscuss;
    creation.externalIdentifier = keep(context, external);
    creation.extraAttrs = {extraAttr(context, "observations", "<p>À revoir l'été prochain.</p>"), extraAttr(context, "internalNotes", "<p>Note interne : œil neuf.</p>")};
    creation.annexes = {annex(context, "Plan de façade — été", "plan façade n° 12.pdf", content), annex(context, "Note", "note.pdf", note)};
    ns1__CreateItemRequest request;
    request.meetingConfigId = COUNCIL;
    request.proposingGroupId = "urbanisme";
    request.creationData = &creation;
    request.wfTransitions = {"propose", "n_existe_pas", "validate"};
    request.inTheNameOf = keep(context, "jdupont");
    _ns1__createItemResponse reply;
    service.ask(&WS4PMSOAPBindingProxy::createItem, request, reply);
    return Seen().with("uid", reply.UID).with("warnings", reply.warnings);
}

static Seen isLinked(Service &service, const char *config, const string &externalIdentifier) {
    ns1__CheckIsLinkedRequest request;
    if (config != nullptr) request.meetingConfigId = keep(service.context(), config);
    request.externalIdentifier = externalIdentifier;
    _ns1__checkIsLinkedResponse reply;
    service.ask(&WS4PMSOAPBindingProxy::checkIsLinked, request, reply);
    return Seen().with("isLinked", reply.isLinked);
}

static Seen search(Service &service, const char *title, const char *externalIdentifier) {
    ns1__SearchItemsRequest request;
    if (title != nullptr) request.Title = keep(service.context(), title);
    if (externalIdentifier != nullptr) request.externalIdentifier = keep(service.context(), externalIdentifier);
    request.inTheNameOf = keep(service.context(), "jdupont");
    _ns1__searchItemsResponse reply;
    service.ask(&WS4PMSOAPBindingProxy::searchItems, request, reply);
    return Seen().with("uids", pluck(reply.itemInfo, MEMBER(UID))).with("titles", pluck(reply.itemInfo, MEMBER(title)));
}

template <class Request>
static Request itemInfosRequest(Service &service, const string &uid) {
    Request request;
    request.UID = uid;
    request.showExtraInfos = request.showAnnexes = request.showTemplates = true;
    request.inTheNameOf = keep(service.context(), "jdupont");
    return request;
}

static Seen itemInfos(Service &service, ns1__ItemInfosRequest request, const string &prefix) {
    _ns1__getItemInfosResponse reply;
    service.ask(&WS4PMSOAPBindingProxy::getItemInfos, request, reply);
    return item(*reply.itemInfo.at(0), prefix);
}

static Seen itemTemplate(Service &service, const Seen &seen, const string &format) {
    const vector<string> &formats = seen.lists.at("templateFormats");
    ns1__ItemTemplateRequest request;
    request.itemUID = seen.texts.at("uid");
    request.templateId = seen.lists.at("templateIds").at(std::find(formats.begin(), formats.end(), format) - formats.begin());
    request.inTheNameOf = keep(service.context(), "jdupont");
    _ns1__getItemTemplateResponse reply;
    service.ask(&WS4PMSOAPBindingProxy::getItemTemplate, request, reply);
    return Seen().with("file", save("document." + format, reply.file));
}

static Seen createFault(Service &service, const char *config, const char *title) {
    ns1__CreationData creation;
    creation.title = title;
    ns1__CreateItemRequest request;
    request.meetingConfigId = config;
    request.proposingGroupId = "urbanisme";
    request.creationData = &creation;
    _ns1__createItemResponse reply;
    if (service.call(&WS4PMSOAPBindingProxy::createItem, request, reply) == SOAP_OK) throw std::runtime_error("no fault");
    soap_set_fault(service.context());
    return Seen().with("code", *soap_faultcode(service.context())).with("text", *soap_faultstring(service.context()));
}

int main() {
    const string external = "permis-été-" + environment("RELAIS_RUN");
    Service service(environment("RELAIS_PASSWORD"));
    soap *context = service.context();

    step("testConnection", [&] {
        ns1__TestConnectionRequest request;
        _ns1__testConnectionResponse reply;
        service.ask(&WS4PMSOAPBindingProxy::testConnection, request, reply);
        return Seen().with("connectionState", reply.connectionState).with("version", reply.version);
    });

    std::map<string, string> groups;
    step("getConfigInfos", [&] {
        ns1__ConfigInfosRequest request;
        _ns1__getConfigInfosResponse reply;
        service.ask(&WS4PMSOAPBindingProxy::getConfigInfos, request, reply);
        vector<string> categories;
        for (ns1__ConfigInfo *config : reply.configInfo)
            for (ns1__BasicInfo *category : config->categories) categories.push_back(category->id);
        for (ns1__GroupInfo *group : reply.groupInfo) groups[group->id] = group->UID;
        return Seen().with("configs", pluck(reply.configInfo, MEMBER(id))).with("titles", pluck(reply.configInfo, MEMBER(title)))
            .with("groups", pluck(reply.groupInfo, MEMBER(id))).with("categories", categories);
    });

    Seen withCategories = step("getConfigInfosWithCategories", [&] {
        ns1__ConfigInfosRequest request;
        request.showCategories = true;
        request.userToShowCategoriesFor = keep(context, "jdupont");
        _ns1__getConfigInfosResponse reply;
        service.ask(&WS4PMSOAPBindingProxy::getConfigInfos, request, reply);
        for (ns1__ConfigInfo *config : reply.configInfo) {
            if (config->id == COUNCIL) return Seen().with("categories", pluck(config->categories, MEMBER(id))).with("categoryTitles", pluck(config->categories, MEMBER(title)));
        }
        throw std::runtime_error("no council");
    });

    Seen user = step("getUserInfos", [&] {
        ns1__UserInfosRequest request;
        request.userId = "jdupont";
        request.showGroups = true;
        request.suffix = keep(context, "creators");
        _ns1__getUserInfosResponse reply;
        service.ask(&WS4PMSOAPBindingProxy::getUserInfos, request, reply);
        return Seen().with("fullname", reply.fullname).with("email", reply.email)
            .with("groups", pluck(reply.groups, MEMBER(id))).with("groupUids", pluck(reply.groups, MEMBER(UID)));
    });

    Seen meetings = step("meetingsAcceptingItems", [&] {
        ns1__MeetingsAcceptingItemsRequest request;
        request.meetingConfigId = COUNCIL;
        request.inTheNameOf = keep(context, "jdupont");
        _ns1__meetingsAcceptingItemsResponse reply;
        service.ask(&WS4PMSOAPBindingProxy::meetingsAcceptingItems, request, reply);
        return Seen().with("uids", pluck(reply.meetingInfo, MEMBER(UID))).with("dates", pluck(reply.meetingInfo, [](ns1__MeetingInfo *meeting) { return iso(meeting->date); }));
    });

    Seen minimal = step("createItemMinimal", [&] {
        ns1__CreationData creation;
        creation.title = "Point minimal — été n° 1 (gsoap)";
        ns1__CreateItemRequest request;
        request.meetingConfigId = COLLEGE;
        request.proposingGroupId = user.first("groupUids");
        request.creationData = &creation;
        _ns1__createItemResponse reply;
        service.ask(&WS4PMSOAPBindingProxy::createItem, request, reply);
        return Seen().with("uid", reply.UID).with("warnings", reply.warnings);
    });
    Seen full = step("createItemFull", [&] { return createFull(service, withCategories.first("categories"), meetings.first("uids"), groups, external); });

    step("checkIsLinked", [&] { return isLinked(service, COUNCIL, external); });
    step("checkIsLinkedUnknown", [&] { return isLinked(service, nullptr, external + "-inconnu"); });

    step("searchByExternalIdentifier", [&] { return search(service, nullptr, external.c_str()); });
    step("searchByAccentedWords", [&] { return search(service, "FAÇADE été gsoap", external.c_str()); });
    step("searchByPlainWords", [&] { return search(service, "facade ETE gsoap", external.c_str()); });
    step("searchWithoutHit", [&] { return search(service, "façade inexistante gsoap", nullptr); });

    step("getItemInfosMinimal", [&] { return itemInfos(service, itemInfosRequest<ns1__ItemInfosRequest>(service, minimal.texts.at("uid")), "minimal"); });
    Seen seen = step("getItemInfos", [&] { return itemInfos(service, itemInfosRequest<ns1__ItemInfosRequest>(service, full.texts.at("uid")), "annex"); });
    step("getItemInfosWithoutBinary", [&] {
        ns1__ItemInfosRequest request = itemInfosRequest<ns1__ItemInfosRequest>(service, full.texts.at("uid"));
        request.allowed_USCOREannexes_USCOREtypes = {seen.first("annexTypes")};
        request.include_USCOREannex_USCOREbinary = false;
        return itemInfos(service, request, "listed");
    });
    step("getItemInfosOfUnknown", [&] {
        ns1__ItemInfosRequest request = itemInfosRequest<ns1__ItemInfosRequest>(service, string(32, '0'));
        _ns1__getItemInfosResponse reply;
        service.ask(&WS4PMSOAPBindingProxy::getItemInfos, request, reply);
        return Seen().with("uids", pluck(reply.itemInfo, MEMBER(UID)));
    });
    step("getSingleItemInfos", [&] {
        ns1__SingleItemInfosRequest request = itemInfosRequest<ns1__SingleItemInfosRequest>(service, full.texts.at("uid"));
        _ns1__getSingleItemInfosResponse reply;
        service.ask(&WS4PMSOAPBindingProxy::getSingleItemInfos, request, reply);
        return item(reply, "single");
    });

    step("getItemTemplatePdf", [&] { return itemTemplate(service, seen, "pdf"); });
    step("getItemTemplateDocx", [&] { return itemTemplate(service, seen, "docx"); });

    step("faultUnknownConfig", [&] { return createFault(service, "collège-inconnu", "Été"); });
    step("faultEmptyTitle", [&] { return createFault(service, COLLEGE, ""); });
    step("wrongPassword", [&] {
        Service stranger("mauvais");
        ns1__TestConnectionRequest request;
        _ns1__testConnectionResponse reply;
        int error = stranger.call(&WS4PMSOAPBindingProxy::testConnection, request, reply);
        if (error == SOAP_OK) throw std::runtime_error("accepted");
        return Seen().with("error", "gSOAP error " + std::to_string(error));
    });
    return 0;
}
