#include "api/reference_lists.hpp"

#include <fmt/format.h>

#include <vector>

#include "api/paging.hpp"
#include "api/parameters.hpp"
#include "base/digest.hpp"
#include "base/json_writer.hpp"
#include "http/conditional.hpp"
#include "reference/list_source.hpp"

namespace cvstroom::api {
namespace {

constexpr std::size_t most_matches = 10;  // SPEC 6
constexpr std::size_t longest_keyword = 100;
constexpr std::size_t cache_bytes = 16 * 1024 * 1024;

// A provider may replace a list at any time; a partner that looks every five minutes is early enough.
constexpr std::string_view cache_control = "private, max-age=300";

// The levels of the tree of studies: criteria do not take them (SPEC 6).
constexpr std::string_view tree_of_studies = "studieboom";

const std::string& label_in(const reference::CodeItem& item, http::Language language) {
    const auto& wanted = language == http::Language::french    ? item.label_fr
                         : language == http::Language::english ? item.label_en
                                                               : item.label_nl;
    return wanted.empty() ? item.label_nl : wanted;
}

void write_labels(JsonWriter& json, const reference::CodeItem& item) {
    json.key("labels").begin_object().member("nl", item.label_nl);
    if (!item.label_fr.empty()) json.member("fr", item.label_fr);
    if (!item.label_en.empty()) json.member("en", item.label_en);
    json.end_object();
}

void write_item(JsonWriter& json, const reference::CodeList& list, const reference::CodeItem& item,
                http::Language language, Date today) {
    json.begin_object().member("code", item.code).member("label", label_in(item, language));
    write_labels(json, item);
    if (!item.description.empty()) json.member("omschrijving", item.description);
    if (!item.parent.empty()) {
        json.key("ouders").begin_array();
        for (const auto code : list.with_ancestors(item.code)) {
            if (code != item.code) json.string(code);
        }
        json.end_array();
    }
    json.member("geldig", item.is_valid_on(today));
    if (item.valid_from) json.member("geldigVan", format_date(*item.valid_from));
    if (item.valid_until) json.member("geldigTot", format_date(*item.valid_until));
    if (!item.successor.empty()) json.member("omgezetNaar", item.successor);
    for (const auto& [name, value] : item.properties) json.member(name, value);
    if (list.name() == tree_of_studies) json.member("bruikbaarInCvApi", false);
    json.end_object();
}

http::Response list_response(const Call& call, std::string body) {
    const auto digest = sha256(body);
    auto response = json_response(call, "");
    response.set("ETag", '"' + to_hex(std::span(digest).first(8)) + '"');
    response.set("Cache-Control", std::string(cache_control));
    response.set("Content-Language", std::string(http::tag(call.language)));
    response.set("Vary", "Accept-Language, Accept-Encoding");
    response.body = std::move(body);
    http::encode_body(response, call.coding);
    return response;
}

// The response, or 304 when the caller has it. The tag is that of the plain form: any coding of it will do.
http::Response unless_held(const Call& call, const http::Response& response) {
    std::string_view tag = response.field("ETag");
    tag = tag.substr(1, 16);
    if (!http::names_etag(call.request.field("If-None-Match"), tag)) return response;
    http::Response held;
    held.status = 304;
    for (const auto* name : {"ETag", "Cache-Control", "Vary"}) held.set(name, std::string(response.field(name)));
    return held;
}

struct ListRequest {
    std::vector<ParameterIssue> issues;
    std::optional<std::string> keyword;

    explicit ListRequest(const std::vector<Parameter>& parameters) {
        for (const auto& parameter : parameters) {
            if (parameter.name != "trefwoord") {
                issues.push_back({ParameterIssue::Kind::unknown, parameter.name, parameter.value,
                                  local_text("onbekende parameter; hier geldt alleen trefwoord",
                                             "paramètre inconnu; ici seul trefwoord vaut",
                                             "unknown parameter; only trefwoord counts here")});
                continue;
            }
            take_once(parameter, keyword, issues);
            if (!parameter.value.empty() && parameter.value.size() <= longest_keyword) continue;
            issues.push_back({ParameterIssue::Kind::invalid, parameter.name, parameter.value,
                              local_text("geef 1 tot {} tekens", "indiquez de 1 à {} caractères",
                                         "give 1 to {} characters", longest_keyword)});
        }
    }
};

}  // namespace

std::optional<std::string_view> list_of_path(std::string_view path) {
    constexpr std::string_view root = "/services/openservices/";
    if (!path.starts_with(root)) return std::nullopt;
    path.remove_prefix(root.size());
    if (path == "v2/diplomas") return "diplomas";
    if (!path.starts_with("v1/") || path == "v1/diplomas") return std::nullopt;
    const auto* source = reference::find_list_source(path.substr(3));
    return source == nullptr ? std::nullopt : std::optional(source->name);
}

ReferenceResource::Prepared::Prepared(std::shared_ptr<const reference::ReferenceData> from)
    : lists(std::move(from)), whole(cache_bytes) {}

const reference::KeywordIndex& ReferenceResource::Prepared::keyword_index(const reference::CodeList& list) {
    const std::lock_guard lock(mutex);
    auto& index = keywords[list.name()];
    if (!index) index = std::make_unique<const reference::KeywordIndex>(list);
    return *index;
}

ReferenceResource::ReferenceResource(const Services& services) : services_(services) {}

std::shared_ptr<ReferenceResource::Prepared> ReferenceResource::prepared() {
    auto lists = services_.lists.get();
    const std::lock_guard lock(mutex_);
    if (!prepared_ || prepared_->lists != lists) prepared_ = std::make_shared<Prepared>(std::move(lists));
    return prepared_;
}

http::Response ReferenceResource::whole_list(const Call& call, Prepared& prepared, const reference::CodeList& list,
                                             Date today) {
    const auto key =
        fmt::format("{} {} {} {}", list.name(), http::tag(call.language), http::name(call.coding), format_date(today));
    auto known = prepared.whole.find(key);
    if (!known) {
        std::string body;
        JsonWriter json(body);
        json.begin_array();
        for (const auto& item : list.items()) write_item(json, list, item, call.language, today);
        json.end_array();
        auto response = list_response(call, std::move(body));
        // Shared from here on: an answer takes no copy of the body.
        response.body = std::make_shared<const std::string>(http::view(response.body));
        known = std::make_shared<const http::Response>(std::move(response));
        prepared.whole.insert(key, known, http::view(known->body).size() + 512);
    }
    return unless_held(call, *known);
}

http::Response ReferenceResource::best_matches(const Call& call, Prepared& prepared, const reference::CodeList& list,
                                               std::string_view keyword, Date today) {
    std::string body;
    JsonWriter json(body);
    json.begin_array();
    for (const auto item : prepared.keyword_index(list).best(keyword, most_matches)) {
        write_item(json, list, list.items()[item], call.language, today);
    }
    json.end_array();
    return unless_held(call, list_response(call, std::move(body)));
}

http::Response ReferenceResource::get(const Call& call, std::string_view name) {
    const auto parameters = read_parameters(call);
    if (!parameters) return parameters.error();
    const ListRequest request(*parameters);
    if (!request.issues.empty()) return bad_parameters(call, request.issues);
    const auto state = prepared();
    const auto& list = *state->lists->find_list(name);
    const Date today{std::chrono::floor<std::chrono::days>(services_.clock.now())};
    return request.keyword ? best_matches(call, *state, list, *request.keyword, today)
                           : whole_list(call, *state, list, today);
}

}  // namespace cvstroom::api
