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

// More entries than this a list never has: a document is at most some megabytes.
constexpr std::uint16_t last_entry = 65'535;

// Calls visit(object, its position in the list).
template <typename Visit>
void each_object(const dom::element& list, const Visit& visit) {
    dom::array entries;
    if (list.get(entries) != simdjson::SUCCESS) return;
    std::uint16_t position = 0;
    for (const dom::element entry : entries) {
        dom::object object;
        if (entry.get(object) == simdjson::SUCCESS) visit(object, position);
        if (position++ == last_entry) return;
    }
}

void add_codes(const dom::element& list, std::vector<RankedCode>& codes) {
    dom::array entries;
    if (list.get(entries) != simdjson::SUCCESS) return;
    std::uint16_t position = 0;
    for (const dom::element entry : entries) {
        std::string_view code;
        if (entry.get(code) == simdjson::SUCCESS) codes.push_back({code, 0, position});
        if (position++ == last_entry) return;
    }
}

void add_text(const dom::object& entry, std::string_view name, TextMember member, std::uint16_t position,
              Facts& facts) {
    const auto text = text_of(entry, name);
    if (!text.empty()) facts.texts.push_back({member, position, text});
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

void read_experience(const dom::object& entry, std::uint16_t position, Facts& facts) {
    add_text(entry, "functieTitel", TextMember::experience_title, position, facts);
    dom::object employer;
    if (entry["werkgever"].get(employer) == simdjson::SUCCESS) {
        add_text(employer, "naam", TextMember::employer, position, facts);
    }
}

void read_education(const dom::object& entry, std::uint16_t position, Facts& facts) {
    add_text(entry, "info", TextMember::study_information, position, facts);
    if (text_of(entry, "type") != "studie") {
        add_text(entry, "naam", TextMember::course_name, position, facts);
        return;
    }
    const auto code = text_of(entry, "naam");
    if (!code.empty()) facts.studies.push_back({code, obtained_rank(entry), position});
}

void read_certification(const dom::object& entry, std::uint16_t position, Facts& facts) {
    const auto code = text_of(entry, "code");
    if (text_of(entry, "type") == "attest") {
        facts.certificates.push_back({code, 0, position});
        return;
    }
    facts.driving_licences.push_back({code, 0, position});
    bool has_own_car = false;
    if (entry["eigenWagen"].get(has_own_car) == simdjson::SUCCESS) {
        facts.has_own_car = facts.has_own_car.value_or(false) || has_own_car;
    }
}

void read_competence(const dom::object& entry, std::uint16_t position, Facts& facts) {
    const auto type = text_of(entry, "type");
    if (type == "vrijeCompetentie") {
        add_text(entry, "naam", TextMember::competence_name, position, facts);
        add_text(entry, "beschrijving", TextMember::competence_description, position, facts);
        return;
    }
    const auto code = text_of(entry, "code");
    if (code.empty()) return;
    if (type == "talen") facts.languages.push_back({code, rank_of(text_of(entry, "niveau")), position});
    if (type == "technischeCompetentie") {
        facts.competences.push_back({code, rank_of(text_of(entry, "score")), position});
    }
    if (type == "softSkill") facts.soft_skills.push_back({code, 0, position});
}

void read_function(const dom::object& entry, std::uint16_t position, Facts& facts) {
    add_text(entry, "titel", TextMember::wanted_title, position, facts);
    dom::object profile;
    if (entry["beroepsprofiel"].get(profile) != simdjson::SUCCESS) return;
    const auto code = text_of(profile, "code");
    if (!code.empty()) facts.professions.push_back({code, rank_of(text_of(entry, "ervaring")), position});
}

void read_wanted_job(const dom::element& element, Facts& facts) {
    dom::object job;
    if (element.get(job) != simdjson::SUCCESS) return;
    for (const auto& member : job) {
        if (member.key == "arbeidsRegimes") add_codes(member.value, facts.work_regimes);
        if (member.key == "arbeidsStelsels") add_codes(member.value, facts.work_systems);
        if (member.key == "regios") add_codes(member.value, facts.regions);
        if (member.key == "functies") {
            each_object(member.value, [&facts](const dom::object& entry, std::uint16_t position) {
                read_function(entry, position, facts);
            });
        }
    }
}

void read_person(const dom::element& element, Facts& facts) {
    dom::object person;
    if (element.get(person) != simdjson::SUCCESS) return;
    for (const std::string_view pointer :
         {"/natuurlijkPersoon/contactAdres/postcode", "/natuurlijkPersoon/officieelAdres/postcode"}) {
        std::string_view postcode;
        constexpr std::size_t person_length = std::string_view("/natuurlijkPersoon").size();
        if (person.at_pointer(pointer.substr(person_length)).get(postcode) != simdjson::SUCCESS) continue;
        facts.postcode = parse_postcode(postcode);
        facts.postcode_pointer = pointer;
        return;
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
    texts.clear();
    postcode = 0;
    postcode_pointer = {};
}

std::string pointer_of(TextMember member, std::uint16_t entry) {
    const auto pointer = [entry](const char* list, const char* name) {
        return std::string(list).append(std::to_string(entry)).append(name);
    };
    switch (member) {
        case TextMember::experience_title:
            return pointer("/ervaringen/", "/functieTitel");
        case TextMember::wanted_title:
            return pointer("/gewensteJob/functies/", "/titel");
        case TextMember::competence_name:
            return pointer("/competenties/", "/naam");
        case TextMember::competence_description:
            return pointer("/competenties/", "/beschrijving");
        case TextMember::study_information:
            return pointer("/opleidingen/", "/info");
        case TextMember::course_name:
            return pointer("/opleidingen/", "/naam");
        case TextMember::employer:
            return pointer("/ervaringen/", "/werkgever/naam");
    }
    return {};
}

Postcode parse_postcode(std::string_view text) {
    constexpr std::string_view country = "BE-";
    if (text.size() != country.size() + 4 || !text.starts_with(country)) return 0;
    Postcode code = 0;
    const auto [end, error] = std::from_chars(text.data() + country.size(), text.data() + text.size(), code);
    if (error != std::errc{} || end != text.data() + text.size() || code < 1000) return 0;
    return code;
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
    const auto each_entry = [&facts](const dom::element& list, auto read) {
        each_object(list, [&](const dom::object& entry, std::uint16_t position) { read(entry, position, facts); });
    };
    for (const auto& member : document) {
        if (member.key == "ervaringen") {
            each_entry(member.value, read_experience);
        } else if (member.key == "opleidingen") {
            each_entry(member.value, read_education);
        } else if (member.key == "attesteringen") {
            each_entry(member.value, read_certification);
        } else if (member.key == "competenties") {
            each_entry(member.value, read_competence);
        } else if (member.key == "gewensteJob") {
            read_wanted_job(member.value, facts);
        } else if (member.key == "natuurlijkPersoon") {
            read_person(member.value, facts);
        }
    }
    return &facts;
}

}  // namespace cvstroom::candidate
