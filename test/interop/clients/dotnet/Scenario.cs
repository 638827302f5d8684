// The ws4pm scenario with a proxy that .NET's `wsdl` makes (Mono here): credentials only after a 401 in each call,
// Expect: 100-continue on every POST. Steps and names are those of every client; see ../../README.md.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Web.Script.Serialization;
using System.Web.Services.Protocols;
using System.Xml;
using Seen = System.Collections.Generic.Dictionary<string, object>;

public static class Scenario
{
    const string College = "meeting-config-college";
    const string Council = "meeting-config-council";
    static readonly string External = "permis-été-" + Environment.GetEnvironmentVariable("RELAIS_RUN");
    static readonly JavaScriptSerializer Json = new JavaScriptSerializer();

    static WS4PM Connect(string password)
    {
        return new WS4PM {
            Url = Environment.GetEnvironmentVariable("RELAIS_ENDPOINT"),
            Credentials = new NetworkCredential(Environment.GetEnvironmentVariable("RELAIS_ACCOUNT"), password),
            Timeout = 30000,
        };
    }

    static Seen Step(string name, Func<Seen> action)
    {
        var line = new Seen { { "step", name } };
        var seen = new Seen();
        try
        {
            seen = action();
            line["ok"] = true;
            line["seen"] = seen;
        }
        catch (Exception error)
        {
            Console.Error.WriteLine(error);
            line["ok"] = false;
            line["error"] = error.Message;
        }
        Console.WriteLine(Json.Serialize(line));
        return seen;
    }

    static string Iso(DateTime date)
    {
        return date.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ");
    }

    static string Save(string name, byte[] content)
    {
        var path = Path.Combine(Environment.GetEnvironmentVariable("RELAIS_OUT"), name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// A list that a reply lacks is null here.
    static string[] Pluck<T>(T[] infos, Func<T, string> member)
    {
        return (infos ?? new T[0]).Select(member).ToArray();
    }

    static Seen Item(ItemInfo info, string prefix)
    {
        // extraInfos is anyType: the proxy gives the nodes below it.
        var extra = ((XmlNode[])info.extraInfos).OfType<XmlElement>().ToDictionary(node => node.Name, node => node.InnerText);
        Func<string, string> field = name => extra.ContainsKey(name) ? extra[name] : null;
        var withFile = (info.annexes ?? new AnnexInfo[0]).Where(annex => annex.file != null);
        return new Seen {
            { "uid", info.UID }, { "title", info.title }, { "creator", info.creator }, { "category", info.category },
            { "description", info.description }, { "detailedDescription", info.detailedDescription }, { "decision", info.decision },
            { "preferredMeeting", info.preferredMeeting }, { "preferredMeetingDate", Iso(info.preferred_meeting_date) },
            { "meetingDate", Iso(info.meeting_date) }, { "reviewState", info.review_state }, { "absoluteUrl", info.absolute_url },
            { "externalIdentifier", info.externalIdentifier },
            { "configId", field("meeting_config_id") }, { "categoryTitle", field("category_title") },
            { "creatorFullname", field("creator_fullname") }, { "motivation", field("motivation") }, { "observations", field("observations") },
            { "annexTitles", Pluck(info.annexes, annex => annex.title) }, { "annexFilenames", Pluck(info.annexes, annex => annex.filename) },
            { "annexTypes", Pluck(info.annexes, annex => annex.annexTypeId) },
            { "annexFiles", withFile.Select((annex, index) => Save(prefix + "-" + index + ".bin", annex.file)).ToArray() },
            { "templateIds", Pluck(info.templates, template => template.templateId) },
            { "templateFormats", Pluck(info.templates, template => template.templateFormat) },
        };
    }

    /// getSingleItemInfos has a type of its own with the members of ItemInfo.
    static ItemInfo AsItemInfo(getSingleItemInfosResponse single)
    {
        return new ItemInfo {
            UID = single.UID, title = single.title, creator = single.creator, category = single.category, description = single.description,
            detailedDescription = single.detailedDescription, decision = single.decision, preferredMeeting = single.preferredMeeting,
            preferred_meeting_date = single.preferred_meeting_date, meeting_date = single.meeting_date, review_state = single.review_state,
            absolute_url = single.absolute_url, externalIdentifier = single.externalIdentifier, extraInfos = single.extraInfos,
            annexes = single.annexes, templates = single.templates,
        };
    }

    static Seen Fault(Action call)
    {
        try
        {
            call();
        }
        catch (SoapException fault)
        {
            return new Seen { { "code", "{" + fault.Code.Namespace + "}" + fault.Code.Name }, { "text", fault.Message } };
        }
        throw new Exception("no fault");
    }

    static Seen Created(createItemResponse reply)
    {
        return new Seen { { "uid", reply.UID }, { "warnings", reply.warnings ?? new string[0] } };
    }

    static ItemInfosRequest ItemInfosRequest(object uid)
    {
        return new ItemInfosRequest { UID = (string)uid, showExtraInfos = true, showAnnexes = true, showTemplates = true, inTheNameOf = "jdupont" };
    }

    public static void Main()
    {
        Console.SetOut(new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true });
        var service = Connect(Environment.GetEnvironmentVariable("RELAIS_PASSWORD"));

        Step("testConnection", () => {
            var reply = service.testConnection(new TestConnectionRequest());
            return new Seen { { "connectionState", reply.connectionState }, { "version", reply.version } };
        });

        var groups = new Dictionary<string, string>();
        Step("getConfigInfos", () => {
            var reply = service.getConfigInfos(new ConfigInfosRequest());
            groups = reply.groupInfo.ToDictionary(group => group.id, group => group.UID);
            return new Seen {
                { "configs", Pluck(reply.configInfo, info => info.id) }, { "titles", Pluck(reply.configInfo, info => info.title) },
                { "groups", Pluck(reply.groupInfo, group => group.id) },
                { "categories", reply.configInfo.SelectMany(info => Pluck(info.categories, category => category.id)).ToArray() },
            };
        });

        var categories = Step("getConfigInfosWithCategories", () => {
            var reply = service.getConfigInfos(new ConfigInfosRequest { showCategories = true, userToShowCategoriesFor = "jdupont" });
            var council = reply.configInfo.Single(info => info.id == Council);
            return new Seen { { "categories", Pluck(council.categories, category => category.id) }, { "categoryTitles", Pluck(council.categories, category => category.title) } };
        });

        var user = Step("getUserInfos", () => {
            var reply = service.getUserInfos(new UserInfosRequest { userId = "jdupont", showGroups = true, suffix = "creators" });
            return new Seen {
                { "fullname", reply.fullname }, { "email", reply.email },
                { "groups", Pluck(reply.groups, group => group.id) }, { "groupUids", Pluck(reply.groups, group => group.UID) },
            };
        });

        var meetings = Step("meetingsAcceptingItems", () => {
            var found = service.meetingsAcceptingItems(new MeetingsAcceptingItemsRequest { meetingConfigId = Council, inTheNameOf = "jdupont" });
            return new Seen { { "uids", Pluck(found, meeting => meeting.UID) }, { "dates", Pluck(found, meeting => Iso(meeting.date)) } };
        });

        var minimal = Step("createItemMinimal", () => Created(service.createItem(new CreateItemRequest {
            meetingConfigId = College, proposingGroupId = ((string[])user["groupUids"])[0],
            creationData = new CreationData { title = "Point minimal — été n° 1 (dotnet)" },
        })));

        var full = Step("createItemFull", () => Created(service.createItem(new CreateItemRequest {
            meetingConfigId = Council,
            proposingGroupId = "urbanisme",
            creationData = new CreationData {
                title = "Dossier d'urbanisme n° 12 — façade été, œuvre à 5 € (dotnet)",
                category = ((string[])categories["categories"])[0],
                description = "<p>Réfection de la façade — « œuvre » d’été à 5 €</p>",
                detailedDescription = "<p>Détail : çà et là, naïveté.</p>",
                motivation = "<p>Vu l'arrêté n° 7, là-bas.</p>",
                decision = "<p>DÉCIDE d'accorder le permis à Mme Lefèvre-Œillet.</p>",
                preferredMeeting = ((string[])meetings["uids"])[0],
                associatedGroups = new[] { groups["finances"], groups["secretariat"] },
                toDiscuss = true,
                toDiscussSpecified = true,
                externalIdentifier = External,
                extraAttrs = new[] {
                    new ExtraAttr { key = "observations", value = "<p>À revoir l'été prochain.</p>" },
                    new ExtraAttr { key = "internalNotes", value = "<p>Note interne : œil neuf.</p>" },
                },
                annexes = new[] {
                    new AnnexInfo { title = "Plan de façade — été", filename = "plan façade n° 12.pdf", file = File.ReadAllBytes(Environment.GetEnvironmentVariable("RELAIS_ANNEX")) },
                    new AnnexInfo { title = "Note", filename = "note.pdf", file = Encoding.UTF8.GetBytes("%PDF-1.4 note été €") },
                },
            },
            wfTransitions = new[] { "propose", "n_existe_pas", "validate" },
            inTheNameOf = "jdupont",
        })));

        Func<string, string, Seen> isLinked = (config, externalIdentifier) => new Seen { { "isLinked",
            service.checkIsLinked(new CheckIsLinkedRequest { meetingConfigId = config, externalIdentifier = externalIdentifier }).isLinked } };
        Step("checkIsLinked", () => isLinked(Council, External));
        Step("checkIsLinkedUnknown", () => isLinked(null, External + "-inconnu"));

        Func<string, string, Seen> search = (title, externalIdentifier) => {
            var found = service.searchItems(new SearchItemsRequest { Title = title, externalIdentifier = externalIdentifier, inTheNameOf = "jdupont" });
            return new Seen { { "uids", Pluck(found, info => info.UID) }, { "titles", Pluck(found, info => info.title) } };
        };
        Step("searchByExternalIdentifier", () => search(null, External));
        Step("searchByAccentedWords", () => search("FAÇADE été dotnet", External));
        Step("searchByPlainWords", () => search("facade ETE dotnet", External));
        Step("searchWithoutHit", () => search("façade inexistante dotnet", null));

        Step("getItemInfosMinimal", () => Item(service.getItemInfos(ItemInfosRequest(minimal["uid"]))[0], "minimal"));
        var seen = Step("getItemInfos", () => Item(service.getItemInfos(ItemInfosRequest(full["uid"]))[0], "annex"));
        Step("getItemInfosWithoutBinary", () => {
            var request = ItemInfosRequest(full["uid"]);
            request.allowed_annexes_types = new[] { ((string[])seen["annexTypes"])[0] };
            request.include_annex_binary = false;
            return Item(service.getItemInfos(request)[0], "listed");
        });
        Step("getItemInfosOfUnknown", () => new Seen { { "uids", Pluck(service.getItemInfos(ItemInfosRequest(new string('0', 32))), info => info.UID) } });
        Step("getSingleItemInfos", () => Item(AsItemInfo(service.getSingleItemInfos(new SingleItemInfosRequest {
            UID = (string)full["uid"], showExtraInfos = true, showAnnexes = true, showTemplates = true, inTheNameOf = "jdupont",
        })), "single"));

        Func<string, Seen> template = format => {
            var index = Array.IndexOf((string[])seen["templateFormats"], format);
            var reply = service.getItemTemplate(new ItemTemplateRequest { itemUID = (string)full["uid"], templateId = ((string[])seen["templateIds"])[index], inTheNameOf = "jdupont" });
            return new Seen { { "file", Save("document." + format, reply.file) } };
        };
        Step("getItemTemplatePdf", () => template("pdf"));
        Step("getItemTemplateDocx", () => template("docx"));

        Action<string, string> create = (config, title) => service.createItem(new CreateItemRequest {
            meetingConfigId = config, proposingGroupId = "urbanisme", creationData = new CreationData { title = title },
        });
        Step("faultUnknownConfig", () => Fault(() => create("collège-inconnu", "Été")));
        Step("faultEmptyTitle", () => Fault(() => create(College, "")));
        Step("wrongPassword", () => {
            try
            {
                Connect("mauvais").testConnection(new TestConnectionRequest());
            }
            catch (WebException error)
            {
                return new Seen { { "error", "HTTP " + (int)((HttpWebResponse)error.Response).StatusCode } };
            }
            throw new Exception("accepted");
        });
    }
}
