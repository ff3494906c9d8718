#include "api/loaded_lists.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/paging.hpp"
#include "api/parameters.hpp"
#include "api/routing.hpp"
#include "base/json_writer.hpp"
#include "reference/list_reader.hpp"
#include "reference/list_source.hpp"
#include "reference/tsv.hpp"
#include "store/document_codec.hpp"
#include "store/list_loading.hpp"

namespace cvstroom::api {
namespace {

constexpr std::string_view root = "/beheer/v1/lijsten";
constexpr std::size_t most_listed = 100;  // codes of each kind of change; the counts are of all

struct LoadRequest {
    std::vector<ParameterIssue> issues;
    bool is_trial = false;   // proef
    bool is_forced = false;  // afdwingen

    explicit LoadRequest(const std::vector<Parameter>& parameters) {
        std::optional<std::string> trial;
        std::optional<std::string> force;
        for (const auto& parameter : parameters) {
            if (parameter.name == "proef") {
                take(parameter, trial, is_trial);
            } else if (parameter.name == "afdwingen") {
                take(parameter, force, is_forced);
            } else {
                issues.push_back({ParameterIssue::Kind::unknown, parameter.name, parameter.value,
                                  local_text("onbekende parameter; hier gelden proef en afdwingen",
                                             "paramètre inconnu; ici valent proef et afdwingen",
                                             "unknown parameter; proef and afdwingen count here")});
            }
        }
    }

  private:
    void take(const Parameter& parameter, std::optional<std::string>& seen, bool& into) {
        if (!take_once(parameter, seen, issues)) return;
        into = parameter.value == "true";
        if (into || parameter.value == "false") return;
        issues.push_back({ParameterIssue::Kind::invalid, parameter.name, parameter.value,
                          local_text("geef true of false", "indiquez true ou false", "give true or false")});
    }
};

void write_codes(JsonWriter& json, std::string_view name, const std::vector<std::string>& codes) {
    json.key(name).begin_object().member("aantal", codes.size()).key("codes").begin_array();
    for (const auto& code : std::span(codes).first(std::min(codes.size(), most_listed))) json.string(code);
    json.end_array().end_object();
}

// Of the codes that go: how many published CVs use each.
std::string used_json(const store::ListChange& change) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    std::size_t written = 0;
    for (const auto& [code, count] : change.used) {
        if (++written <= most_listed) json.member(code, count);
    }
    json.end_object();
    return out;
}

http::Response loaded(const Call& call, const store::ListVersion& version, bool is_trial,
                      const store::ListChange& change) {
    std::string body;
    JsonWriter json(body);
    json.begin_object().member("lijst", version.name).member("proef", is_trial);
    if (!is_trial) json.member("versie", version.version);
    json.member("aantal", version.items);
    write_codes(json, "toegevoegd", change.added);
    write_codes(json, "gewijzigd", change.changed);
    write_codes(json, "vervallen", change.dropped);
    json.key("inGebruik").raw(used_json(change)).end_object();
    return json_response(call, std::move(body));
}

// The reader names the line and the reason.
http::Response broken_file(const Call& call, const Error& error) {
    const auto reason = error.where.empty() ? error.message : fmt::format("{}: {}", error.where, error.message);
    return call.answer(http::bad_request(
        {{"schemaViolation",
          "body",
          "",
          "",
          {"er is niets geladen; " + reason, "rien n'a été chargé; " + reason, "nothing was loaded; " + reason}}}));
}

http::Response drops_used_codes(const Call& call, const store::ListChange& change) {
    http::Problem problem{
        409,
        "conflict",
        {"Conflict", "Conflit", "Conflict"},
        local_text("Er is niets geladen: {} codes die vervallen, staan in gepubliceerde cv's. Neem ze "
                   "in de lijst op, of gebruik afdwingen=true.",
                   "Rien n'a été chargé: {} codes qui disparaissent figurent dans des CV publiés. "
                   "Ajoutez-les à la liste, ou utilisez afdwingen=true.",
                   "Nothing was loaded: {} codes that go are used by published CVs. Add them to the "
                   "list, or use afdwingen=true.",
                   change.used.size()),
        {},
        {{"inGebruik", used_json(change)}}};
    return call.answer(problem);
}

http::Response replaced_meanwhile(const Call& call, const Error& error) {
    const auto say = [&error](std::string_view text) { return fmt::format("{}: {}", error.where, text); };
    return call.answer(
        {409,
         "conflict",
         {"Conflict", "Conflit", "Conflict"},
         {say("Er is niets geladen: de lijst is intussen vervangen. Vraag opnieuw wat er zou veranderen."),
          say("Rien n'a été chargé: la liste a été remplacée entre-temps. Redemandez ce qui changerait."),
          say("Nothing was loaded: the list was replaced meanwhile. Ask again what would change.")},
         {},
         {}});
}

http::Response try_list(const Call& call, const Services& services, const store::ListsNow& lists_now,
                        const store::NewList& wanted) {
    const auto now = lists_now();
    if (!now) return failure(call, now.error());
    const auto& before = *(*now)->find_list(wanted.source.name);
    const auto change = store::compare_lists(services.store, wanted.source, before, wanted.list, {});
    if (!change) return failure(call, change.error());
    return loaded(call, wanted.version, true, *change);
}

http::Response replace_list(const Call& call, const Services& services, store::ReferenceStore& lists,
                            const store::ListsNow& lists_now, store::NewList wanted) {
    const auto outcome = store::load_list(services.store, lists, lists_now, wanted, {});
    if (!outcome && outcome.error().code == ErrorCode::conflict) return replaced_meanwhile(call, outcome.error());
    if (!outcome) return failure(call, outcome.error());
    if (!outcome->version) return drops_used_codes(call, outcome->change);
    wanted.version.version = *outcome->version;
    return loaded(call, wanted.version, false, outcome->change);
}

// `frame` and `digest` are of the file, and empty for the list that comes with the program.
struct Replacement {
    const reference::ListSource& source;
    const reference::CodeList& list;
    std::string frame;
    Sha256 digest{};
};

http::Response put_in_place(const Call& call, const Services& services, store::ReferenceStore& lists,
                            store::ListFollower& follower, const LoadRequest& request, Replacement by) {
    // A list that this program cannot read may be the one to replace: then what stands here is what counts.
    const auto lists_now = [&follower]() -> Result<reference::CurrentLists::Pointer> {
        if (auto latest = follower.latest()) return latest;
        return follower.lists().get();
    };
    store::NewList wanted{by.source,
                          by.list,
                          {std::string(by.source.name), 0, services.clock.now(),
                           fmt::format("{} ({})", call.record.partner, call.record.key_prefix), by.list.items().size(),
                           by.digest, by.frame.empty()},
                          std::move(by.frame),
                          request.is_forced};
    return request.is_trial ? try_list(call, services, lists_now, wanted)
                            : replace_list(call, services, lists, lists_now, std::move(wanted));
}

http::Response load(const Call& call, const Services& services, store::ReferenceStore& lists,
                    store::ListFollower& follower, const reference::ListSource& source) {
    const auto parameters = read_parameters(call);
    if (!parameters) return parameters.error();
    const LoadRequest request(*parameters);
    if (!request.issues.empty()) return bad_parameters(call, request.issues);
    const std::string text(call.request.body);
    const auto table = reference::Tsv::parse(text, std::string(source.name));
    if (!table) return broken_file(call, table.error());
    const auto list = reference::read_list(source, *table);
    if (!list) return broken_file(call, list.error());
    return put_in_place(call, services, lists, follower, request,
                        {source, *list, store::compress_document(text), sha256(text)});
}

http::Response reset(const Call& call, const Services& services, store::ReferenceStore& lists,
                     store::ListFollower& follower, const reference::ListSource& source) {
    const auto parameters = read_parameters(call);
    if (!parameters) return parameters.error();
    const LoadRequest request(*parameters);
    if (!request.issues.empty()) return bad_parameters(call, request.issues);
    const auto shipped = follower.shipped();
    if (!shipped) return failure(call, shipped.error());
    return put_in_place(call, services, lists, follower, request,
                        {source, *(*shipped)->find_list(source.name), {}, {}});
}

void write_version(JsonWriter& json, const store::ListVersion& version) {
    json.begin_object().member("lijst", version.name).member("versie", version.version);
    json.member("aantal", version.items).member("geladenOp", format_instant(version.loaded));
    json.member("door", version.loaded_by).member("meegeleverd", version.is_shipped);
    if (!version.is_shipped) json.member("sha256", to_hex(version.digest));
    json.end_object();
}

// `name` empty: of all lists.
http::Response versions(const Call& call, store::ReferenceStore& lists, std::string_view name) {
    const auto all = lists.list_versions();
    if (!all) return failure(call, all.error());
    std::string body;
    JsonWriter json(body);
    json.begin_array();
    for (const auto& version : *all) {
        if (name.empty() || version.name == name) write_version(json, version);
    }
    json.end_array();
    return json_response(call, std::move(body));
}

http::Response unknown_list(const Call& call) {
    std::string names;
    for (const auto& source : reference::list_sources()) names += fmt::format(" {}", source.name);
    return call.answer(
        http::not_found(local_text("zo'n lijst is er niet; er zijn:{}", "cette liste n'existe pas; il y a:{}",
                                   "there is no such list; there are:{}", names)));
}

}  // namespace

std::optional<http::Response> administer_lists(const Call& call, const Services& services, store::ReferenceStore& lists,
                                               store::ListFollower& follower) {
    std::string_view path = call.request.path;
    if (!path.starts_with(root)) return std::nullopt;
    path.remove_prefix(root.size());
    if (path.empty()) return is_get(call.request) ? versions(call, lists, {}) : wrong_method(call, "GET, HEAD");
    if (path.front() != '/') return std::nullopt;
    path.remove_prefix(1);
    const auto* source = reference::find_list_source(path);
    if (source == nullptr) return unknown_list(call);
    if (is_get(call.request)) return versions(call, lists, source->name);
    if (call.request.method == "PUT") return load(call, services, lists, follower, *source);
    if (call.request.method == "DELETE") return reset(call, services, lists, follower, *source);
    return wrong_method(call, "GET, HEAD, PUT, DELETE");
}

}  // namespace cvstroom::api
