#include "candidate/facts.hpp"

#include <simdjson.h>

#include <charconv>

namespace cvstroom::candidate {
namespace {

namespace dom = simdjson::dom;

std::string_view text_of(const dom::object& object, std::string_view name) {
    std::string_view text;
    if (object[name].get(text) != simdjson::SUCCESS) return {};
    return text;
}

std::uint16_t rank_of(std::string_view text) {
    std::uint16_t rank = 0;
    std::from_chars(text.data(), text.data() + text.size(), rank);
    return rank;
}

template <typename Visit>
void each_object(const dom::element& list, const Visit& visit) {
    dom::array entries;
    if (list.get(entries) != simdjson::SUCCESS) return;
    for (const dom::element entry : entries) {
        dom::object object;
        if (entry.get(object) == simdjson::SUCCESS) visit(object);
    }
}

void add_codes(const dom::element& list, std::vector<std::string_view>& codes) {
    dom::array entries;
    if (list.get(entries) != simdjson::SUCCESS) return;
    for (const dom::element entry : entries) {
        std::string_view code;
        if (entry.get(code) == simdjson::SUCCESS) codes.push_back(code);
    }
}

std::uint16_t obtained_rank(const dom::object& study) {
    bool has_diploma = false;
    const bool is_stated = study["diploma"].get(has_diploma) == simdjson::SUCCESS;
    std::int64_t year = 0;
    if (study["behaaldIn"].get(year) != simdjson::SUCCESS) year = rank_of(text_of(study, "behaaldOp").substr(0, 4));
    if (is_stated && !has_diploma) return 0;
    if (year > obtained_some_year && year < 10'000) return static_cast<std::uint16_t>(year);
    return has_diploma ? obtained_some_year : 0;
}

void read_education(const dom::object& entry, Facts& facts) {
    if (text_of(entry, "type") != "studie") return;
    const auto code = text_of(entry, "naam");
    if (!code.empty()) facts.studies.push_back({code, obtained_rank(entry)});
}

void read_certification(const dom::object& entry, Facts& facts) {
    const auto code = text_of(entry, "code");
    if (text_of(entry, "type") == "attest") {
        facts.certificates.push_back(code);
        return;
    }
    facts.driving_licences.push_back(code);
    bool has_own_car = false;
    if (entry["eigenWagen"].get(has_own_car) == simdjson::SUCCESS) {
        facts.has_own_car = facts.has_own_car.value_or(false) || has_own_car;
    }
}

void read_competence(const dom::object& entry, Facts& facts) {
    const auto type = text_of(entry, "type");
    const auto code = text_of(entry, "code");
    if (code.empty()) return;
    if (type == "talen") facts.languages.push_back({code, rank_of(text_of(entry, "niveau"))});
    if (type == "technischeCompetentie") facts.competences.push_back({code, rank_of(text_of(entry, "score"))});
    if (type == "softSkill") facts.soft_skills.push_back(code);
}

void read_function(const dom::object& entry, Facts& facts) {
    dom::object profile;
    if (entry["beroepsprofiel"].get(profile) != simdjson::SUCCESS) return;
    const auto code = text_of(profile, "code");
    if (!code.empty()) facts.professions.push_back({code, rank_of(text_of(entry, "ervaring"))});
}

void read_wanted_job(const dom::element& element, Facts& facts) {
    dom::object job;
    if (element.get(job) != simdjson::SUCCESS) return;
    for (const auto& member : job) {
        if (member.key == "arbeidsRegimes") add_codes(member.value, facts.work_regimes);
        if (member.key == "arbeidsStelsels") add_codes(member.value, facts.work_systems);
        if (member.key == "regios") add_codes(member.value, facts.regions);
        if (member.key == "functies") {
            each_object(member.value, [&facts](const dom::object& entry) { read_function(entry, facts); });
        }
    }
}

}  // namespace

void Facts::clear() {
    studies.clear();
    professions.clear();
    competences.clear();
    languages.clear();
    soft_skills.clear();
    driving_licences.clear();
    certificates.clear();
    regions.clear();
    work_regimes.clear();
    work_systems.clear();
    has_own_car.reset();
}

struct FactReader::State {
    dom::parser parser;
    Facts facts;
};

FactReader::FactReader() : state_(std::make_unique<State>()) {}
FactReader::~FactReader() = default;

Result<const Facts*> FactReader::read(std::string_view canonical) {
    Facts& facts = state_->facts;
    facts.clear();
    dom::object document;
    const auto error = state_->parser.parse(canonical.data(), canonical.size()).get(document);
    if (error != simdjson::SUCCESS) {
        return fail(ErrorCode::corrupt,
                    std::string("a stored document is no JSON object: ") + simdjson::error_message(error));
    }
    for (const auto& member : document) {
        if (member.key == "opleidingen") {
            each_object(member.value, [&facts](const dom::object& entry) { read_education(entry, facts); });
        } else if (member.key == "attesteringen") {
            each_object(member.value, [&facts](const dom::object& entry) { read_certification(entry, facts); });
        } else if (member.key == "competenties") {
            each_object(member.value, [&facts](const dom::object& entry) { read_competence(entry, facts); });
        } else if (member.key == "gewensteJob") {
            read_wanted_job(member.value, facts);
        }
    }
    return &facts;
}

}  // namespace cvstroom::candidate
