import com.sun.xml.ws.client.ClientTransportException;
import com.sun.xml.ws.developer.JAXWSProperties;
import com.sun.xml.ws.developer.SchemaValidationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import javax.xml.datatype.XMLGregorianCalendar;
import javax.xml.ws.BindingProvider;
import javax.xml.ws.soap.SOAPFaultException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import relais.ws4pm.*;

/**
 * The ws4pm scenario with JAX-WS (wsimport), which validates every request and every reply against the schema of the
 * WSDL. Flags that the program does not set go as false. Steps and names are those of every client; see ../../README.md.
 */
public final class Scenario {
    static final String COLLEGE = "meeting-config-college";
    static final String COUNCIL = "meeting-config-council";
    static final String EXTERNAL = "permis-été-" + System.getenv("RELAIS_RUN");
    static final PrintStream LINES = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    interface Call {
        void run() throws Exception;
    }

    /** What one step saw: names with strings, booleans or lists of strings. */
    static final class Seen extends LinkedHashMap<String, Object> {
        Seen with(String name, Object value) {
            put(name, value);
            return this;
        }

        String text(String name) {
            return (String) get(name);
        }

        @SuppressWarnings("unchecked")
        List<String> texts(String name) {
            return (List<String>) get(name);
        }
    }

    static String json(Object value) {
        if (value == null || value instanceof Boolean) return String.valueOf(value);
        if (value instanceof List) return ((List<?>) value).stream().map(Scenario::json).collect(Collectors.joining(",", "[", "]"));
        if (value instanceof Map) {
            return ((Map<?, ?>) value).entrySet().stream().map(e -> json(e.getKey()) + ":" + json(e.getValue())).collect(Collectors.joining(",", "{", "}"));
        }
        StringBuilder out = new StringBuilder("\"");
        for (char c : value.toString().toCharArray()) {
            if (c == '"' || c == '\\') out.append('\\').append(c);
            else if (c < ' ') out.append(String.format("\\u%04x", (int) c));
            else out.append(c);
        }
        return out.append('"').toString();
    }

    static Seen step(String name, Callable<Seen> action) {
        Seen line = new Seen().with("step", name);
        Seen seen = new Seen();
        try {
            seen = action.call();
            line.with("ok", true).with("seen", seen);
        } catch (Exception error) {
            error.printStackTrace();
            line.with("ok", false).with("error", error.toString());
        }
        LINES.println(json(line));
        return seen;
    }

    static WS4PMPortType connect(String password) throws IOException {
        WS4PM service = new WS4PM(new URL(System.getenv("RELAIS_WSDL")));
        WS4PMPortType port = service.getWS4PMSOAP(new SchemaValidationFeature());
        Map<String, Object> context = ((BindingProvider) port).getRequestContext();
        context.put(BindingProvider.USERNAME_PROPERTY, System.getenv("RELAIS_ACCOUNT"));
        context.put(BindingProvider.PASSWORD_PROPERTY, password);
        // Chunked, no Content-Length: what a program sets that sends large annexes.
        context.put(JAXWSProperties.HTTP_CLIENT_STREAMING_CHUNK_SIZE, 8192);
        return port;
    }

    static String iso(XMLGregorianCalendar date) {
        Instant instant = date.toGregorianCalendar().toInstant();
        return DateTimeFormatter.ISO_INSTANT.format(instant);
    }

    static String save(String name, byte[] content) throws IOException {
        return Files.write(Path.of(System.getenv("RELAIS_OUT"), name), content).toString();
    }

    static <T> List<String> pluck(List<T> infos, java.util.function.Function<T, String> member) {
        return infos.stream().map(member).collect(Collectors.toList());
    }

    /** extraInfos is anyType: a DOM element with a child for each field. */
    static Map<String, String> children(Object extraInfos) {
        Map<String, String> values = new HashMap<>();
        for (Node node = ((Element) extraInfos).getFirstChild(); node != null; node = node.getNextSibling()) {
            values.put(node.getNodeName(), node.getTextContent());
        }
        return values;
    }

    static Seen item(ItemInfo info, String prefix) throws IOException {
        Map<String, String> extra = children(info.getExtraInfos());
        List<String> files = new ArrayList<>();
        for (AnnexInfo annex : info.getAnnexes()) {
            if (annex.getFile() != null) files.add(save(prefix + "-" + files.size() + ".bin", annex.getFile()));
        }
        return new Seen().with("uid", info.getUID()).with("title", info.getTitle()).with("creator", info.getCreator())
            .with("category", info.getCategory()).with("description", info.getDescription())
            .with("detailedDescription", info.getDetailedDescription()).with("decision", info.getDecision())
            .with("preferredMeeting", info.getPreferredMeeting())
            .with("preferredMeetingDate", iso(info.getPreferredMeetingDate())).with("meetingDate", iso(info.getMeetingDate()))
            .with("reviewState", info.getReviewState()).with("absoluteUrl", info.getAbsoluteUrl())
            .with("externalIdentifier", info.getExternalIdentifier())
            .with("configId", extra.get("meeting_config_id")).with("categoryTitle", extra.get("category_title"))
            .with("creatorFullname", extra.get("creator_fullname")).with("motivation", extra.get("motivation"))
            .with("observations", extra.get("observations"))
            .with("annexTitles", pluck(info.getAnnexes(), AnnexInfo::getTitle))
            .with("annexFilenames", pluck(info.getAnnexes(), AnnexInfo::getFilename))
            .with("annexTypes", pluck(info.getAnnexes(), AnnexInfo::getAnnexTypeId))
            .with("annexFiles", files)
            .with("templateIds", pluck(info.getTemplates(), TemplateInfo::getTemplateId))
            .with("templateFormats", pluck(info.getTemplates(), TemplateInfo::getTemplateFormat));
    }

    /** getSingleItemInfos has a type of its own with the members of ItemInfo. */
    static ItemInfo asItemInfo(GetSingleItemInfosResponse single) {
        ItemInfo info = new ItemInfo();
        info.setUID(single.getUID());
        info.setTitle(single.getTitle());
        info.setCreator(single.getCreator());
        info.setCategory(single.getCategory());
        info.setDescription(single.getDescription());
        info.setDetailedDescription(single.getDetailedDescription());
        info.setDecision(single.getDecision());
        info.setPreferredMeeting(single.getPreferredMeeting());
        info.setPreferredMeetingDate(single.getPreferredMeetingDate());
        info.setMeetingDate(single.getMeetingDate());
        info.setReviewState(single.getReviewState());
        info.setAbsoluteUrl(single.getAbsoluteUrl());
        info.setExternalIdentifier(single.getExternalIdentifier());
        info.setExtraInfos(single.getExtraInfos());
        info.getAnnexes().addAll(single.getAnnexes());
        info.getTemplates().addAll(single.getTemplates());
        return info;
    }

    static Seen fault(Call call) throws Exception {
        try {
            call.run();
        } catch (SOAPFaultException error) {
            return new Seen().with("code", error.getFault().getFaultCodeAsQName().toString()).with("text", error.getFault().getFaultString());
        }
        throw new AssertionError("no fault");
    }

    static AnnexInfo annex(String title, String filename, byte[] content) {
        AnnexInfo annex = new AnnexInfo();
        annex.setTitle(title);
        annex.setFilename(filename);
        annex.setFile(content);
        return annex;
    }

    static ExtraAttr extraAttr(String key, String value) {
        ExtraAttr attribute = new ExtraAttr();
        attribute.setKey(key);
        attribute.setValue(value);
        return attribute;
    }

    static Seen created(CreateItemResponse reply) {
        return new Seen().with("uid", reply.getUID()).with("warnings", reply.getWarnings());
    }

    public static void main(String[] args) throws Exception {
        WS4PMPortType service = connect(System.getenv("RELAIS_PASSWORD"));

        step("testConnection", () -> {
            TestConnectionResponse reply = service.testConnection(new TestConnectionRequest());
            return new Seen().with("connectionState", reply.isConnectionState()).with("version", reply.getVersion());
        });

        Map<String, String> groups = new HashMap<>();
        step("getConfigInfos", () -> {
            GetConfigInfosResponse reply = service.getConfigInfos(new ConfigInfosRequest());
            reply.getGroupInfo().forEach(group -> groups.put(group.getId(), group.getUID()));
            return new Seen().with("configs", pluck(reply.getConfigInfo(), ConfigInfo::getId)).with("titles", pluck(reply.getConfigInfo(), ConfigInfo::getTitle))
                .with("groups", pluck(reply.getGroupInfo(), GroupInfo::getId))
                .with("categories", reply.getConfigInfo().stream().flatMap(info -> info.getCategories().stream()).map(BasicInfo::getId).collect(Collectors.toList()));
        });

        List<String> categories = step("getConfigInfosWithCategories", () -> {
            ConfigInfosRequest request = new ConfigInfosRequest();
            request.setShowCategories(true);
            request.setUserToShowCategoriesFor("jdupont");
            ConfigInfo council = service.getConfigInfos(request).getConfigInfo().stream().filter(info -> info.getId().equals(COUNCIL)).findFirst().orElseThrow();
            return new Seen().with("categories", pluck(council.getCategories(), BasicInfo::getId)).with("categoryTitles", pluck(council.getCategories(), BasicInfo::getTitle));
        }).texts("categories");

        Seen user = step("getUserInfos", () -> {
            UserInfosRequest request = new UserInfosRequest();
            request.setUserId("jdupont");
            request.setShowGroups(true);
            request.setSuffix("creators");
            GetUserInfosResponse reply = service.getUserInfos(request);
            return new Seen().with("fullname", reply.getFullname()).with("email", reply.getEmail())
                .with("groups", pluck(reply.getGroups(), BasicInfo::getId)).with("groupUids", pluck(reply.getGroups(), BasicInfo::getUID));
        });

        Seen meetings = step("meetingsAcceptingItems", () -> {
            MeetingsAcceptingItemsRequest request = new MeetingsAcceptingItemsRequest();
            request.setMeetingConfigId(COUNCIL);
            request.setInTheNameOf("jdupont");
            List<MeetingInfo> found = service.meetingsAcceptingItems(request).getMeetingInfo();
            return new Seen().with("uids", pluck(found, MeetingInfo::getUID)).with("dates", pluck(found, meeting -> iso(meeting.getDate())));
        });

        Seen minimal = step("createItemMinimal", () -> {
            CreateItemRequest request = new CreateItemRequest();
            request.setMeetingConfigId(COLLEGE);
            request.setProposingGroupId(user.texts("groupUids").get(0));
            request.setCreationData(new CreationData());
            request.getCreationData().setTitle("Point minimal — été n° 1 (jaxws)");
            request.setCleanHtml(true);
            return created(service.createItem(request));
        });

        Seen full = step("createItemFull", () -> {
            CreationData creation = new CreationData();
            creation.setTitle("Dossier d'urbanisme n° 12 — façade été, œuvre à 5 € (jaxws)");
            creation.setCategory(categories.get(0));
            creation.setDescription("<p>Réfection de la façade — « œuvre » d’été à 5 €</p>");
            creation.setDetailedDescription("<p>Détail : çà et là, naïveté.</p>");
            creation.setMotivation("<p>Vu l'arrêté n° 7, là-bas.</p>");
            creation.setDecision("<p>DÉCIDE d'accorder le permis à Mme Lefèvre-Œillet.</p>");
            creation.setPreferredMeeting(meetings.texts("uids").get(0));
            creation.getAssociatedGroups().addAll(List.of(groups.get("finances"), groups.get("secretariat")));
            creation.setToDiscuss(true);
            creation.setExternalIdentifier(EXTERNAL);
            creation.getExtraAttrs().add(extraAttr("observations", "<p>À revoir l'été prochain.</p>"));
            creation.getExtraAttrs().add(extraAttr("internalNotes", "<p>Note interne : œil neuf.</p>"));
            creation.getAnnexes().add(annex("Plan de façade — été", "plan façade n° 12.pdf", Files.readAllBytes(Path.of(System.getenv("RELAIS_ANNEX")))));
            creation.getAnnexes().add(annex("Note", "note.pdf", "%PDF-1.4 note été €".getBytes(StandardCharsets.UTF_8)));
            CreateItemRequest request = new CreateItemRequest();
            request.setMeetingConfigId(COUNCIL);
            request.setProposingGroupId("urbanisme");
            request.setCreationData(creation);
            request.setCleanHtml(true);
            request.getWfTransitions().addAll(List.of("propose", "n_existe_pas", "validate"));
            request.setInTheNameOf("jdupont");
            return created(service.createItem(request));
        });

        step("checkIsLinked", () -> new Seen().with("isLinked", isLinked(service, COUNCIL, EXTERNAL)));
        step("checkIsLinkedUnknown", () -> new Seen().with("isLinked", isLinked(service, null, EXTERNAL + "-inconnu")));

        step("searchByExternalIdentifier", () -> search(service, null, EXTERNAL));
        step("searchByAccentedWords", () -> search(service, "FAÇADE été jaxws", EXTERNAL));
        step("searchByPlainWords", () -> search(service, "facade ETE jaxws", EXTERNAL));
        step("searchWithoutHit", () -> search(service, "façade inexistante jaxws", null));

        step("getItemInfosMinimal", () -> item(service.getItemInfos(itemInfosRequest(minimal.text("uid"))).getItemInfo().get(0), "minimal"));
        Seen seen = step("getItemInfos", () -> item(service.getItemInfos(itemInfosRequest(full.text("uid"))).getItemInfo().get(0), "annex"));
        step("getItemInfosWithoutBinary", () -> {
            ItemInfosRequest request = itemInfosRequest(full.text("uid"));
            request.getAllowedAnnexesTypes().add(seen.texts("annexTypes").get(0));
            request.setIncludeAnnexBinary(false);
            return item(service.getItemInfos(request).getItemInfo().get(0), "listed");
        });
        step("getItemInfosOfUnknown", () ->
            new Seen().with("uids", pluck(service.getItemInfos(itemInfosRequest("0".repeat(32))).getItemInfo(), ItemInfo::getUID)));
        step("getSingleItemInfos", () -> {
            SingleItemInfosRequest request = new SingleItemInfosRequest();
            request.setUID(full.text("uid"));
            request.setShowExtraInfos(true);
            request.setShowAnnexes(true);
            request.setIncludeAnnexBinary(true);
            request.setShowTemplates(true);
            request.setShowEmptyValues(true);
            request.setInTheNameOf("jdupont");
            return item(asItemInfo(service.getSingleItemInfos(request)), "single");
        });

        step("getItemTemplatePdf", () -> template(service, full, seen, "pdf"));
        step("getItemTemplateDocx", () -> template(service, full, seen, "docx"));

        step("faultUnknownConfig", () -> fault(() -> create(service, "collège-inconnu", "Été")));
        step("faultEmptyTitle", () -> fault(() -> create(service, COLLEGE, "")));
        step("wrongPassword", () -> {
            try {
                connect("mauvais").testConnection(new TestConnectionRequest());
            } catch (ClientTransportException error) {
                return new Seen().with("error", error.getMessage());
            }
            throw new AssertionError("accepted");
        });
    }

    static boolean isLinked(WS4PMPortType service, String config, String externalIdentifier) {
        CheckIsLinkedRequest request = new CheckIsLinkedRequest();
        request.setMeetingConfigId(config);
        request.setExternalIdentifier(externalIdentifier);
        return service.checkIsLinked(request).isIsLinked();
    }

    static Seen search(WS4PMPortType service, String title, String externalIdentifier) {
        SearchItemsRequest request = new SearchItemsRequest();
        request.setTitle(title);
        request.setExternalIdentifier(externalIdentifier);
        request.setInTheNameOf("jdupont");
        List<ItemInfo> found = service.searchItems(request).getItemInfo();
        return new Seen().with("uids", pluck(found, ItemInfo::getUID)).with("titles", pluck(found, ItemInfo::getTitle));
    }

    static ItemInfosRequest itemInfosRequest(String uid) {
        ItemInfosRequest request = new ItemInfosRequest();
        request.setUID(uid);
        request.setShowExtraInfos(true);
        request.setShowAnnexes(true);
        request.setIncludeAnnexBinary(true);
        request.setShowTemplates(true);
        request.setShowEmptyValues(true);
        request.setInTheNameOf("jdupont");
        return request;
    }

    static Seen template(WS4PMPortType service, Seen full, Seen seen, String format) throws IOException {
        ItemTemplateRequest request = new ItemTemplateRequest();
        request.setItemUID(full.text("uid"));
        request.setTemplateId(seen.texts("templateIds").get(seen.texts("templateFormats").indexOf(format)));
        request.setInTheNameOf("jdupont");
        return new Seen().with("file", save("document." + format, service.getItemTemplate(request).getFile()));
    }

    static void create(WS4PMPortType service, String config, String title) {
        CreateItemRequest request = new CreateItemRequest();
        request.setMeetingConfigId(config);
        request.setProposingGroupId("urbanisme");
        request.setCreationData(new CreationData());
        request.getCreationData().setTitle(title);
        service.createItem(request);
    }
}
