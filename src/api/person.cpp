#include "api/person.hpp"

#include <fmt/format.h>

#include <array>

#include "audit/query.hpp"
#include "base/json_writer.hpp"
#include "candidate/fact_codes.hpp"
#include "store/document_codec.hpp"
#include "store/intake.hpp"

namespace cvstroom::api {
namespace {

// How long an erasure waits for readers of an old state: a page of a feed takes milliseconds, an export seconds.
constexpr std::chrono::seconds scrub_patience{5};

Error unknown_person(const Uuid& cv) {
    return {ErrorCode::not_found, "no CV with this id ever existed here", cv.to_string()};
}

Result<void> write_document(store::Store& store, const store::Change& current, JsonWriter& json) {
    const auto frame = store.document(current.seq);
    if (!frame) return tl::unexpected(frame.error());
    if (!*frame) return {};
    const auto document = store::decompress_document(**frame);
    if (!document) return tl::unexpected(document.error());
    json.key("cv").raw(*document);
    return {};
}

struct KeptField {
    std::string_view name;
    std::vector<candidate::RankedCode> candidate::Facts::*codes;
};

// The names that a search knows them by.
constexpr std::array kept_fields{
    KeptField{"studies", &candidate::Facts::studies},
    KeptField{"beroepen", &candidate::Facts::professions},
    KeptField{"competenties", &candidate::Facts::competences},
    KeptField{"talen", &candidate::Facts::languages},
    KeptField{"softSkills", &candidate::Facts::soft_skills},
    KeptField{"rijbewijzen", &candidate::Facts::driving_licences},
    KeptField{"attesten", &candidate::Facts::certificates},
    KeptField{"gewensteRegios", &candidate::Facts::regions},
    KeptField{"arbeidsRegimes", &candidate::Facts::work_regimes},
    KeptField{"arbeidsStelsels", &candidate::Facts::work_systems},
};

// What is kept of a superseded version, so that partners who follow a selection learn that the CV has left it.
void write_kept_codes(std::string_view packed, JsonWriter& json) {
    const auto facts = candidate::unpack_facts(packed);
    json.key("bewaardeCodes").begin_object();
    for (const auto& field : kept_fields) {
        if ((facts.*field.codes).empty()) continue;
        json.key(field.name).begin_array();
        for (const auto& each : facts.*field.codes) {
            json.string(each.rank == 0 ? std::string(each.code) : fmt::format("{}:{}", each.code, each.rank));
        }
        json.end_array();
    }
    if (facts.has_own_car) json.member("eigenWagen", *facts.has_own_car);
    json.end_object();
}

// `kept`: of each entry, in the same order.
void write_log(const std::vector<store::Change>& entries, const std::vector<std::optional<std::string>>& kept,
               JsonWriter& json) {
    json.key("log").begin_array();
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto& entry = entries[i];
        json.begin_object().member("seq", entry.seq).member("versie", std::int64_t{entry.version});
        json.member("status", candidate::wire_name(entry.status)).member("tijdstip", format_instant(entry.instant));
        json.member("wijzigingsDatum", format_date(entry.changed_on));
        if (kept[i]) write_kept_codes(*kept[i], json);
        json.end_object();
    }
    json.end_array();
}

Result<void> write_recipients(const std::filesystem::path& audit_folder, const Uuid& cv, JsonWriter& json) {
    json.key("ontvangen").begin_array();
    audit::Filter filter;
    filter.cv = cv;
    auto found = audit::find_records(audit_folder, filter, [&](const audit::Entry& entry) {
        json.begin_object().member("tijdstip", format_instant(entry.at)).member("partner", entry.partner);
        json.member("sleutel", entry.key).member("aanvraag", entry.resource).member("velden", entry.members);
        json.member("versie", std::int64_t{entry.cvs.front().version}).member("trace", entry.trace).end_object();
    });
    json.end_array();
    return found;
}

http::Response refused(const Call& call, const Error& error) {
    if (error.code != ErrorCode::not_found) return failure(call, error);
    return call.answer(http::not_found(local_text("{} is geen bestaande kandidaat", "{} n'est pas un candidat existant",
                                                  "{} is no existing candidate", error.where)));
}

http::Response bad_id(const Call& call, std::string_view id) {
    return call.answer(http::bad_request(
        {{"invalidInput", "path", "id", std::string(id), {"geen UUID", "pas un UUID", "not a UUID"}}}));
}

}  // namespace

Result<PersonExport> export_person(store::Store& store, const std::filesystem::path& audit_folder, const Uuid& cv) {
    const auto current = store.current(cv);
    if (!current) return tl::unexpected(current.error());
    if (!*current) return tl::unexpected(unknown_person(cv));
    const auto entries = store.history(cv);
    if (!entries) return tl::unexpected(entries.error());
    std::vector<store::Seq> seqs;
    for (const auto& entry : *entries) seqs.push_back(entry.seq);
    const auto kept = store.traces(seqs);
    if (!kept) return tl::unexpected(kept.error());
    PersonExport held;
    if ((*current)->status != candidate::Status::erased) held.disclosed = (*current)->version;
    JsonWriter json(held.json);
    json.begin_object().member("cvId", cv).member("status", candidate::wire_name((*current)->status));
    if (auto written = write_document(store, **current, json); !written) return tl::unexpected(written.error());
    write_log(*entries, *kept, json);
    if (auto written = write_recipients(audit_folder, cv, json); !written) return tl::unexpected(written.error());
    json.end_object();
    return held;
}

Result<Erasure> erase_person(store::Store& store, const Uuid& cv, Date today, const PurgeIndex& purge) {
    const auto erasure = store::make_erasure(cv, today);
    const auto results = store.append(std::span(&erasure, 1));
    if (!results) return tl::unexpected(results.error());
    if (results->front().effect == store::Effect::unknown) return tl::unexpected(unknown_person(cv));
    const auto scrubbed = store.scrub(scrub_patience);
    if (!scrubbed) return tl::unexpected(scrubbed.error());
    const auto purged = purge(results->front().seq);
    if (!purged) return tl::unexpected(purged.error());
    return Erasure{results->front(), *scrubbed, *purged};
}

http::Response get_person(const Call& call, const Services& services, const std::filesystem::path& audit_folder,
                          std::string_view id) {
    const auto cv = Uuid::parse(id);
    if (!cv) return bad_id(call, id);
    auto held = export_person(services.store, audit_folder, *cv);
    if (!held) return refused(call, held.error());
    if (held->disclosed) call.record.disclose(*cv, *held->disclosed);
    return json_response(call, std::move(held->json));
}

http::Response delete_person(const Call& call, const Services& services, const PurgeIndex& purge, std::string_view id) {
    const auto cv = Uuid::parse(id);
    if (!cv) return bad_id(call, id);
    const Date today{std::chrono::floor<std::chrono::days>(services.clock.now())};
    const auto erasure = erase_person(services.store, *cv, today, purge);
    if (!erasure) return refused(call, erasure.error());
    std::string body;
    JsonWriter json(body);
    json.begin_object().member("cvId", *cv).member("resultaat", "GEWIST");
    json.member("versie", std::int64_t{erasure->result.version});
    json.member("bestanden", erasure->is_scrubbed && erasure->is_purged ? "GEWIST" : "NOG_NIET").end_object();
    return json_response(call, std::move(body));
}

}  // namespace cvstroom::api
