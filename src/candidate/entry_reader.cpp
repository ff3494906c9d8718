#include "candidate/entry_reader.hpp"

#include <fmt/format.h>

#include <array>

namespace cvstroom::candidate {
namespace {

namespace dom = simdjson::dom;
using namespace std::string_view_literals;

constexpr auto study = "studie"sv;
constexpr auto driving_licence = "rijbewijs"sv;
constexpr auto language = "talen"sv;
constexpr auto technical_competence = "technischeCompetentie"sv;
constexpr auto soft_skill = "softSkill"sv;
constexpr auto free_competence = "vrijeCompetentie"sv;

constexpr std::array experience_types{"werkervaring"sv, "stage"sv, "vrijwilligerswerk"sv};
constexpr std::array education_types{study, "cursus"sv};
constexpr std::array certification_types{driving_licence, "attest"sv};
constexpr std::array competence_types{language, technical_competence, soft_skill, free_competence};

constexpr std::int64_t first_year = 1900;
constexpr std::int64_t last_year = 2100;

// The type decides how other members are read, and may stand after them. "" when it is none of `types`.
std::string_view peek_type(dom::element entry, std::span<const std::string_view> types) {
    std::string_view type;
    if (entry.at_key("type").get(type) != simdjson::SUCCESS) return {};
    const auto found = std::find(types.begin(), types.end(), type);
    return found == types.end() ? std::string_view{} : *found;
}

// A member of another type of entry. Nothing is said where the type itself is wrong: that is the fault to correct.
void expect_type(ValueReader& values, std::string_view type, std::string_view expected) {
    if (type.empty() || type == expected) return;
    values.fault(fmt::format("belongs to an entry of type {}, and this one is a {}", expected, type));
}

Employer read_employer(ValueReader& values, dom::element value) {
    Employer employer;
    values.object(value, [&](std::string_view name, dom::element member) {
        if (name == "naam") {
            employer.name = values.text(member);
        } else {
            values.keep(member, employer.extras);
        }
    });
    return employer;
}

std::optional<std::string> read_education_name(ValueReader& values, dom::element value, std::string_view type) {
    return type == study ? values.code(value, CodeKind::diploma) : values.text(value);
}

void check_obtained(ValueReader& values, const Education& education) {
    if (!education.obtained_on || !education.obtained_in) return;
    if (*education.obtained_in == static_cast<int>(education.obtained_on->year())) return;
    values.fault_at("behaaldIn", "must be the year of behaaldOp, or one of the two be left out");
}

std::optional<std::string> read_certification_code(ValueReader& values, dom::element value, std::string_view type) {
    if (type.empty()) return values.text(value);
    return values.code(value, type == driving_licence ? CodeKind::driving_licence : CodeKind::certificate);
}

std::optional<std::string> read_competence_code(ValueReader& values, dom::element value, std::string_view type) {
    if (type == language) return values.code(value, CodeKind::language);
    if (type == technical_competence) return values.code(value, CodeKind::competence);
    if (type == soft_skill) return values.code(value, CodeKind::soft_skill);
    if (type == free_competence) values.fault("does not belong to a vrijeCompetentie, which has a naam instead");
    return values.text(value);
}

void read_competence_member(ValueReader& values, std::string_view name, dom::element value, std::string_view type,
                            Competence& competence) {
    if (name == "type") {
        competence.type = values.type(value, competence_types);
    } else if (name == "code") {
        competence.code = read_competence_code(values, value, type);
    } else if (name == "niveau") {
        expect_type(values, type, language);
        competence.level = values.code(value, CodeKind::language_level);
    } else if (name == "score") {
        expect_type(values, type, technical_competence);
        competence.score = values.code(value, CodeKind::competence_score);
    } else if (name == "naam") {
        expect_type(values, type, free_competence);
        competence.name = values.text(value, filled_text_rule);
    } else if (name == "beschrijving") {
        competence.description = values.text(value);
    } else {
        values.keep(value, competence.extras);
    }
}

}  // namespace

Experience read_experience(ValueReader& values, dom::element entry) {
    Experience experience;
    values.object(entry, [&](std::string_view name, dom::element value) {
        if (name == "type") {
            experience.type = values.type(value, experience_types);
        } else if (name == "functieTitel") {
            experience.title = values.text(value);
        } else if (name == "van") {
            experience.from = values.date(value);
        } else if (name == "werkgever") {
            experience.employer = read_employer(values, value);
        } else if (name == "tot") {
            experience.until = values.date(value);
        } else if (name == "omschrijving") {
            experience.description = values.text(value);
        } else {
            values.keep(value, experience.extras);
        }
    });
    values.require(entry, "type");
    if (experience.from && experience.until && *experience.until < *experience.from) {
        values.fault_at("tot", "must not be before van");
    }
    return experience;
}

Education read_education(ValueReader& values, dom::element entry) {
    const auto type = peek_type(entry, education_types);
    Education education;
    values.object(entry, [&](std::string_view name, dom::element value) {
        if (name == "type") {
            education.type = values.type(value, education_types);
        } else if (name == "info") {
            education.information = values.text(value);
        } else if (name == "behaaldOp") {
            education.obtained_on = values.date(value);
        } else if (name == "behaaldIn") {
            education.obtained_in = values.integer(value, first_year, last_year);
        } else if (name == "diploma") {
            education.has_diploma = values.boolean(value);
        } else if (name == "naam") {
            education.name = read_education_name(values, value, type);
        } else {
            values.keep(value, education.extras);
        }
    });
    values.require(entry, "type");
    if (type == study) values.require(entry, "naam");
    check_obtained(values, education);
    return education;
}

Certification read_certification(ValueReader& values, dom::element entry) {
    const auto type = peek_type(entry, certification_types);
    Certification certification;
    values.object(entry, [&](std::string_view name, dom::element value) {
        if (name == "type") {
            certification.type = values.type(value, certification_types);
        } else if (name == "code") {
            certification.code = read_certification_code(values, value, type).value_or(std::string());
        } else if (name == "eigenWagen") {
            expect_type(values, type, driving_licence);
            certification.has_own_car = values.boolean(value);
        } else {
            values.keep(value, certification.extras);
        }
    });
    values.require(entry, "type");
    values.require(entry, "code");
    return certification;
}

Competence read_competence(ValueReader& values, dom::element entry) {
    const auto type = peek_type(entry, competence_types);
    Competence competence;
    values.object(entry, [&](std::string_view name, dom::element value) {
        read_competence_member(values, name, value, type, competence);
    });
    values.require(entry, "type");
    if (!type.empty()) values.require(entry, type == free_competence ? "naam" : "code");
    return competence;
}

}  // namespace cvstroom::candidate
